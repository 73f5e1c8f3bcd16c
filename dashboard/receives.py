"""What a group receives of one unit sold at a price now."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from catalogue.models import Product
from orders.domain.commission import kept_back
from orders.models import TaxRate
from orders.selectors.rates import SaleRates, sale_rates
from vendors.models import Partner

_TYPED = -1


def receives(listing: Product, price: Decimal, rates: SaleRates) -> Decimal:
    """The price without commission and the tax on it, as a sale of today freezes them."""
    rate = rates.commission(listing.vendor, listing).rate
    kept = kept_back([(price, rate)], tax_rate=rates.tax(listing.vendor, TaxRate.Kind.COMMISSION))
    return price - kept.commission - kept.tax


def receives_while_typing(
    vendor: Partner, price: Decimal, *, listing: Product | None, category: Any = None
) -> Decimal:
    """The same before anything is saved. listing: the one that is written, if there is one; category: chosen now."""
    shown = listing or Product(pk=_TYPED, vendor=vendor)
    rates = sale_rates([shown])
    if category is not None:
        rates = replace(rates, paths={shown.pk: [category.path]})
    return receives(shown, price, rates)
