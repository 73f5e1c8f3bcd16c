"""Which ways of sending a group offers for a package, at what price, and why none carries it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.domain.delivery import ZONES, Package, Refusal, covers, price_of
from orders.shipping.models import DeliveryMethod
from regions.selectors.register import addressed_place
from vendors.models import Partner

# Seen from the group, not from the address: it may know no more than the country.
_REACHES: Mapping[str, str | Promise] = {
    "place": _("its own gewog or district"),
    "state": _("its own dzongkhag or state"),
    "home": _("its own country"),
    "abroad": _("other countries"),
}
REFUSALS: Mapping[Refusal, str | Promise] = {
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

    state, town: names as in the place tree, also those of before; a town that is no gewog or district ends at the state.
    """
    place = addressed_place(country_code, state=state, town=town) if state.strip() else None
    return place.path if place else f"{country_code}/"


def delivery_options(
    packages: Mapping[Partner, Package], *, currency: str, to_path: str
) -> dict[int, Offered]:
    """Ways each group can send to a place: vendor id -> offered; two queries for all groups.

    packages: vendor (with its home region loaded) -> its package in currency. to_path: from place_path.
    A group with methods of its own offers those only; any other offers the programme's. Of one carrier the narrowest
    zone that takes the package counts: what is too heavy for the bus inside the dzongkhag may go by the bus beyond it.
    """
    methods = _methods(packages, currency)
    return {
        vendor.pk: _offered(methods[vendor.pk], package, home=vendor.home_region.path, to=to_path)
        for vendor, package in packages.items()
    }


def delivery_of_each(
    vendor: Partner, packages: Sequence[Package], *, currency: str, to_path: str
) -> list[Offered]:
    """The same for several packages of one group, each sent alone; two queries for all of them."""
    methods = _methods([vendor], currency)[vendor.pk]
    home = vendor.home_region.path
    return [_offered(methods, package, home=home, to=to_path) for package in packages]


def _methods(vendors: Iterable[Partner], currency: str) -> dict[int, list[DeliveryMethod]]:
    """What each group sends with: its own methods, or the programme's where it has none."""
    groups = list(vendors)
    methods = DeliveryMethod.objects.filter(is_active=True, currency=currency)
    found = methods.filter(vendor__in=groups) | methods.filter(vendor=None)
    by_vendor: dict[int | None, list[DeliveryMethod]] = {}
    for method in found.prefetch_related("steps"):
        by_vendor.setdefault(method.vendor_id, []).append(method)
    return {vendor.pk: by_vendor.get(vendor.pk) or by_vendor.get(None, []) for vendor in groups}


def _offered(methods: Iterable[DeliveryMethod], package: Package, *, home: str, to: str) -> Offered:
    by_carrier: dict[str, list[DeliveryMethod]] = {}
    reaching = [method for method in methods if covers(method.tariff, home=home, to=to)]
    for method in sorted(reaching, key=lambda method: ZONES.index(method.zone)):
        by_carrier.setdefault(method.carrier, []).append(method)
    refusals: set[Refusal] = set()
    options: list[DeliveryOption] = []
    for own in by_carrier.values():
        options += _narrowest(own, package, refusals)
    if options:
        return Offered(sorted(options, key=lambda option: (option.price, option.days_max, option.code)))
    # What is too heavy can be sent in parts; that is said first.
    for refusal in (Refusal.WEIGHT, Refusal.SPOILS):
        if refusal in refusals:
            return Offered([], REFUSALS[refusal])
    return Offered([], _not_there(methods))


def _narrowest(
    methods: Sequence[DeliveryMethod], package: Package, refusals: set[Refusal]
) -> list[DeliveryOption]:
    """Of one carrier's methods, from the narrowest zone on, those of the first zone that takes the package."""
    found: list[DeliveryOption] = []
    zone = ""
    for method in methods:
        if found and method.zone != zone:
            break
        price = price_of(method.tariff, package)
        if isinstance(price, Refusal):
            refusals.add(price)
            continue
        zone = method.zone
        found.append(_option(method, price, package))
    return found


def _not_there(methods: Iterable[DeliveryMethod]) -> str:
    """Where the group does send to, narrowest first, since the chosen place is not among it."""
    zones = {method.zone for method in methods}
    reaches = [str(words) for zone, words in _REACHES.items() if zone in zones]
    if not reaches:
        return gettext("This group does not send anything now. Take its goods out of the basket to go on.")
    if any(method.countries for method in methods):
        words = gettext(
            "This group does not send there. It sends to: %(places)s (not to all of them). "
            "Choose another address, or take its goods out of the basket."
        )
    else:
        words = gettext(
            "This group does not send there. It sends to: %(places)s. "
            "Choose another address, or take its goods out of the basket."
        )
    return words % {"places": ", ".join(reaches)}


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
