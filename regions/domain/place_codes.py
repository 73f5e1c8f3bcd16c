"""Levels of places in each country, and the form of their codes."""

import re

PARENT_LEVEL = {
    "country": "",
    "dzongkhag": "country",
    "state": "country",
    "province": "country",
    "gewog": "dzongkhag",
    "district": "state",
}
_CODES = {
    "country": re.compile(r"BT|IN|TH"),
    "dzongkhag": re.compile(r"BT-([1-4][0-9]|GA|TY)"),
    "gewog": re.compile(r"BT-([1-4][0-9]|GA|TY)-[A-Z][A-Z-]*"),
    "state": re.compile(r"IN-[A-Z]{2}"),
    "district": re.compile(r"IN-[A-Z]{2}-([0-9]{3}|[A-Z][A-Z-]*)"),
    "province": re.compile(r"TH-[0-9]{2}"),
}
# One code of each level, for those who type one.
EXAMPLE_CODES = {
    "dzongkhag": "BT-45",
    "gewog": "BT-11-DOGA",
    "state": "IN-AS",
    "district": "IN-AS-MAJULI",
    "province": "TH-50",
}
_BELOW_COUNTRY = {"BT": "dzongkhag", "IN": "state", "TH": "province"}


def code_fits(code: str, level: str) -> bool:
    """Whether a code has the form of this level."""
    return bool(_CODES[level].fullmatch(code))


def level_below(parent_level: str, country: str) -> str:
    """The level of what lies right below a place of this level; "" when nothing does."""
    if parent_level == "country":
        return _BELOW_COUNTRY.get(country, "")
    return next((level for level, above in PARENT_LEVEL.items() if above == parent_level), "")


def folded(text: str) -> str:
    """Text for comparing spellings; names without Latin letters are left as they are."""
    return re.sub(r"[^a-z0-9]+", "", text.lower()) or text
