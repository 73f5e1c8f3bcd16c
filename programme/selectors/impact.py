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
from programme.domain.veil import hidden_cells, hides_total
from programme.selectors.paid import Paid, Sold, paid_rows, sold_rows
from regions.models import Region
from regions.policies import Reach
from vendors.models import Partner

ZERO = Decimal("0.00")
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
class Row:
    """One row. groups: that were paid; households: theirs; orders: handed to groups; paid, cash: in the currency.

    The figures are None where the row is hidden from the public.
    """

    code: str
    name: str
    groups: int | None
    households: int | None
    orders: int | None
    paid: Decimal | None
    cash: Decimal | None

    @property
    def is_hidden(self) -> bool:
        """Whether fewer than three groups stand behind it, or it would tell of another row that has fewer."""
        return self.paid is None

    def veiled(self) -> "Row":
        """The same row with nothing to read but its name."""
        return Row(self.code, self.name, None, None, None, None, None)


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
        """The same without the rows, and where need be the total, from which a group's income could be worked out."""
        if hides_total(self.total.groups or 0):
            rows = [row.veiled() if row.groups or row.orders else row for row in self.rows]
            return Impact(self.by, self.currency, self.first, self.last, rows, self.total.veiled())
        hidden = hidden_cells(
            [row.groups or 0 for row in self.rows], may_overlap=self.by in (By.MONTH, By.GOODS)
        )
        # Orders of one or two groups that nothing was paid to yet would tell as much as money.
        rows = [
            row.veiled() if at in hidden or (not row.groups and row.orders) else row
            for at, row in enumerate(self.rows)
        ]
        return Impact(self.by, self.currency, self.first, self.last, rows, self.total)


@dataclass
class _Sum:
    vendors: set[int] = field(default_factory=set)
    orders: int = 0
    paid: Decimal = ZERO
    cash: Decimal = ZERO

    def add(self, row: Paid) -> None:
        self.vendors.add(row.vendor)
        self.paid += row.paid
        self.cash += row.cash


@dataclass(frozen=True)
class _Groups:
    """Kind, households and path of each group in question."""

    kinds: Mapping[int, str]
    households: Mapping[int, int]
    paths: Mapping[int, str]

    def row(self, code: str, name: str, found: _Sum) -> Row:
        households = sum(self.households[vendor] for vendor in found.vendors)
        return Row(code, name, len(found.vendors), households, found.orders, found.paid, found.cash)


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
    the month in which they were handed to the group, unless cancelled. A payout for several kinds of goods is shared out
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
            sums[_key(by, groups, sale, names)].orders += sale.count
    total = _Sum(orders=sum(sale.count for sale in sales))
    for row in paid:
        total.add(row)
    codes = sorted(sums, key=lambda code: (not code, names.get(code, code)))
    rows = [groups.row(code, names.get(code) or _other(by, code), sums[code]) for code in codes]
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


def _other(by: By, code: str) -> str:
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
            sums[code].orders += sale.count
    return names, sums


def _goods(pks: Iterable[int]) -> tuple[dict[int, dict[str, Decimal]], dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, [list(pks)])
        rows = cursor.fetchall()
    weights: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for sale, top, _name, weight in rows:
        weights[sale][str(top or "")] = weight
    return weights, {str(top): name for _sale, top, name, _weight in rows if top}
