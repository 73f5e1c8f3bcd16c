"""The rows of an order as it is placed: what each group sells, earns and is charged, frozen as of the sale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.sites.models import Site
from django.utils import timezone
from django.utils.translation import override

from catalogue.models import Product
from catalogue.selectors.listings import content_words
from orders.basket.models import Basket
from orders.basket.models import Line as BasketLine
from orders.domain.commission import KeptBack, kept_back
from orders.domain.tax import tax_within
from orders.errors import TotalChanged
from orders.models import Line, Order, OrderEvent, ShippingAddress, TaxRate, VendorOrder, VendorOrderEvent
from orders.selectors.offers import SaleOffers
from orders.selectors.rates import CommissionRate, SaleRates
from orders.shipping.options import DeliveryOption
from people.models import User
from vendors.models import Partner

ZERO = Decimal("0.00")
REASON_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class CheckoutData:
    """What the buyer decided. delivery: vendor id -> code of the chosen method.

    expected_total: the total the buyer was shown, in the basket's currency, tax and delivery included.
    phone: E.164. country_code: ISO 3166 of two letters. At least one of email, phone and user is given.
    receiver_phone: E.164, where the driver should ring somebody else than the buyer, whose own contacts alone get news
    and open the order. gift_message: only with is_gift; at most 300 characters. shown_offers: title, key and amount of each offer that the
    total was shown with.
    """

    contact_name: str
    email: str
    phone: str
    country_code: str
    state: str
    town: str
    street: str
    postcode: str
    delivery: Mapping[int, str]
    expected_total: Decimal
    language: str
    user: User | None
    is_gift: bool = False
    gift_message: str = ""
    receiver_phone: str = ""
    shown_offers: Sequence[tuple[str, int, Decimal]] = ()


@dataclass(frozen=True)
class Part:
    """What one group sells of this order. offers: all of the order's, by the keys of the basket's lines."""

    vendor: Partner
    lines: list[BasketLine]
    goods_total: Decimal
    delivery: DeliveryOption
    rates: SaleRates
    offers: SaleOffers

    @property
    def discount(self) -> Decimal:
        """What offers take off its goods."""
        return sum((self.offers.discount_of(line.pk) for line in self.lines), ZERO)

    @property
    def promotion(self) -> Decimal:
        """What of the discount the programme pays."""
        return sum((self.offers.promotion_of(line.pk) for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """What the buyer pays for it."""
        return self.goods_total + self.delivery.price - self.discount

    @property
    def earned_prices(self) -> list[Decimal]:
        """What the group gets for each line, from the buyer and the programme together: the price less what it gives."""
        given = [self.offers.discount_of(line.pk) - self.offers.promotion_of(line.pk) for line in self.lines]
        return [line_amount(line) - own for line, own in zip(self.lines, given, strict=True)]

    @property
    def goods_tax_rates(self) -> list[Decimal]:
        """The rate of each line."""
        return [self.rates.tax(self.vendor, TaxRate.Kind.GOODS, line.product) for line in self.lines]

    @property
    def goods_tax(self) -> Decimal:
        """The tax in what the group earns with its goods."""
        pairs = zip(self.earned_prices, self.goods_tax_rates, strict=True)
        return sum((tax_within(price, rate) for price, rate in pairs), ZERO)

    @property
    def delivery_tax_rate(self) -> Decimal:
        """The rate of the delivery."""
        return self.rates.tax(self.vendor, TaxRate.Kind.DELIVERY)

    @property
    def delivery_tax(self) -> Decimal:
        """The tax in the price of the delivery."""
        return tax_within(self.delivery.price, self.delivery_tax_rate)


def line_amount(line: BasketLine) -> Decimal:
    """All units of a line, tax included."""
    return line.stockrecord.price * line.quantity


def write_order(
    number: str, basket: Basket, checkout: CheckoutData, *, parts: list[Part], total: Decimal
) -> Order:
    """Write the order itself with its address."""
    delivery = sum((part.delivery.price for part in parts), ZERO)
    delivery_tax = sum((part.delivery_tax for part in parts), ZERO)
    tax = delivery_tax + sum((part.goods_tax for part in parts), ZERO)
    address = ShippingAddress.objects.create(
        first_name=checkout.contact_name,
        line1=checkout.street,
        line4=checkout.town,
        state=checkout.state,
        postcode=checkout.postcode,
        country_id=checkout.country_code,
        phone_number=checkout.receiver_phone or checkout.phone or "",
    )
    now = timezone.now()
    held = timedelta(minutes=settings.CARD_SESSION_MINUTES + settings.RESERVATION_GRACE_MINUTES)
    order = Order.objects.create(
        number=number,
        site=Site.objects.get_current(),
        basket=basket,
        user=checkout.user,
        guest_email=checkout.email,
        guest_phone=checkout.phone,
        language=checkout.language,
        currency=parts[0].delivery.currency,
        total_incl_tax=total,
        # The tax is that of what the groups earn; of a price that the programme pays most of, it may exceed the rest.
        total_excl_tax=max(total - tax, ZERO),
        shipping_incl_tax=delivery,
        shipping_excl_tax=delivery - delivery_tax,
        shipping_address=address,
        is_gift=checkout.is_gift,
        gift_message=checkout.gift_message,
        date_placed=now,
        reserved_until=now + held,
    )
    OrderEvent.objects.create(order=order, to_state=order.status, actor=checkout.user)
    return order


def write_vendor_order(order: Order, part: Part, *, place: int) -> dict[int, Line]:
    """Write the part of one group with its lines; returns them by the key of the basket's line."""
    rates = [part.rates.commission(part.vendor, line.product) for line in part.lines]
    tax_rate = part.rates.tax(part.vendor, TaxRate.Kind.COMMISSION)
    kept = kept_back(
        [(price, each.rate) for price, each in zip(part.earned_prices, rates, strict=True)], tax_rate=tax_rate
    )
    is_one_rate = len({each.rate for each in rates}) == 1
    vendor_order = VendorOrder.objects.create(
        order=order,
        vendor=part.vendor,
        number=f"{order.number}-{place}",
        currency=order.currency,
        goods_total=part.goods_total,
        discount_total=part.discount,
        promotion_total=part.promotion,
        goods_tax=part.goods_tax,
        delivery_price=part.delivery.price,
        delivery_tax_rate=part.delivery_tax_rate,
        delivery_tax=part.delivery_tax,
        goods_tax_name=part.rates.tax_name(part.vendor, TaxRate.Kind.GOODS),
        delivery_tax_name=part.rates.tax_name(part.vendor, TaxRate.Kind.DELIVERY),
        total=part.total,
        commission_base=part.goods_total - part.discount + part.promotion,
        commission_rate=rates[0].rate if is_one_rate else None,
        commission_reason=_one_reason(rates),
        commission=kept.commission,
        commission_tax_rate=tax_rate,
        commission_tax=kept.tax,
        delivery_code=part.delivery.code,
        delivery_name=part.delivery.name,
        delivery_days_min=part.delivery.days_min,
        delivery_days_max=part.delivery.days_max,
        delivery_zone=part.delivery.zone,
        delivery_grams=part.delivery.grams,
        pick_up_address=part.delivery.pick_up_address,
    )
    VendorOrderEvent.objects.create(vendor_order=vendor_order, to_state=vendor_order.state, actor=order.user)
    return _write_lines(vendor_order, part, rates=rates, kept=kept)


def _one_reason(rates: Sequence[CommissionRate]) -> str:
    reasons = {each.reason for each in rates}
    return reasons.pop()[:REASON_LENGTH] if len(reasons) == 1 else "differs by line"


def _write_lines(
    vendor_order: VendorOrder, part: Part, *, rates: Sequence[CommissionRate], kept: KeptBack
) -> dict[int, Line]:
    lines = [_order_line(vendor_order, line) for line in part.lines]
    tax_rates, earned = part.goods_tax_rates, part.earned_prices
    for place, line in enumerate(lines):
        line.commission_rate = rates[place].rate
        line.commission_reason = rates[place].reason[:REASON_LENGTH]
        line.commission = kept.commissions[place]
        line.commission_tax = kept.taxes[place]
        line.tax_rate = tax_rates[place]
        line.unit_price_excl_tax = line.unit_price_incl_tax - tax_within(
            line.unit_price_incl_tax, line.tax_rate
        )
        line.line_price_excl_tax = line.line_price_incl_tax - tax_within(earned[place], line.tax_rate)
        line.line_price_before_discounts_excl_tax = line.line_price_incl_tax - tax_within(
            line.line_price_incl_tax, line.tax_rate
        )
        line.discount = part.offers.discount_of(part.lines[place].pk)
        line.promotion = part.offers.promotion_of(part.lines[place].pk)
    Line.objects.bulk_create(lines)
    return {line.pk: row for line, row in zip(part.lines, lines, strict=True)}


def _order_line(vendor_order: VendorOrder, line: BasketLine) -> Line:
    amount = line_amount(line)
    return Line(
        order=vendor_order.order,
        vendor_order=vendor_order,
        partner=vendor_order.vendor,
        partner_name=vendor_order.vendor.name,
        partner_sku=line.stockrecord.partner_sku,
        stockrecord=line.stockrecord,
        product=line.product,
        title=line.product.get_title(),
        size_label=_size_words(line.product),
        quantity=line.quantity,
        num_allocated=line.quantity,
        unit_price_incl_tax=line.stockrecord.price,
        line_price_incl_tax=amount,
        line_price_before_discounts_incl_tax=amount,
    )


def _size_words(product: Product) -> str:
    """What tells a size from its sisters on papers and packages: its label, else its content, in the signs that all read."""
    if product.size_label or not product.is_child:
        return str(product.size_label)
    with override("en"):
        return content_words(product)


def prove_total(order: Order) -> None:
    """Raise TotalChanged unless all that was written adds up."""
    # Read back from the database: what is stored must add up, not what was meant to be stored.
    lines = list(order.lines.all())
    goods = sum((line.line_price_incl_tax for line in lines), ZERO)
    parts = list(order.vendor_orders.all())
    delivery = sum((part.delivery_price for part in parts), ZERO)
    discount = sum((part.discount_total for part in parts), ZERO)
    whole = sum((part.total for part in parts), ZERO)
    given = sum((row.amount for row in order.discounts.all()), ZERO)
    if not goods + delivery - discount == whole == order.total_incl_tax:
        raise TotalChanged
    if not given == discount == sum((line.discount for line in lines), ZERO):
        raise TotalChanged
