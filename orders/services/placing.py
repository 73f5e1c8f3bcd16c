"""Placing: the order exists before money is asked for. Source: docs/architecture.md, "A sale"."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import OperationalError, transaction
from django.utils.formats import date_format
from oscar.apps.address.models import Country

from catalogue.selectors.licences import unlicensed
from marketplace.lib.locks import is_busy
from orders.basket.models import Basket
from orders.basket.models import Line as BasketLine
from orders.domain.delivery import Package
from orders.domain.numbers import new_order_number
from orders.errors import (
    AccountClosed,
    BasketClosed,
    BasketEmpty,
    ForeignCurrency,
    GroupClosed,
    NoDelivery,
    NoLicence,
    NotEnoughUnits,
    NotForSale,
    OfferGone,
    OrderTooLarge,
    ShopBusy,
    TotalChanged,
)
from orders.models import Line, Order
from orders.selectors.offers import Priced, SaleOffers, sale_offers
from orders.selectors.rates import sale_rates
from orders.services.discounts import take_offers
from orders.services.notifying import offers_words, tell_buyer
from orders.services.placed_rows import (
    CheckoutData,
    Part,
    line_amount,
    prove_total,
    write_order,
    write_vendor_order,
)
from orders.shipping.options import DeliveryOption, Offered, delivery_options, place_path
from people.services.accounts import lock_open
from vendors.errors import InsufficientStock
from vendors.models import Partner, StockRecord
from vendors.services import stock

ZERO = Decimal("0.00")
# Stripe charges eight digits of minor units at most.
MOST_PER_ORDER = Decimal("999999.99")
# Each try waits for a lock as long as the database lets it.
PLACING_TRIES = 5


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
    if checkout.user is not None and not lock_open(checkout.user):
        raise AccountClosed
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
    offers = _offers(locked, lines, checkout)
    parts = _parts(lines, checkout, offers)
    total = sum((part.total for part in parts), ZERO)
    if total != checkout.expected_total:
        raise TotalChanged
    if total > MOST_PER_ORDER:
        raise OrderTooLarge
    order = write_order(number, locked, checkout, parts=parts, total=total)
    written: dict[int, Line] = {}
    for place, part in enumerate(parts, start=1):
        written |= write_vendor_order(order, part, place=place)
    take_offers(order, offers.discounts, written, person=checkout.user)
    prove_total(order)
    locked.submit()
    tell_buyer(order, "order_placed", offers=offers_words(order))
    return order


def _lines_for_sale(basket: Basket) -> list[BasketLine]:
    rows = BasketLine.objects.filter(basket=basket).order_by("pk")
    lines = list(
        rows.select_related(
            "stockrecord", "product__parent", "product__region", "product__vendor__home_region"
        )
    )
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
        raise NotEnoughUnits([line.product.called() for line in missing], left=left) from short


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


def _offers(basket: Basket, lines: list[BasketLine], checkout: CheckoutData) -> SaleOffers:
    """What offers take off now. Raises OfferGone where one that the buyer was shown takes off less."""
    priced = [Priced(line.pk, line.product, line_amount(line)) for line in lines]
    currency = lines[0].stockrecord.price_currency
    offers = sale_offers(basket, priced, currency=currency, person=checkout.user)
    for title, key, amount in checkout.shown_offers:
        if offers.shown.get(key, ZERO) < amount:
            raise OfferGone(title)
    return offers


def _parts(lines: list[BasketLine], checkout: CheckoutData, offers: SaleOffers) -> list[Part]:
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
        Part(
            vendor,
            own,
            packages[vendor].total,
            _chosen(vendor, offered[vendor.pk], checkout.delivery.get(vendor.pk)),
            rates,
            offers,
        )
        for vendor, own in by_vendor.items()
    ]


def _package(lines: list[BasketLine]) -> Package:
    return Package(
        total=sum((line_amount(line) for line in lines), ZERO),
        grams=sum(line.product.sent_grams * line.quantity for line in lines),
        spoils=any(line.product.spoils for line in lines),
    )


def _chosen(vendor: Partner, offered: Offered, code: str | None) -> DeliveryOption:
    for option in offered.options:
        if option.code == code:
            return option
    raise NoDelivery(vendor.name, offered.refusal)
