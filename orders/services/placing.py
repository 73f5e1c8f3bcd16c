"""Placing: the order exists before money is asked for. Source: docs/architecture.md, "A sale"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from oscar.apps.address.models import Country

from catalogue.selectors.licences import unlicensed
from marketplace.lib.locks import is_busy
from orders.basket.models import Basket
from orders.basket.models import Line as BasketLine
from orders.domain.commission import KeptBack, kept_back
from orders.domain.delivery import Package
from orders.domain.numbers import new_order_number
from orders.domain.tax import tax_within
from orders.errors import (
    BasketClosed,
    BasketEmpty,
    ForeignCurrency,
    GroupClosed,
    NoDelivery,
    NoLicence,
    NotEnoughUnits,
    NotForSale,
    OrderTooLarge,
    ShopBusy,
    TotalChanged,
)
from orders.models import Line, Order, OrderEvent, ShippingAddress, TaxRate, VendorOrder, VendorOrderEvent
from orders.selectors.rates import CommissionRate, SaleRates, sale_rates
from orders.services.notifying import tell_buyer
from orders.shipping.options import DeliveryOption, Offered, delivery_options, place_path
from people.models import User
from vendors.errors import InsufficientStock
from vendors.models import Partner, StockRecord
from vendors.services import stock

ZERO = Decimal("0.00")
REASON_LENGTH = 200
# Stripe charges eight digits of minor units at most.
MOST_PER_ORDER = Decimal("999999.99")
# Each try waits for a lock as long as the database lets it.
PLACING_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class CheckoutData:
    """What the buyer decided. delivery: vendor id -> code of the chosen method.

    expected_total: the total the buyer was shown, in the basket's currency, tax and delivery included.
    phone: E.164. country_code: ISO 3166 of two letters. At least one of email, phone and user is given.
    gift_message: only with is_gift; at most 300 characters.
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


@dataclass(frozen=True)
class _Part:
    """What one group sells of this order."""

    vendor: Partner
    lines: list[BasketLine]
    goods_total: Decimal
    delivery: DeliveryOption
    rates: SaleRates

    @property
    def total(self) -> Decimal:
        return self.goods_total + self.delivery.price

    @property
    def goods_tax_rates(self) -> list[Decimal]:
        return [self.rates.tax(self.vendor, TaxRate.Kind.GOODS, line.product) for line in self.lines]

    @property
    def goods_tax(self) -> Decimal:
        pairs = zip(self.lines, self.goods_tax_rates, strict=True)
        return sum((tax_within(_amount(line), rate) for line, rate in pairs), ZERO)

    @property
    def delivery_tax_rate(self) -> Decimal:
        return self.rates.tax(self.vendor, TaxRate.Kind.DELIVERY)

    @property
    def delivery_tax(self) -> Decimal:
        return tax_within(self.delivery.price, self.delivery_tax_rate)


def place_order(basket: Basket, checkout: CheckoutData) -> Order:
    """Turn a basket into an order that awaits payment, with its stock reserved; all of it or nothing.

    Sent again for the same basket, it returns the order that the first call made.
    Raises BasketEmpty, BasketClosed, NotForSale (NoLicence), NotEnoughUnits, GroupClosed, NoDelivery, ForeignCurrency,
    TotalChanged, OrderTooLarge or ShopBusy, each with a message for the buyer.
    """
    for _try in range(PLACING_TRIES):
        try:
            return _place(basket, checkout)
        except OperationalError as error:
            if not is_busy(error):
                raise
    raise ShopBusy


@transaction.atomic
def _place(basket: Basket, checkout: CheckoutData) -> Order:
    locked = Basket.objects.select_for_update().get(pk=basket.pk)
    if locked.status == Basket.SUBMITTED:
        return Order.objects.get(basket=locked)
    if not locked.can_be_edited:
        raise BasketClosed
    lines = _lines_for_sale(locked)
    number = new_order_number()
    _reserve(lines, order=number)
    # Prices are read after the reservation: its row locks keep them as they are until the order stands.
    fresh = StockRecord.objects.select_related("product__vendor").in_bulk(
        [line.stockrecord_id for line in lines]
    )
    _refuse_gone(fresh.values())
    for line in lines:
        line.stockrecord = fresh[line.stockrecord_id]
    parts = _parts(lines, checkout)
    total = sum((part.total for part in parts), ZERO)
    if total != checkout.expected_total:
        raise TotalChanged
    if total > MOST_PER_ORDER:
        raise OrderTooLarge
    order = _write_order(number, locked, checkout, parts=parts, total=total)
    for place, part in enumerate(parts, start=1):
        _write_vendor_order(order, part, place=place)
    _prove_total(order)
    locked.submit()
    tell_buyer(order, "order_placed")
    return order


def _lines_for_sale(basket: Basket) -> list[BasketLine]:
    rows = BasketLine.objects.filter(basket=basket).order_by("pk")
    lines = list(rows.select_related("stockrecord", "product__parent", "product__vendor__home_region"))
    if not lines:
        raise BasketEmpty
    for line in lines:
        vendor = line.product.vendor
        if not line.product.is_live:
            raise NotForSale
        if vendor.is_closed_on(vendor.today):
            raise GroupClosed(vendor.name, date_format(vendor.closed_until, "j F Y"))
    return lines


def _reserve(lines: list[BasketLine], *, order: str) -> None:
    units: dict[int, int] = {}
    for line in lines:
        units[line.stockrecord_id] = units.get(line.stockrecord_id, 0) + line.quantity
    try:
        stock.reserve(units, order=order)
    except InsufficientStock as short:
        missing = [line for line in lines if line.stockrecord_id in short.stock_record_ids]
        left = _units_left(missing[0]) if len(missing) == 1 else None
        raise NotEnoughUnits([line.product.get_title() for line in missing], left=left) from short


def _refuse_gone(records: Iterable[StockRecord]) -> None:
    """Raise NotForSale for what left the sale since the lines were read: taking a size out waits for the row held here.

    And NoLicence for food without one: whoever withdraws a licence after this has done so after the order.
    """
    products = [record.product for record in records]
    if not all(product.is_live for product in products):
        raise NotForSale
    if unlicensed({product.parent_id or product.pk for product in products}):
        raise NoLicence


def _units_left(line: BasketLine) -> int:
    line.stockrecord.refresh_from_db(fields=["num_in_stock", "num_allocated"])
    return int(line.stockrecord.num_in_stock - line.stockrecord.num_allocated)


def _parts(lines: list[BasketLine], checkout: CheckoutData) -> list[_Part]:
    currencies = {line.stockrecord.price_currency for line in lines}
    if len(currencies) != 1:
        raise ForeignCurrency
    by_vendor: dict[Partner, list[BasketLine]] = {}
    for line in lines:
        by_vendor.setdefault(line.product.vendor, []).append(line)
    packages = {vendor: _package(own) for vendor, own in by_vendor.items()}
    if not Country.objects.filter(pk=checkout.country_code).exists():
        raise NoDelivery(lines[0].product.vendor.name)
    rates = sale_rates([line.product for line in lines])
    to_path = place_path(checkout.country_code, state=checkout.state, town=checkout.town)
    offered = delivery_options(packages, currency=currencies.pop(), to_path=to_path)
    return [
        _Part(
            vendor,
            own,
            packages[vendor].total,
            _chosen(vendor, offered[vendor.pk], checkout.delivery.get(vendor.pk)),
            rates,
        )
        for vendor, own in by_vendor.items()
    ]


def _package(lines: list[BasketLine]) -> Package:
    return Package(
        total=sum((_amount(line) for line in lines), ZERO),
        grams=sum(line.product.sent_grams * line.quantity for line in lines),
        spoils=any(line.product.spoils for line in lines),
    )


def _chosen(vendor: Partner, offered: Offered, code: str | None) -> DeliveryOption:
    for option in offered.options:
        if option.code == code:
            return option
    raise NoDelivery(vendor.name, offered.refusal)


def _write_order(
    number: str, basket: Basket, checkout: CheckoutData, *, parts: list[_Part], total: Decimal
) -> Order:
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
        phone_number=checkout.phone or "",
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
        total_excl_tax=total - tax,
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


def _write_vendor_order(order: Order, part: _Part, *, place: int) -> None:
    rates = [part.rates.commission(part.vendor, line.product) for line in part.lines]
    tax_rate = part.rates.tax(part.vendor, TaxRate.Kind.COMMISSION)
    kept = kept_back(
        [(_amount(line), each.rate) for line, each in zip(part.lines, rates, strict=True)], tax_rate=tax_rate
    )
    is_one_rate = len({each.rate for each in rates}) == 1
    vendor_order = VendorOrder.objects.create(
        order=order,
        vendor=part.vendor,
        number=f"{order.number}-{place}",
        currency=order.currency,
        goods_total=part.goods_total,
        goods_tax=part.goods_tax,
        delivery_price=part.delivery.price,
        delivery_tax_rate=part.delivery_tax_rate,
        delivery_tax=part.delivery_tax,
        goods_tax_name=part.rates.tax_name(part.vendor, TaxRate.Kind.GOODS),
        delivery_tax_name=part.rates.tax_name(part.vendor, TaxRate.Kind.DELIVERY),
        total=part.total,
        commission_base=part.goods_total,
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
    _write_lines(vendor_order, part, rates=rates, kept=kept)


def _one_reason(rates: Sequence[CommissionRate]) -> str:
    reasons = {each.reason for each in rates}
    return reasons.pop()[:REASON_LENGTH] if len(reasons) == 1 else "differs by line"


def _write_lines(
    vendor_order: VendorOrder, part: _Part, *, rates: Sequence[CommissionRate], kept: KeptBack
) -> None:
    lines = [_order_line(vendor_order, line) for line in part.lines]
    tax_rates = part.goods_tax_rates
    for place, line in enumerate(lines):
        line.commission_rate = rates[place].rate
        line.commission_reason = rates[place].reason[:REASON_LENGTH]
        line.commission = kept.commissions[place]
        line.commission_tax = kept.taxes[place]
        line.tax_rate = tax_rates[place]
        line.unit_price_excl_tax = line.unit_price_incl_tax - tax_within(
            line.unit_price_incl_tax, line.tax_rate
        )
        line.line_price_excl_tax = line.line_price_incl_tax - tax_within(
            line.line_price_incl_tax, line.tax_rate
        )
        line.line_price_before_discounts_excl_tax = line.line_price_excl_tax
    Line.objects.bulk_create(lines)


def _order_line(vendor_order: VendorOrder, line: BasketLine) -> Line:
    amount = _amount(line)
    return Line(
        order=vendor_order.order,
        vendor_order=vendor_order,
        partner=vendor_order.vendor,
        partner_name=vendor_order.vendor.name,
        partner_sku=line.stockrecord.partner_sku,
        stockrecord=line.stockrecord,
        product=line.product,
        title=line.product.get_title(),
        size_label=line.product.size_label,
        quantity=line.quantity,
        num_allocated=line.quantity,
        unit_price_incl_tax=line.stockrecord.price,
        line_price_incl_tax=amount,
        line_price_before_discounts_incl_tax=amount,
    )


def _amount(line: BasketLine) -> Decimal:
    """All units of a line, tax included."""
    return line.stockrecord.price * line.quantity


def _prove_total(order: Order) -> None:
    # Read back from the database: what is stored must add up, not what was meant to be stored.
    goods = sum((line.line_price_incl_tax for line in order.lines.all()), ZERO)
    parts = list(order.vendor_orders.all())
    delivery = sum((part.delivery_price for part in parts), ZERO)
    discount = sum((part.discount_total for part in parts), ZERO)
    whole = sum((part.total for part in parts), ZERO)
    if not goods + delivery - discount == whole == order.total_incl_tax:
        raise TotalChanged
