"""Prices, and the lowest of them that lists show and sort by."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.errors import PriceOutOfRange
from catalogue.models import Product
from vendors.models import StockRecord

HIGHEST = Decimal("9999999999.99")
_CENT = Decimal("0.01")


@transaction.atomic
def set_price(stock_record: StockRecord, price: Decimal) -> StockRecord:
    """Change the price of one listing or size, at any time; orders placed before keep theirs.

    price: in the record's currency, tax included, above zero, at most two decimals. Raises PriceOutOfRange.
    """
    check_price(price)
    whole_pk = stock_record.product.parent_id or stock_record.product_id
    # The listing first: two sizes changed at once must not each keep the other's old price.
    Product.objects.select_for_update(of=("self",), no_key=True).get(pk=whole_pk)
    locked: StockRecord = StockRecord.objects.select_for_update(of=("self",), no_key=True).get(
        pk=stock_record.pk
    )
    locked.price = price
    locked.save(update_fields=["price"])
    refresh_price_from(whole_pk)
    stock_record.price = price
    return locked


def refresh_price_from(whole_pk: int) -> None:
    """Write the lowest price of a listing's sizes beside the listing; the caller holds its row.

    Raises PriceOutOfRange when sizes have different currencies: a lowest price would be meaningless.
    """
    prices = list(
        StockRecord.objects.filter(
            Q(product=whole_pk) | Q(product__parent=whole_pk, product__is_removed=False)
        )
        .order_by("price")
        .values_list("price", "price_currency")
    )
    if len({currency for _price, currency in prices}) > 1:
        raise PriceOutOfRange(_("All sizes of a listing have prices in one currency."))
    price, currency = prices[0] if prices else (None, "")
    Product.objects.filter(pk=whole_pk).update(price_from=price, price_currency=currency)


def check_price(price: Decimal) -> None:
    """Raise PriceOutOfRange unless the price is an amount that can be charged."""
    if not price.is_finite() or not 0 < price <= HIGHEST:
        raise PriceOutOfRange(_("Write a price above zero."))
    if price != price.quantize(_CENT):
        raise PriceOutOfRange(_("Write a price with at most two decimals."))
