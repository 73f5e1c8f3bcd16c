"""The basket as shoppers see it: group by group, with what each group's delivery costs and what stands in the way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from catalogue.selectors.licences import unlicensed
from marketplace.lib.translated import Said
from orders.basket.models import Basket, Line
from orders.domain.delivery import Package
from orders.errors import ForeignCurrency, NoLicence
from orders.offers.models import ConditionalOffer
from orders.selectors.offers import Priced, SaleOffers, sale_offers
from orders.shipping.options import DeliveryOption, Offered, delivery_options
from people.models import User
from vendors.models import Partner

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class BasketLine:
    """One line; unit_price and amount in the basket's currency, as they are now; left: units free to buy.

    A line priced in another currency than the basket's first line has a warning and no amount.
    """

    pk: int
    product: Product
    listing: Product
    quantity: int
    unit_price: Decimal
    amount: Decimal
    left: int
    warning: str | Promise

    @property
    def title(self) -> Said:
        """Name of the listing, in the reader's language where it is known."""
        found: Said = self.listing.said("title")
        return found


@dataclass(frozen=True)
class GroupDiscount:
    """What one offer takes off the goods of one group. code: by which it is taken, may be empty."""

    offer: ConditionalOffer
    code: str
    amount: Decimal


@dataclass(frozen=True)
class BasketGroup:
    """Everything of one group; delivery: its ways of sending, empty when none reaches the country or none is known.

    refusal: why nothing carries the package there, and what to do.
    """

    vendor: Partner
    lines: Sequence[BasketLine]
    goods_total: Decimal
    delivery: Sequence[DeliveryOption]
    warning: str | Promise
    refusal: str | Promise = ""
    discounts: Sequence[GroupDiscount] = ()

    @property
    def discount(self) -> Decimal:
        """What offers take off its goods."""
        return sum((each.amount for each in self.discounts), ZERO)


@dataclass(frozen=True)
class BasketView:
    """A whole basket; can_check_out is False while anything stands in the way.

    goods_total: before offers; offers: what they take off, and the codes that were given.
    """

    groups: Sequence[BasketGroup]
    goods_total: Decimal
    currency: str
    can_check_out: bool
    offers: SaleOffers = field(default_factory=SaleOffers)

    @property
    def goods_after_offers(self) -> Decimal:
        """What the goods cost the buyer."""
        return self.goods_total - self.offers.amount

    @property
    def unit_count(self) -> int:
        """Units in all lines."""
        return sum(line.quantity for group in self.groups for line in group.lines)


def basket_view(basket: Basket, *, to_path: str = "", person: User | None = None) -> BasketView:
    """Read a basket with today's prices, stock and offers; twelve queries at most, however much it holds.

    person: who is signed in, for offers that each person has once.

    to_path: where it should go, from orders.shipping.options.place_path; empty while unknown, then groups show no delivery.
    """
    if basket.pk is None:
        return BasketView([], ZERO, "", can_check_out=False)
    rows = Line.objects.filter(basket=basket).order_by("pk")
    rows = rows.select_related(
        "stockrecord", "product__parent", "product__vendor__home_region", "product__region"
    )
    by_vendor: dict[Partner, list[BasketLine]] = {}
    currency = ""
    found = list(rows.prefetch_related("product__images", "product__parent__images"))
    without = unlicensed({row.product.parent_id or row.product_id for row in found})
    for row in found:
        currency = currency or row.stockrecord.price_currency
        by_vendor.setdefault(row.product.vendor, []).append(_line(row, currency, without))
    goods = {vendor: sum((line.amount for line in lines), ZERO) for vendor, lines in by_vendor.items()}
    offered: dict[int, Offered] = {}
    if to_path and goods:
        packages = {vendor: _package(lines, goods[vendor]) for vendor, lines in by_vendor.items()}
        offered = delivery_options(packages, currency=currency, to_path=to_path)
    ways = {vendor.pk: offered.get(vendor.pk, Offered([])) for vendor in by_vendor}
    priced = [
        Priced(line.pk, line.product, line.amount)
        for lines in by_vendor.values()
        for line in lines
        if line.amount
    ]
    offers = sale_offers(basket, priced, currency=currency, person=person)
    groups = [
        BasketGroup(
            vendor,
            lines,
            goods[vendor],
            ways[vendor.pk].options,
            _closure(vendor),
            ways[vendor.pk].refusal,
            _discounts(lines, offers),
        )
        for vendor, lines in by_vendor.items()
    ]
    is_clear = bool(groups) and not any(
        group.warning or any(line.warning for line in group.lines) for group in groups
    )
    return BasketView(groups, sum(goods.values(), ZERO), currency, can_check_out=is_clear, offers=offers)


def _discounts(lines: Sequence[BasketLine], offers: SaleOffers) -> list[GroupDiscount]:
    keys = {line.pk for line in lines}
    found = [
        GroupDiscount(
            each.offer, each.code, sum((part for key, part in each.parts.items() if key in keys), ZERO)
        )
        for each in offers.discounts
    ]
    return [each for each in found if each.amount]


def _package(lines: Sequence[BasketLine], total: Decimal) -> Package:
    return Package(
        total=total,
        grams=sum(line.product.sent_grams * line.quantity for line in lines),
        spoils=any(line.product.spoils for line in lines),
    )


def _line(row: Line, currency: str, without: Collection[int]) -> BasketLine:
    """without: keys of listings of food without a licence."""
    is_foreign = row.stockrecord.price_currency != currency
    left = row.stockrecord.num_in_stock - row.stockrecord.num_allocated
    return BasketLine(
        pk=row.pk,
        product=row.product,
        listing=row.product.parent or row.product,
        quantity=row.quantity,
        unit_price=row.stockrecord.price,
        amount=ZERO if is_foreign else row.stockrecord.price * row.quantity,
        left=left,
        # Only joining two baskets at sign-in, or a price changed since, can bring a second currency in.
        warning=ForeignCurrency.message
        if is_foreign
        else _warning(row, left, is_licensed=(row.product.parent_id or row.product_id) not in without),
    )


def _warning(row: Line, left: int, *, is_licensed: bool) -> str | Promise:
    if not row.product.is_live:
        return _("This is not for sale any more. Take it out of the basket to go on.")
    if not is_licensed:
        return NoLicence.message
    if left <= 0:
        return _("Sold out since you put it in. Take it out of the basket to go on.")
    if row.quantity > left:
        return _("Only %(left)d left. Choose fewer to go on.") % {"left": left}
    return ""


def _closure(vendor: Partner) -> str | Promise:
    if vendor.closed_until and vendor.is_closed_on(vendor.today):
        closed = _(
            "This group is closed until %(until)s. Take its goods out of the basket, or come back then."
        )
        words = str(closed % {"until": date_format(vendor.closed_until, "j F Y")})
        return f"{words} {vendor.closure_message}".strip()
    return ""
