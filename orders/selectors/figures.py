"""What a group has sold: by month, by listing, by the place of the buyer.

Counted is the price of goods, tax included, in orders that were handed to the group, without what was cancelled, could
not be supplied or came back; delivery is not counted, and neither commission nor other costs are taken off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField, Count, F, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncMonth
from django.utils.translation import gettext as _

from orders.models import Line, VendorOrder
from vendors.models import Partner

MONTHS = 12
MOST_ROWS = 12
# Fewer buyers than these from one place could be told apart, so such places are shown together.
FEWEST_BUYERS = 3
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Figure:
    """One row: what it is of, units and their price in one currency. day: the first of the month, in rows of months."""

    words: str
    units: int
    amount: Decimal
    day: date | None = None


@dataclass(frozen=True)
class Figures:
    """Figures of one group in one currency, from the first day on. currencies: all in which it has sold since then."""

    currency: str
    currencies: Sequence[str]
    first: date
    months: Sequence[Figure]
    listings: Sequence[Figure]
    places: Sequence[Figure]

    @property
    def amount(self) -> Decimal:
        """All of it."""
        return sum((row.amount for row in self.months), ZERO)

    @property
    def units(self) -> int:
        """All units."""
        return sum(row.units for row in self.months)


def figures(vendor: Partner, *, now: datetime, zone: ZoneInfo, currency: str = "") -> Figures:
    """The last twelve months, this one included, by the calendar of the zone; four queries, however much was sold.

    currency: one in which the group has not sold is taken for the one in which it sells most.
    """
    first = _months_before(now.astimezone(zone).date().replace(day=1), MONTHS - 1)
    begin = datetime(first.year, first.month, 1, tzinfo=zone)
    sold = _sold(vendor, begin)
    found = list(
        sold.order_by()
        .values_list("vendor_order__currency", flat=True)
        .annotate(lines=Count("pk"))
        .order_by("-lines", "vendor_order__currency")
    )
    chosen = currency if currency in found else next(iter(found), settings.CHARGE_CURRENCY)
    rows = sold.filter(vendor_order__currency=chosen)
    return Figures(
        currency=chosen,
        currencies=sorted(found),
        first=first,
        months=_by_month(rows, first, zone),
        listings=_by_listing(rows),
        places=_by_place(rows),
    )


def _sold(vendor: Partner, begin: datetime) -> QuerySet[Line]:
    left = F("quantity") - F("cancelled_quantity") - F("returned_quantity")
    return (
        Line.objects.filter(
            vendor_order__in=VendorOrder.objects.released().filter(vendor=vendor),
            vendor_order__order__released_at__gte=begin,
        )
        .exclude(vendor_order__state=VendorOrder.State.CANCELLED)
        .alias(left=left)
        .filter(left__gt=0)
    )


def _summed(rows: Any) -> Any:
    left = F("quantity") - F("cancelled_quantity") - F("returned_quantity")
    return rows.annotate(units=Sum(left), amount=Sum(F("unit_price_incl_tax") * left)).order_by()


def _by_month(rows: QuerySet[Line], first: date, zone: ZoneInfo) -> list[Figure]:
    month = TruncMonth("vendor_order__order__released_at", tzinfo=zone)
    found = {
        moment.date(): (units, amount)
        for moment, units, amount in _summed(rows.annotate(month=month).values_list("month"))
    }
    days = [_months_before(first, -step) for step in range(MONTHS)]
    return [Figure("", *found.get(day, (0, ZERO)), day=day) for day in days]


def _by_listing(rows: QuerySet[Line]) -> list[Figure]:
    # A size counts with its listing; of what has been deleted the title at the sale is left.
    title = Coalesce("product__parent__title", "product__title", "title")
    found = [Figure(*row) for row in _summed(rows.annotate(name=title).values_list("name"))]
    found.sort(key=lambda row: (-row.amount, row.words))
    rest = found[MOST_ROWS:]
    return [*found[:MOST_ROWS], *([_together(_("Other listings"), rest)] if rest else [])]


def _by_place(rows: QuerySet[Line]) -> list[Figure]:
    """By dzongkhag or state at home, by country abroad; what few buyers came from is shown together."""
    order = "vendor_order__order"
    buyer = Concat(
        Coalesce(Cast(f"{order}__user", CharField()), Value("")),
        f"{order}__guest_email",
        f"{order}__guest_phone",
        output_field=CharField(),
    )
    country = f"{order}__shipping_address__country"
    keys = rows.values_list(
        f"{country}__printable_name", f"{country}__iso_3166_1_a2", f"{order}__shipping_address__state"
    )
    found: dict[str, list[Any]] = {}
    for name, code, state, units, amount, buyers in _summed(keys).annotate(
        buyers=Count(buyer, distinct=True)
    ):
        place = _place(name, code, state)
        known = found.setdefault(place.casefold(), [place, 0, ZERO, 0])
        # Who bought twice from one place may have written it in two ways, so the largest number counts.
        known[1:] = [known[1] + units, known[2] + amount, max(known[3], buyers)]
    shown = [
        Figure(place, units, amount)
        for place, units, amount, buyers in found.values()
        if place and buyers >= FEWEST_BUYERS
    ]
    shown.sort(key=lambda row: (-row.amount, row.words))
    few = [
        Figure(place, units, amount)
        for place, units, amount, buyers in found.values()
        if not place or buyers < FEWEST_BUYERS
    ]
    rest = [*shown[MOST_ROWS:], *few]
    return [*shown[:MOST_ROWS], *([_together(_("Other places"), rest)] if rest else [])]


def _place(country: str | None, code: str | None, state: str | None) -> str:
    if code in ("BT", "IN") and state and state.strip():
        return " ".join(state.split())
    return country or ""


def _together(words: str, rows: Iterable[Figure]) -> Figure:
    many = list(rows)
    return Figure(words, sum(row.units for row in many), sum((row.amount for row in many), ZERO))


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
