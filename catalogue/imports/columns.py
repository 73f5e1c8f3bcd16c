"""Columns of a file with listings. Names stay the same in every language, so that a file of one person opens for another."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """One column. needed: a new listing must have it. is_read: otherwise it is only written, and passed over when read."""

    name: str
    words: str | Promise
    example: str = ""
    needed: bool = False
    is_read: bool = True


# Column -> field of a snapshot: the words of a listing in other languages, such as title_hi.
TRANSLATED = {
    f"{name}_{code}": f"{name}:{code}"
    for code, _language in settings.LANGUAGES
    for name in ("title", "description")
}
_OWN_COLUMNS: tuple[Column, ...] = (
    Column(
        "sku",
        _(
            "Your own short name of the size, the same for ever, such as RICE-1KG. It decides what is new and "
            "what is changed. The shop has given one to what you wrote here: it begins with L."
        ),
        "RICE-1KG",
        needed=True,
    ),
    Column(
        "listing",
        _(
            "For a listing with several sizes: the sku of its first size, the same in the row of each. Empty for a "
            "listing with one."
        ),
        "RICE-1KG",
    ),
    Column("title", _("What it is, at most 120 signs."), "Red rice", needed=True),
    Column("size", _("Name of the size, at most 40 signs."), "1 kg bag"),
    Column(
        "price",
        _("What the buyer pays for one, in figures with a point: 280 or 280.50."),
        "280.50",
        needed=True,
    ),
    Column("currency", _("Such as INR. A price is not converted: it must be the shop's own.")),
    Column("stock", _("How many lie in your store, sold and not yet sent ones included. 0 for none."), "25"),
    Column(
        "stock_seen",
        _(
            "The number when the file was made. Leave it as it is: when goods were sold since, your new number is "
            "not written over the sale, and you are told."
        ),
    ),
    Column("content", _("How much is in one, in figures: 1000."), "1000"),
    Column("unit", _("g, ml or piece."), "g"),
    Column(
        "weight",
        _("What one weighs with its packing, in whole grams: 1200. The price of the delivery follows it."),
        "1100",
    ),
    Column("place", _("Where it is made: name of the place, or its code."), "BT-11"),
    Column(
        "known_for",
        _(
            "The product that the place is known for, where this is it: its name, as the programme's list has it."
        ),
        "",
    ),
    Column("category", _("Kind of goods: its name or short name."), ""),
    Column("description", _("Who made it, and how, at most 5,000 signs."), "Grown at 2,500 m."),
    Column("ingredients", _("Ingredients or material, at most 255 signs."), "Rice"),
    Column("storage", _("How to keep it, at most 255 signs."), "Dry and cool"),
    Column("lots", _("How lots are marked, at most 160 signs."), "On the back"),
    Column(
        "perishable",
        _("yes when it spoils within days and goes only to places near by, else no."),
        "no",
    ),
    Column(
        "language",
        _("In which language title and description are written: its short name, such as en or hi."),
        "en",
    ),
    Column(
        "season",
        _("Months of harvest, first and last: 6-9 from June to September. Empty for what there is all year."),
        "",
    ),
)
_SHOWN_COLUMNS: tuple[Column, ...] = (
    Column("state", _("Whether it is on sale. Only to read: it is not changed by a file."), is_read=False),
    Column("sold", _("Sold and not yet sent. Only to read."), is_read=False),
    Column("reason", _("In a file of errors: what is wrong. Not read."), is_read=False),
)
_WORDS_ELSEWHERE = {
    "title": _("The title in another language: {language}. Empty where there is none."),
    "description": _("The description in another language: {language}. Empty where there is none."),
}
COLUMNS = (
    *_OWN_COLUMNS,
    *(
        Column(f"{name}_{code}", format_lazy(_WORDS_ELSEWHERE[name], language=language))
        for code, language in settings.LANGUAGES
        for name in _WORDS_ELSEWHERE
    ),
    *_SHOWN_COLUMNS,
)
NAMES = tuple(column.name for column in COLUMNS)
READ = tuple(column.name for column in COLUMNS if column.is_read)
WRITTEN = tuple(name for name in NAMES if name != "reason")
TEMPLATE = tuple(
    column.name for column in COLUMNS if column.is_read and column.name not in ("currency", "stock_seen")
)
# Of the whole listing, not of one size.
LISTING_COLUMNS = (
    "title",
    "place",
    "known_for",
    "category",
    "description",
    "ingredients",
    "storage",
    "lots",
    "perishable",
    "language",
    *TRANSLATED,
    "season",
)
# The second row of the template: what differs in a further size of the listing of the first.
FURTHER_SIZE = {
    "sku": "RICE-5KG",
    "title": "",
    "size": "5 kg bag",
    "price": "1300",
    "stock": "10",
    "content": "5000",
    "weight": "5200",
}
LONGEST = {
    "sku": 60,
    "listing": 60,
    "title": 120,
    "size": 40,
    "description": 5000,
    "ingredients": 255,
    "storage": 255,
    "lots": 160,
    **{column: 120 if column.startswith("title") else 5000 for column in TRANSLATED},
}
