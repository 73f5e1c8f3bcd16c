"""Words of the papers that a group prints, in the languages of the programme.

They stand here and not in the catalogues, so that a paper is whole in its language from the first day: a slip is read
by a packer and by whoever opens the parcel. The Dzongkha words await a reader of the language.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Language = Literal["en", "hi", "dz"]
LANGUAGES: Final = get_args(Language)

_WORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "slip": ("Packing slip", "पैकिंग पर्ची", "ཐུམ་སྒྲིལ་ཤོག་འཛིན།"),
    "pick list": ("Pick list", "सामान निकालने की सूची", "ཅ་ལ་འདེམས་ཐོ།"),
    "order": ("Order", "ऑर्डर", "མངགས་ཨང་།"),
    "ordered on": ("Ordered on", "ऑर्डर की तारीख", "མངགས་པའི་ཚེས་གྲངས།"),
    "delivery": ("Delivery", "डिलीवरी", "བསྐྱལ་ཐངས།"),
    "packages": ("Packages", "पैकेट", "ཐུམ་གྲངས།"),
    "package": ("Package %(place)d", "पैकेट %(place)d", "ཐུམ་ %(place)d"),
    "from": ("From", "भेजने वाला", "གཏོང་མི།"),
    "to": ("To", "पाने वाला", "ལེན་མི།"),
    "hidden": (
        "Name and address are hidden: they are shown until 14 days after the delivery.",
        "नाम और पता छिपे हैं: वे डिलीवरी के 14 दिन बाद तक ही दिखाए जाते हैं।",
        "མིང་དང་ཁ་བྱང་སྦ་ཡོད། བསྐྱལ་ཚར་ཏེ་ཉིན་གྲངས་ ༡༤ ཚུན་ལས་མི་སྟོན།",
    ),
    "what": ("What", "सामान", "ཅ་ལ།"),
    "size": ("Size", "आकार", "ཚད།"),
    "units": ("Units", "संख्या", "གྱངས།"),
    "each": ("Each", "प्रति नग", "རེ་ལུ་གོང་།"),
    "amount": ("Amount", "रकम", "དངུལ་བསྡོམས།"),
    "orders": ("Orders", "ऑर्डर", "མངགས་ཨང་ཚུ།"),
    "not supplied": ("Not supplied", "नहीं भेजा गया", "མ་བཏང་མི།"),
    "gift": ("A gift", "एक उपहार", "གསོལ་རས།"),
    "all units": ("All units", "कुल संख्या", "གྱངས་བསྡོམས།"),
    "each order": ("Order by order", "हर ऑर्डर अलग से", "མངགས་ཨང་རེ་རེ་བཞིན།"),
    "nothing": (
        "Nothing is to be packed now.",
        "अभी पैक करने को कुछ नहीं है।",
        "ད་ལྟོ་ཐུམ་སྒྲིལ་དགོ་པ་མེད།",
    ),
    "thanks": (
        "Packed by hand by the people who made it. Thank you.",
        "बनाने वालों ने अपने हाथों से पैक किया। धन्यवाद।",
        "བཟོ་མི་ཚུ་གིས་ལག་པས་ཐུམ་སྒྲིལ་ཡོད། བཀའ་དྲིན་ཆེ།",
    ),
}


def paper_language(code: str) -> Language:
    """The language of a paper: the one asked for where there are words in it, else English."""
    return next((language for language in LANGUAGES if language == code), "en")


def word(key: str, language: Language) -> str:
    """Words in a language. Raises KeyError for a key that has none."""
    return _WORDS[key][LANGUAGES.index(language)]
