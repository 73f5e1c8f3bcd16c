"""Names of some example listings in Hindi and Dzongkha, so that pages in these languages show a translation. Nobody has read them."""

from marketplace.lib.translated import Translations

_NAMES = {
    "Paro red rice": ("पारो का लाल चावल", "སྤ་རོའི་ཆུམ་དམརཔ།"),
    "Paro farm butter": ("पारो का मक्खन", "སྤ་རོའི་མར།"),
    "Tsento farmhouse cheese": ("त्सेन्तो का पनीर", "བཙན་ཏོའི་དར་ཚིལ།"),
    "Highland honey of Haa": ("हा के पहाड़ों का शहद", "ཧཱའི་སྦྲང་རྩི།"),
    "Tsirang turmeric powder": ("त्सिरांग की पिसी हल्दी", "རྩི་རང་གི་ཡུང་བ།"),
    "Tsirang ginger powder": ("त्सिरांग की पिसी सोंठ", "རྩི་རང་གི་སྒའ།"),
    "Dried apple rings": ("सूखे सेब के छल्ले", "ཨེ་པཱལ་སྐམ།"),
    "Dried chilli, sun-dried": ("धूप में सुखाई मिर्च", "ཨེ་མ་སྐམ།"),
    "Carved mask of a stag": ("हिरण का नक़्क़ाशीदार मुखौटा", "ཤྭ་བའི་འབག"),
}


def names_elsewhere(title: str) -> Translations:
    """The name of a listing in other languages, where it is known."""
    if title not in _NAMES:
        return {}
    hindi, dzongkha = _NAMES[title]
    return {"hi": {"title": hindi}, "dz": {"title": dzongkha}}
