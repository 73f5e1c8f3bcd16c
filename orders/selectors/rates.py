"""Which commission rule and which tax rates a sale is made at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from catalogue.models import Product
from marketplace.lib.dates import today_in
from orders.models import CommissionRule, TaxRate
from vendors.models import Partner

NO_TAX = Decimal(0)


@dataclass(frozen=True)
class CommissionRate:
    """A fraction of a line's price, and which rule says so, in words of the record."""

    rate: Decimal
    reason: str


@dataclass(frozen=True)
class SaleRates:
    """The rates of one day's sales, read once; made by sale_rates."""

    rules: Sequence[CommissionRule]
    taxes: Sequence[TaxRate]
    # Paths of the categories of each listing, by its key; a category lies within each path that its own begins with.
    paths: Mapping[int, Sequence[str]]
    day: date | None = None

    def commission(self, vendor: Partner, product: Product) -> CommissionRate:
        """The rate of a line; the most specific rule valid in the group's country on the day."""
        day, fitting = self._day(vendor), []
        for rule in self.rules:
            fits = rule.vendor_id in (None, vendor.pk) and rule.product_id in (None, *_keys(product))
            if fits and _is_valid(rule, day) and self._lies_in(rule, product):
                fitting.append(rule)
        if not fitting:
            return CommissionRate(settings.COMMISSION_RATE, "the programme's usual rate")
        best = max(fitting, key=_rank)
        words = f"rule {best.pk} for {best.subject}, from {best.valid_from:%Y-%m-%d}"
        return CommissionRate(best.rate, f"{words}: {best.note}" if best.note else words)

    def tax(self, vendor: Partner, kind: TaxRate.Kind, product: Product | None = None) -> Decimal:
        """The fraction that the group's country takes on top; 0 where no rate is known. product: for goods."""
        day, country = self._day(vendor), vendor.home_region.country_code
        fitting = [
            rate
            for rate in self.taxes
            if rate.country == country and rate.kind == kind and _is_valid(rate, day)
            if rate.category_id is None or (product is not None and self._lies_in(rate, product))
        ]
        if not fitting:
            return NO_TAX
        return max(fitting, key=lambda rate: (_depth(rate), rate.valid_from, rate.pk)).rate

    def tax_name(self, vendor: Partner, kind: TaxRate.Kind) -> str:
        """What bills of the group's country call this tax; empty where none is known."""
        day, country = self._day(vendor), vendor.home_region.country_code
        named = [
            rate
            for rate in self.taxes
            if rate.country == country and rate.kind == kind and _is_valid(rate, day)
        ]
        return max(named, key=lambda rate: (rate.valid_from, rate.pk)).name if named else ""

    def _day(self, vendor: Partner) -> date:
        return self.day or today_in(vendor.home_region.country_code)

    def _lies_in(self, rule: CommissionRule | TaxRate, product: Product) -> bool:
        if rule.category is None:
            return True
        own = [path for key in _keys(product) for path in self.paths.get(key, ())]
        return any(path.startswith(rule.category.path) for path in own)


def sale_rates(products: Iterable[Product], *, day: date | None = None) -> SaleRates:
    """The rates at which these listings (or sizes of them) are sold; three queries, however many they are.

    day: of the sale, today in each group's country unless given.
    """
    goods = list(products)
    keys = {key for product in goods for key in _keys(product)}
    rules = CommissionRule.objects.select_related("category").filter(
        Q(vendor=None) | Q(vendor__in={product.vendor_id for product in goods}),
        Q(product=None) | Q(product__in=keys),
    )
    paths: dict[int, list[str]] = {}
    placed = Product.categories.through.objects.filter(product__in=keys)
    for key, path in placed.values_list("product_id", "category__path"):
        paths.setdefault(key, []).append(path)
    return SaleRates(list(rules), list(TaxRate.objects.select_related("category")), paths, day)


def _keys(product: Product) -> tuple[int, ...]:
    """The listing's key, and that of the listing it is a size of."""
    return tuple(key for key in (product.pk, product.parent_id) if key is not None)


def _is_valid(rule: CommissionRule | TaxRate, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_until is None or day <= rule.valid_until)


def _rank(rule: CommissionRule) -> tuple[bool, bool, bool, int, date, int]:
    kind = (rule.product_id is not None, rule.vendor_id is not None, rule.category_id is not None)
    return (*kind, _depth(rule), rule.valid_from, rule.pk)


def _depth(rule: CommissionRule | TaxRate) -> int:
    return rule.category.depth if rule.category else 0
