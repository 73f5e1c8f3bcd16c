"""What goes into a basket: only what is for sale now, in one currency, no more than is there."""

from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Sum
from django.utils.formats import date_format

from catalogue.models import Product
from catalogue.selectors.licences import unlicensed
from orders.basket.models import Basket, Line
from orders.errors import (
    BasketClosed,
    ForeignCurrency,
    GroupClosed,
    NoLicence,
    NotEnoughUnits,
    NotForSale,
    QuantityOutOfRange,
)
from vendors.models import StockRecord

# For so long a form that is sent again is known: whoever comes back to an old page later means it.
SAME_FORM_SECONDS = 24 * 60 * 60


@transaction.atomic
def add_once(basket: Basket, product_pk: int, quantity: int, *, form_key: str) -> Line:
    """Put units into a basket as add_to_basket does; the same form sent again changes nothing while its line is there.

    form_key: of the form, made anew for each page; empty for one that has none, and then every time counts. Raises the
    errors of add_to_basket, and what was refused may be sent again.
    """
    if basket.pk is not None:
        # Of two that come at once the second waits here, and then finds what the first has written down.
        lock_basket(basket)
        if form_key and cache.get(_form_mark(basket, product_pk, quantity, form_key)):
            there = Line.objects.filter(basket=basket, product=product_pk).first()
            if there is not None:
                return there
    line = add_to_basket(basket, product_pk, quantity)
    if form_key:
        cache.set(_form_mark(basket, product_pk, quantity, form_key), 1, SAME_FORM_SECONDS)
    return line


def _form_mark(basket: Basket, product_pk: int, quantity: int, form_key: str) -> str:
    # Another size or number on the same page is another wish.
    whole = f"{product_pk} {quantity} {form_key}"
    return f"put-in:{basket.pk}:{sha256(whole.encode()).hexdigest()}"


@transaction.atomic
def add_to_basket(basket: Basket, product_pk: int, quantity: int) -> Line:
    """Put units of a listing or size into a basket; a line that is there already grows.

    basket: the visitor's, perhaps not saved yet. Raises NotForSale (NoLicence), QuantityOutOfRange, NotEnoughUnits,
    GroupClosed, ForeignCurrency or BasketClosed, and changes nothing.
    """
    stock = stock_for_sale(product_pk)
    _check_quantity(quantity)
    if basket.pk is None:
        # Asked before saving too: a rollback takes the row away, but leaves its number on the object.
        _check_units(stock, quantity)
        basket.save()
    lock_basket(basket)
    line = Line.objects.filter(basket=basket, stockrecord=stock).first()
    wanted = quantity + (line.quantity if line else 0)
    _check_room(basket, line, wanted)
    _check_units(stock, wanted)
    others = basket.lines.exclude(price_currency=stock.price_currency)
    if others.exists():
        raise ForeignCurrency
    if line is None:
        line = Line(
            basket=basket, product_id=product_pk, stockrecord=stock, line_reference=f"{product_pk}-{stock.pk}"
        )
    line.quantity = wanted
    line.price_currency = stock.price_currency
    line.price_excl_tax = line.price_incl_tax = stock.price
    line.save()
    forget_cached_lines(basket)
    return line


@transaction.atomic
def set_quantity(basket: Basket, line_pk: int, quantity: int) -> Line:
    """Set the units of a line of this basket.

    Raises Line.DoesNotExist for another basket's line, and the errors of add_to_basket.
    """
    _check_quantity(quantity)
    if basket.pk is None:
        raise Line.DoesNotExist
    lock_basket(basket)
    line = Line.objects.select_related("stockrecord").get(pk=line_pk, basket=basket)
    stock = stock_for_sale(line.product_id)
    _check_room(basket, line, quantity)
    if quantity > line.quantity:
        _check_units(stock, quantity)
    line.quantity = quantity
    line.save(update_fields=["quantity", "date_updated"])
    forget_cached_lines(basket)
    return line


@transaction.atomic
def remove_line(basket: Basket, line_pk: int) -> None:
    """Take a line out of this basket; one that is gone already is gone. Raises BasketClosed."""
    if basket.pk is None:
        return
    lock_basket(basket)
    Line.objects.filter(pk=line_pk, basket=basket).delete()
    forget_cached_lines(basket)


def stock_for_sale(product_pk: int) -> StockRecord:
    """The stock of a listing or size that can be bought now. Raises NotForSale (NoLicence) or GroupClosed."""
    # Asked again here, not only on the page: an id can be posted without any page.
    live = Product.objects.live().select_related("vendor__home_region")
    product = live.filter(pk=product_pk).exclude(structure=Product.PARENT).first()
    stock = StockRecord.objects.select_related("product").filter(product=product).first() if product else None
    if product is None or stock is None:
        raise NotForSale
    if product.vendor.is_closed_on(product.vendor.today):
        raise GroupClosed(product.vendor.name, date_format(product.vendor.closed_until, "j F Y"))
    if unlicensed([product.parent_id or product.pk]):
        raise NoLicence
    return stock


def lock_basket(basket: Basket) -> None:
    """Wait for the row of a saved basket, before anything else is locked. Raises BasketClosed."""
    locked = Basket.objects.select_for_update().filter(pk=basket.pk).first()
    # One that lay for long may be cleared away while somebody comes back to it.
    if locked is None or not locked.can_be_edited:
        raise BasketClosed


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD:
        raise QuantityOutOfRange


def _check_room(basket: Basket, line: Line | None, wanted: int) -> None:
    others = basket.lines.exclude(pk=line.pk if line else None)
    in_others = others.aggregate(units=Sum("quantity", default=0))["units"]
    if in_others + wanted > settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD:
        raise QuantityOutOfRange


def _check_units(stock: StockRecord, wanted: int) -> None:
    left = stock.num_in_stock - stock.num_allocated
    if wanted > left:
        raise NotEnoughUnits([stock.product.called()], left=left)


def forget_cached_lines(basket: Basket) -> None:
    """Let the basket in memory read its lines again."""
    basket.reset_offer_applications()
