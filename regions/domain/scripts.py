"""Which language a local name is in, told by its script and, where two share a script, by its place."""

# First and last code point of a script, and the language that most of its names are in here.
_SCRIPTS = (
    (0x0900, 0x097F, "hi"),
    (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"),
    (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"),
    (0x0E00, 0x0E7F, "th"),
    (0x0F00, 0x0FFF, "dz"),
)
_OF_COUNTRY = {"BT": {"dz"}, "TH": {"th"}}
_MARATHI = "IN-MH-"


def local_language(local_name: str, code: str) -> str:
    """The language tag of a place's local name.

    Districts of Maharashtra are in Marathi, written with the same letters as Hindi; state names are in Hindi.
    Raises ValueError when the letters are of no known script, of several, or of one foreign to the country.
    """
    languages = {_language(letter) for letter in local_name if letter.isalpha()}
    if len(languages) != 1:
        raise ValueError(f"no single script in {local_name!r}")
    language = languages.pop()
    country = code.partition("-")[0]
    if language not in _OF_COUNTRY.get(country, {name for *_, name in _SCRIPTS} - {"dz", "th"}):
        raise ValueError(f"{local_name!r} is in a script foreign to {country}")
    return "mr" if language == "hi" and code.startswith(_MARATHI) else language


def _language(letter: str) -> str:
    return next((name for first, last, name in _SCRIPTS if first <= ord(letter) <= last), "")
