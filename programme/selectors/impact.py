"""What the programme has brought to producers: money, households and orders, by place, month, goods or kind of group."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db import connection, models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.selectors.places import paths_above
from orders.domain.parts import shared_out
from programme.domain.veil import TOTAL, Told, is_small, veiled
from programme.selectors.paid import Paid, Sold, paid_rows, sold_rows
from regions.models import Region
from regions.policies import Reach
from vendors.models import Partner

ZERO = Decimal("0.00")
# How many groups stand behind the figures of a row: groups paid, paid, cash, orders.
Behind = tuple[int, int, int, int]
COLUMNS = ("paid", "cash", "orders")
# What the public knows of each of them.
Columns = Mapping[str, Told]
# Weight of each top category in a sale: the price of its lines. A listing in no category has none.
_GOODS = """
SELECT line.vendor_order_id, top.id, top.name, sum(line.line_price_incl_tax)
FROM order_line AS line
LEFT JOIN catalogue_product AS listing ON listing.id = line.product_id
LEFT JOIN LATERAL (
    SELECT root.id, root.name FROM catalogue_productcategory AS link
    JOIN catalogue_category AS own ON own.id = link.category_id
    JOIN catalogue_category AS root ON root.depth = 1 AND starts_with(own.path, root.path)
    WHERE link.product_id = coalesce(listing.parent_id, listing.id) ORDER BY own.path LIMIT 1
) AS top ON TRUE
WHERE line.vendor_order_id = ANY(%s)
GROUP BY 1, 2, 3
"""


class By(models.TextChoices):
    """What the rows of the table are."""

    PLACE = "place", _("place")
    MONTH = "month", _("month")
    GOODS = "goods", _("kind of goods")
    KIND = "kind", _("kind of group")


@dataclass(frozen=True)
class Parts:
    """What each group has in a row, by key; in paid and cash those stand that were paid anything, though it came back."""

    paid: Mapping[int, Decimal] = field(default_factory=dict)
    cash: Mapping[int, Decimal] = field(default_factory=dict)
    orders: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row. groups: that were paid; households: theirs; orders: handed to groups; paid, cash: in the currency.

    Figures are None where they are hidden from the public. parts: what each group has in them; nothing after veiling.
    """

    code: str
    name: str
    groups: int | None
    households: int | None
    orders: int | None
    paid: Decimal | None
    cash: Decimal | None
    parts: Parts = Parts()

    @property
    def behind(self) -> Behind:
        """Groups with anything in each column, of which one may be fewer than another."""
        return (
            len(self.parts.paid),
            sum(map(bool, self.parts.paid.values())),
            sum(map(bool, self.parts.cash.values())),
            len(self.parts.orders),
        )

    @property
    def is_hidden(self) -> bool:
        """Whether fewer than three groups stand behind it, or it would tell of another row that has fewer."""
        return self.paid is None and self.orders is None

    def veiled(self, *, paid: bool, cash: bool, orders: bool) -> "Row":
        """The same row without what is hidden; where nothing of weight is left, with nothing but its name."""
        all_of_it = paid and orders
        return Row(
            self.code,
            self.name,
            None if paid else self.groups,
            None if paid else self.households,
            None if orders else self.orders,
            None if paid else self.paid,
            None if cash or all_of_it else self.cash,
        )


@dataclass(frozen=True)
class Impact:
    """A table of one span of days, both included, in one currency; the rows' money sums to the total."""

    by: By
    currency: str
    first: date
    last: date
    rows: Sequence[Row]
    total: Row

    def for_public(self) -> "Impact":
        """The same as one that is published first: see told_to_public."""
        return self.told_to_public({})[0]

    def told_to_public(self, told: Columns) -> "tuple[Impact, Columns]":
        """The same without the figures, and where need be the totals, from which a group's income could be worked out.

        Paid, with the groups and their households, cash and orders each have their own groups behind them, and so each is
        looked at by itself. told: what the public knows from earlier tables of these rows; comes back as it is afterwards.
        Rows that were told and are none any more are there with zero.
        """
        gone = {code for column in told.values() for code in column.covered}
        gone -= {row.code for row in self.rows}
        rows = [*self.rows, *(Row(code, "", 0, 0, 0, ZERO, ZERO) for code in sorted(gone))]
        # One or two groups may have been paid, though all of it came back.
        few = [row.code for row in rows if is_small(len(row.parts.paid))]
        found = {
            column: veiled(
                {row.code: getattr(row.parts, column) for row in rows},
                told.get(column, Told()),
                also=few if column == "paid" else (),
            )
            for column in COLUMNS
        }
        hidden = {column: codes for column, (codes, _after) in found.items()}
        shown = [
            row.veiled(**{column: code in codes for column, codes in hidden.items()})
            for code, row in [*((row.code, row) for row in rows), (TOTAL, self.total)]
        ]
        table = replace(self, rows=shown[:-1], total=shown[-1])
        return table, {column: after for column, (_codes, after) in found.items()}


@dataclass
class _Sum:
    paid_to: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    cash_of: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    orders_of: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, row: Paid) -> None:
        self.paid_to[row.vendor] += row.paid
        self.cash_of[row.vendor] += row.cash

    def sold(self, row: Sold) -> None:
        self.orders_of[row.vendor] += row.count


@dataclass(frozen=True)
class _Groups:
    """Kind, households and path of each group in question."""

    kinds: Mapping[int, str]
    households: Mapping[int, int]
    paths: Mapping[int, str]

    def row(self, code: str, name: str, found: _Sum) -> Row:
        households = sum(self.households[vendor] for vendor in found.paid_to)
        paid, cash = sum(found.paid_to.values(), ZERO), sum(found.cash_of.values(), ZERO)
        orders = sum(found.orders_of.values())
        parts = Parts(dict(found.paid_to), dict(found.cash_of), dict(found.orders_of))
        return Row(code, name, len(found.paid_to), households, orders, paid, cash, parts)


def impact(
    by: By,
    *,
    currency: str,
    first: date,
    last: date,
    level: Region.Level | None = None,
    within: Region | None = None,
    reach: Reach | None = None,
) -> Impact:
    """What reached producers from the first to the last day, both included. A fixed number of queries.

    level: of the places, by place only. within: groups at home there; reach: groups in a person's places. Orders count in
    the month in which they were handed to the group, unless cancelled or paid back whole. A payout for several kinds of goods is shared out
    by their price, and an order of several is counted with each of them.
    """
    groups = _groups(within, reach)
    found = paid_rows(currency, first=first, last=last, by_sale=by == By.GOODS)
    paid = [row for row in found if row.vendor in groups.kinds]
    handed = sold_rows(currency, first=first, last=last, by_sale=by == By.GOODS)
    sales = [row for row in handed if row.vendor in groups.kinds]
    if by == By.GOODS:
        names, sums = _by_goods(paid, sales)
    else:
        names = _names(by, level)
        sums = defaultdict(_Sum)
        for row in paid:
            sums[_key(by, groups, row, names)].add(row)
        for sale in sales:
            sums[_key(by, groups, sale, names)].sold(sale)
    total = _Sum()
    for row in paid:
        total.add(row)
    for sale in sales:
        total.sold(sale)
    codes = sorted(sums, key=lambda code: (not code, names.get(code, code)))
    rows = [groups.row(code, names.get(code) or other_name(by, code), sums[code]) for code in codes]
    return Impact(by, currency, first, last, rows, groups.row("", gettext("all"), total))


def _groups(within: Region | None, reach: Reach | None) -> _Groups:
    rows = Partner.objects.all()
    if within is not None:
        rows = rows.filter(home_region__path__startswith=within.path)
    if reach is not None:
        rows = rows.filter(reach.rows("home_region__path"))
    found = list(rows.values_list("pk", "kind", "household_count", "home_region__path"))
    return _Groups(
        {pk: kind for pk, kind, _households, _path in found},
        {pk: households or 0 for pk, _kind, households, _path in found},
        {pk: path for pk, _kind, _households, path in found},
    )


def _names(by: By, level: Region.Level | None) -> dict[str, str]:
    """Names of the rows by their codes; places by path. At most one query."""
    if by == By.KIND:
        return {str(value): str(label) for value, label in Partner.Kind.choices}
    if by == By.PLACE:
        return dict(Region.objects.at(level or Region.Level.COUNTRY).values_list("path", "name"))
    return {}


def _key(by: By, groups: _Groups, row: Paid | Sold, names: Mapping[str, str]) -> str:
    if by == By.MONTH:
        return row.month.isoformat()
    if by == By.KIND:
        return groups.kinds[row.vendor]
    # A group of a country of other levels stands in none of these places.
    return next((path for path in paths_above(groups.paths[row.vendor]) if path in names), "")


def other_name(by: By, code: str) -> str:
    """The name of a row that none of the names is for, in the active language."""
    if by == By.MONTH:
        return date_format(date.fromisoformat(code), "F Y")
    return gettext("elsewhere") if by == By.PLACE else gettext("other")


def _by_goods(paid: Sequence[Paid], sales: Sequence[Sold]) -> tuple[dict[str, str], dict[str, _Sum]]:
    """Names and sums by top category; what was for no sale, or for goods of no category, under the empty code. One query."""
    weights, names = _goods(
        {row.sale for row in paid if row.sale} | {sale.sale for sale in sales if sale.sale}
    )
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for row in paid:
        shares = weights.get(row.sale or 0, {"": Decimal(1)})
        money, cash = (shared_out(amount, list(shares.values())) for amount in (row.paid, row.cash))
        for code, paid_part, cash_part in zip(shares, money, cash, strict=True):
            sums[code].add(replace(row, paid=paid_part, cash=cash_part))
    for sale in sales:
        for code in weights.get(sale.sale or 0, {"": Decimal(1)}):
            sums[code].sold(sale)
    return names, sums


def _goods(pks: Iterable[int]) -> tuple[dict[int, dict[str, Decimal]], dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, [list(pks)])
        rows = cursor.fetchall()
    weights: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for sale, top, _name, weight in rows:
        weights[sale][str(top or "")] = weight
    return weights, {str(top): name for _sale, top, name, _weight in rows if top}
