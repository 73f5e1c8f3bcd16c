"""Which ways of sending a group offers for a basket, and at what price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from orders.shipping.models import DeliveryMethod
from vendors.models import Partner


@dataclass(frozen=True)
class DeliveryOption:
    """One way of sending everything of one group; price in currency, tax included; days from payment."""

    code: str
    name: str
    carrier: str
    price: Decimal
    currency: str
    days_min: int
    days_max: int


def delivery_options(
    goods: Mapping[Partner, Decimal], *, currency: str, country_code: str
) -> dict[int, list[DeliveryOption]]:
    """Ways each group can send to a country, cheapest first: vendor id -> options, one query for all groups.

    goods: vendor (with its home region loaded) -> goods total in currency. country_code: "BT", "IN" and so on.
    A group with methods of its own offers those only; any other offers the programme's.
    """
    methods = DeliveryMethod.objects.filter(is_active=True, currency=currency)
    by_vendor: dict[int | None, list[DeliveryMethod]] = {}
    for method in methods.filter(vendor__in=goods) | methods.filter(vendor=None):
        by_vendor.setdefault(method.vendor_id, []).append(method)
    return {
        vendor.pk: _options(
            by_vendor.get(vendor.pk) or by_vendor.get(None, []),
            goods_total=total,
            is_home=vendor.home_region.country_code == country_code,
        )
        for vendor, total in goods.items()
    }


def _options(
    methods: Iterable[DeliveryMethod], *, goods_total: Decimal, is_home: bool
) -> list[DeliveryOption]:
    zone = DeliveryMethod.Zone.HOME if is_home else DeliveryMethod.Zone.ABROAD
    options = [
        DeliveryOption(
            code=method.code,
            name=method.name,
            carrier=method.carrier,
            price=Decimal(0)
            if method.free_above is not None and goods_total >= method.free_above
            else method.price,
            currency=method.currency,
            days_min=method.days_min,
            days_max=method.days_max,
        )
        for method in methods
        if method.zone in (zone, DeliveryMethod.Zone.ANYWHERE)
    ]
    return sorted(options, key=lambda option: (option.price, option.days_max, option.code))
