"""A group's short names of its sizes (SKU): what looks alike is one name."""

import re
import unicodedata

# Signs that nobody sees, and that copying from web pages and chats leaves in a cell. partner_sku_key() of the
# database holds the same lists.
_UNSEEN = re.compile(
    r"[\u0001-\u0008\u000E-\u001F\u007F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F"
    r"\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\U000E0000-\U000E0FFF]"
)
_DASHES = re.compile(r"[\u1806\u2010-\u2015\u2043\u2212]")
_GIVEN_BY_SHOP = re.compile(r"l\d+(-\d+)?")


def plain_sku(text: str) -> str:
    """The name as it is stored: without unseen signs, full-width and other letters of show as plain ones, one dash.

    May be longer than the text, or empty.
    """
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", text))
    return " ".join(_DASHES.sub("-", seen).split())


def sku_key(text: str) -> str:
    """The name as it is compared within a group: without case, too."""
    # Letter by letter, as PostgreSQL does it: a letter that would become two stays.
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in plain_sku(text))


def is_given_by_shop(text: str) -> bool:
    """Whether it is of the form that the shop gives: L12, l12, and L12-2 where the group has an L12 of its own."""
    return _GIVEN_BY_SHOP.fullmatch(sku_key(text)) is not None
