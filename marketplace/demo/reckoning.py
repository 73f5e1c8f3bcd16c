"""What is kept back of a part of a past sale, and the tax within its prices, at the rates of its day."""

from dataclasses import dataclass, replace
from decimal import Decimal

from marketplace.demo.sales import ZERO, Part, Sale
from orders.domain.commission import KeptBack, kept_back
from orders.domain.tax import tax_within
from orders.models import TaxRate
from orders.selectors.rates import CommissionRate, SaleRates


@dataclass(frozen=True)
class Reckoned:
    """One part's commission and taxes; what is said by goods stands in the order of the goods."""

    part: Part
    prices: list[Decimal]
    rates: list[CommissionRate]
    kept: KeptBack
    commission_tax_rate: Decimal
    goods_tax_rates: list[Decimal]
    delivery_tax_rate: Decimal
    goods_tax_name: str
    delivery_tax_name: str

    @property
    def goods_tax(self) -> Decimal:
        """Tax that the prices of all goods contain."""
        pairs = zip(self.prices, self.goods_tax_rates, strict=True)
        return sum((tax_within(price, rate) for price, rate in pairs), ZERO)

    @property
    def delivery_tax(self) -> Decimal:
        """Tax that the price of delivery contains."""
        return tax_within(self.part.delivery.price, self.delivery_tax_rate)

    @property
    def one_rate(self) -> Decimal | None:
        """The rate of all goods; None when they have several."""
        return self.rates[0].rate if len({each.rate for each in self.rates}) == 1 else None

    @property
    def one_reason(self) -> str:
        """Why that rate."""
        reasons = {each.reason for each in self.rates}
        return reasons.pop() if len(reasons) == 1 else "differs by line"


def reckon(sale: Sale, part: Part, rates: SaleRates) -> Reckoned:
    """Commission and taxes of a part, as placing the order would have frozen them."""
    then = replace(rates, day=sale.placed_at.date())
    prices = [record.price * quantity for record, quantity in part.goods]
    commissions = [then.commission(part.vendor, record.product) for record, _quantity in part.goods]
    tax_rate = then.tax(part.vendor, TaxRate.Kind.COMMISSION)
    lines = [(price, each.rate) for price, each in zip(prices, commissions, strict=True)]
    return Reckoned(
        part=part,
        prices=prices,
        rates=commissions,
        kept=kept_back(lines, tax_rate=tax_rate),
        commission_tax_rate=tax_rate,
        goods_tax_rates=[
            then.tax(part.vendor, TaxRate.Kind.GOODS, record.product) for record, _quantity in part.goods
        ],
        delivery_tax_rate=then.tax(part.vendor, TaxRate.Kind.DELIVERY),
        goods_tax_name=then.tax_name(part.vendor, TaxRate.Kind.GOODS),
        delivery_tax_name=then.tax_name(part.vendor, TaxRate.Kind.DELIVERY),
    )
