"""What a group takes from its shelves for all orders that are to be packed, as PDF."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.formats import date_format

from marketplace.lib.pdf import Column, Sheet
from orders.documents.words import Language, word
from orders.selectors.pick_list import PickedOrder, PickRow


def pick_list_pdf(
    rows: Sequence[PickRow],
    orders: Sequence[PickedOrder],
    *,
    vendor_name: str,
    language: Language,
    made_at: datetime,
) -> bytes:
    """Units of all orders together, then order by order. made_at: in the group's time zone. Names no buyer."""
    sheet = Sheet(
        word("pick list", language),
        language=language,
        made_at=made_at,
        foot=f"{settings.SITE_NAME} · {vendor_name}",
    )
    sheet.note(f"{vendor_name} · {date_format(made_at, 'j F Y, H:i')}")
    if not rows:
        sheet.text(word("nothing", language))
        return sheet.bytes()
    units = Column(word("units", language), 1, is_number=True)
    sheet.table(
        [
            Column(word("what", language), 5),
            Column(word("size", language), 2),
            Column(word("orders", language), 1, is_number=True),
            units,
        ],
        [[row.title, row.size, str(row.orders), str(row.units)] for row in rows],
    )
    sheet.sums([], total=(word("all units", language), str(sum(row.units for row in rows))))
    sheet.heading(word("each order", language))
    sheet.table(
        [Column(word("order", language), 2), Column(word("what", language), 6), units],
        [[each.number, each.goods, str(each.units)] for each in orders],
    )
    return sheet.bytes()
