"""Which ways of sending a group offers for a package, at what price, and why none carries it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.domain.delivery import ZONES, Package, Refusal, covers, price_of
from orders.shipping.models import DeliveryMethod
from regions.models import Region
from vendors.models import Partner

REFUSALS: Mapping[Refusal, str | Promise] = {
    Refusal.ZONE: _(
        "This group does not send to the country you chose. Choose another address, or take its goods out of the basket."
    ),
    Refusal.WEIGHT: _(
        "This is heavier than any way of sending of this group carries. Take some of it out of the basket and order it "
        "separately."
    ),
    Refusal.SPOILS: _(
        "Some of it spoils before it would arrive there. Take those goods out of the basket, or choose another address."
    ),
}


@dataclass(frozen=True)
class DeliveryOption:
    """One way of sending everything of one group; price in currency, tax included; days from payment, packing included.

    grams: weight that was priced. pick_up_address: where the buyer fetches it; empty for other carriers.
    """

    code: str
    name: str
    carrier: str
    price: Decimal
    currency: str
    days_min: int
    days_max: int
    zone: str
    grams: int
    pick_up_address: str


@dataclass(frozen=True)
class Offered:
    """Ways to send one group's package, cheapest first; refusal: why there is none, what to do; empty with options."""

    options: list[DeliveryOption]
    refusal: str | Promise = ""


def place_path(country_code: str, *, state: str = "", town: str = "") -> str:
    """Path of the place that an address names, as deep as its words are known; one query where a state is named.

    state, town: names as in the place tree; a town that is no gewog or district ends at the state.
    """
    path = f"{country_code}/"
    if not state.strip():
        return path
    rows = Region.objects.filter(path__startswith=path, depth__in=(1, 2))
    found = rows.filter(name__iexact=state.strip(), depth=1) | rows.filter(
        name__iexact=town.strip(), depth=2, parent__name__iexact=state.strip()
    )
    return max(found.values_list("path", flat=True), key=len, default=path)


def delivery_options(
    packages: Mapping[Partner, Package], *, currency: str, to_path: str
) -> dict[int, Offered]:
    """Ways each group can send to a place: vendor id -> offered; two queries for all groups.

    packages: vendor (with its home region loaded) -> its package in currency. to_path: from place_path.
    A group with methods of its own offers those only; any other offers the programme's.
    """
    methods = DeliveryMethod.objects.filter(is_active=True, currency=currency)
    found = methods.filter(vendor__in=packages) | methods.filter(vendor=None)
    by_vendor: dict[int | None, list[DeliveryMethod]] = {}
    for method in found.prefetch_related("steps"):
        by_vendor.setdefault(method.vendor_id, []).append(method)
    return {
        vendor.pk: _offered(
            by_vendor.get(vendor.pk) or by_vendor.get(None, []),
            package,
            home=vendor.home_region.path,
            to=to_path,
        )
        for vendor, package in packages.items()
    }


def _offered(methods: Iterable[DeliveryMethod], package: Package, *, home: str, to: str) -> Offered:
    options: list[DeliveryOption] = []
    refusals: set[Refusal] = set()
    for method in _narrowest([each for each in methods if covers(each.tariff, home=home, to=to)]):
        price = price_of(method.tariff, package)
        if isinstance(price, Refusal):
            refusals.add(price)
            continue
        options.append(_option(method, price, package))
    if options:
        return Offered(sorted(options, key=lambda option: (option.price, option.days_max, option.code)))
    # What is too heavy can be sent in parts; that is said first.
    order = (Refusal.WEIGHT, Refusal.SPOILS)
    return Offered([], REFUSALS[next((each for each in order if each in refusals), Refusal.ZONE)])


def _narrowest(methods: list[DeliveryMethod]) -> list[DeliveryMethod]:
    """Of each carrier the methods of its narrowest zone."""
    best: dict[str, int] = {}
    for method in methods:
        rank = ZONES.index(method.zone)
        best[method.carrier] = min(best.get(method.carrier, rank), rank)
    return [method for method in methods if ZONES.index(method.zone) == best[method.carrier]]


def _option(method: DeliveryMethod, price: Decimal, package: Package) -> DeliveryOption:
    return DeliveryOption(
        code=method.code,
        name=method.name,
        carrier=method.carrier,
        price=price,
        currency=method.currency,
        days_min=method.days_min + method.preparation_days,
        days_max=method.days_max + method.preparation_days,
        zone=method.zone,
        grams=package.grams,
        pick_up_address=method.pick_up_address,
    )
