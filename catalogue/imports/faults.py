"""What can be wrong with a file or a cell, in words that say what to do. Kept as codes: readers have different languages."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

FAULTS: dict[str, str | Promise] = {
    # A cell
    "sku_missing": _("Write a short name of your own, such as RICE-1KG. It stays the same for ever."),
    "sku_twice": _(
        "It stands in row %(row)s too, or one that looks the same. Give one of both another name, or take one row out."
    ),
    "sku_foreign": _("Another group uses this name. Choose one of your own."),
    "sku_reserved": _(
        "Names such as L12 are given by the shop. For something new, choose a name of your own."
    ),
    "sku_removed": _("This size was sold and taken out since. For something new, choose another name."),
    "listing_unknown": _(
        "No listing of yours has this sku, and no row of the file. Write the sku of the listing's first size."
    ),
    "listing_chain": _("Row %(row)s is a further size itself. Write the sku of the first one: %(sku)s."),
    "listing_differs": _(
        "Row %(row)s, the first size of the same listing, says something else. Write the same in both, or leave "
        "this cell empty."
    ),
    "listing_faulty": _(
        "Row %(row)s, the first size of this listing, cannot be taken over. Correct that one, and upload both."
    ),
    "listing_other": _(
        "This size belongs to another listing, and is not moved by a file. Leave the cell as the exported file has it."
    ),
    "size_nameless": _("Write what tells this size from the others: its name, or content and unit."),
    "missing": _("Something new needs this. Fill it in."),
    "too_long": _("Shorten it: it has %(length)s signs, at most %(most)s fit."),
    "unreadable_sign": _("The cell holds a sign that cannot be read. Type the words anew."),
    "too_many_cells": _(
        "The row has %(count)s cells, the header %(expected)s. Take out what stands beyond the header, or put "
        "words with a comma in quotation marks."
    ),
    "price_no_number": _("Write the price in figures only, without currency, such as 280 or 280.50."),
    "price_comma": _("Is the comma a point, or does it part thousands? Write such as 1234.50."),
    "price_not_positive": _("Write a price above zero. To stop selling, take the listing from sale."),
    "price_decimals": _("Write at most two decimals, such as 280.50."),
    "price_too_high": _("This price is too high to be one. Look for a figure too many."),
    "currency_other": _("The price must be in %(expected)s. Write it so, or leave the cell empty."),
    "stock_no_number": _("Write a whole number in figures, 0 for none."),
    "stock_too_many": _("Write at most %(most)s."),
    "stock_reserved": _("%(reserved)s are sold and not yet sent, so write at least %(reserved)s."),
    "stock_moved": _(
        "The number has changed since the file was made: %(in_stock)s are there now, %(reserved)s of them sold and "
        "not yet sent. Count again, and write %(in_stock)s under stock_seen."
    ),
    "content_no_number": _("Write the content in figures, such as 250 or 0.5, and its unit under unit."),
    "content_and_unit": _("Content and unit go together. Fill in both, or neither."),
    "weight_no_number": _("Write the weight with packing in whole grams, such as 1200, at most %(most)s."),
    "truth_unclear": _("Write yes or no."),
    "language_unknown": _("Write one of: %(codes)s."),
    "language_own": _(
        "The title and description of this row are in this language themselves. Write these words there, or correct "
        "the language."
    ),
    "season_unclear": _("Write the first and the last month in figures, such as 6-9 for June to September."),
    "known_unknown": _("No list of the programme has a product of this name. %(hint)s"),
    "known_ambiguous": _("Several products have this name. Write one of: %(codes)s."),
    "known_not_now": _(
        "This product is not named for its place now. Write one that is, or leave the cell empty."
    ),
    "known_other_place": _(
        "This product is named for another place. Correct the place, or leave the cell empty."
    ),
    "unit_unknown": _("Write g, ml or piece."),
    "place_unknown": _("No place has this name. %(hint)s"),
    "place_ambiguous": _("Several places have this name. Write the code of one: %(codes)s."),
    "category_unknown": _("There is no such kind of goods. %(hint)s"),
    "category_ambiguous": _("Several kinds have this name. Write one of: %(codes)s."),
    "locked": _(
        "The listing is “%(state)s”, so only price and stock may change. Take it back from review first, or leave the "
        "cell empty."
    ),
    "refused": _("%(why)s"),
    "busy": _("Somebody else was changing this listing. Upload the row again."),
    # A file
    "file_empty": _("The file is empty. Begin with the template."),
    "file_too_large": _(
        "The file is larger than %(most)s MB. A file with 5,000 listings is far smaller: take out what is no text."
    ),
    "file_no_csv": _("This is no CSV file but %(kind)s. In the spreadsheet choose Save as, then CSV UTF-8."),
    "file_encoding": _("Row %(row)s cannot be read. In the spreadsheet choose Save as, then CSV UTF-8."),
    "file_broken": _("From row %(row)s on the file cannot be read: a quotation mark is not closed, perhaps."),
    "file_no_rows": _("The file has a header, and no row below it."),
    "file_too_many_rows": _("The file has %(count)s rows, at most %(most)s fit. Make two files of it."),
    "header_missing": _("The first row must name the columns, sku first of all. Begin with the template."),
    "header_twice": _("The column %(name)s is there twice. Take one out."),
    "header_unknown": _(
        "There is no column %(name)s. Correct its name or take it out; the columns are %(names)s."
    ),
}


def words(fault: Mapping[str, Any]) -> str:
    """What is wrong and what to do, in the language of the reader. fault: code, and the values of its words."""
    values = dict(fault)
    if fault["code"] in ("place_unknown", "category_unknown", "known_unknown"):
        near = fault.get("near")
        values["hint"] = (
            _now("Did you mean %(near)s?") % {"near": near}
            if near
            else _now("Look at the help for this column.")
        )
    return str(FAULTS[fault["code"]]) % values
