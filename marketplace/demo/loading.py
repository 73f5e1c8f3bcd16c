"""Loading of the demonstration data: all of it once, and nothing the second time."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.models import Product
from catalogue.pictures import VARIANTS
from catalogue.services.listings import goods_class
from catalogue.services.vocabulary import refresh_vocabulary
from marketplace.demo.applications import write_draft, write_papers, write_stories
from marketplace.demo.categories import write_categories
from marketplace.demo.certificates import write_certificates
from marketplace.demo.curation import write_curation
from marketplace.demo.listings import Spec, description_of, place_words, write_listings
from marketplace.demo.money import write_money
from marketplace.demo.people import DRAFT_GROUP, LOGINS, write_buyers, write_logins, write_members
from marketplace.demo.pictures import Drawing, drawings_of, write_missing
from marketplace.demo.plan import Group, Offer, groups, trades
from marketplace.demo.vendors import (
    state_of,
    write_cash_rules,
    write_delivery,
    write_more_vendors,
    write_vendors,
)
from people.models import User
from programme.services.impact_publishing import publish_closed_months
from regions.models import IdentifiedProduct, Region
from vendors.models import Partner

DEFAULT_LISTINGS = 400
BUYERS = 40
BATCH = 5_000
LISTINGS_PER_GROUP = 50
State = Product.State
# Every so many of the listings of approved groups stand elsewhere than on sale.
_OFF_SALE = (
    (41, 7, State.DRAFT),
    (53, 11, State.SUBMITTED),
    (67, 19, State.RETURNED),
    (89, 29, State.WITHDRAWN),
    (131, 61, State.REJECTED),
)
_CHARACTERS = (
    "Village",
    "Hill",
    "Small-batch",
    "Winter",
    "Spring",
    "Everyday",
    "Festive",
    "Old-style",
    "Fine",
)


class PlacesMissing(Exception):
    """The reference data have not been loaded."""


@dataclass
class Report:
    """What a run has written, and how long it took in seconds."""

    groups: int = 0
    listings: int = 0
    orders: int = 0
    pictures: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def has_written(self) -> bool:
        """Whether the run changed anything."""
        return any((self.groups, self.listings, self.orders, self.pictures))


@dataclass(frozen=True)
class _World:
    """What listings refer to, by code, name or short name."""

    places: dict[str, Region]
    products: dict[tuple[str, str], IdentifiedProduct]
    vendors: dict[str, Partner]
    categories: dict[str, Any]
    class_pk: int


def load(listings: int = DEFAULT_LISTINGS, *, say: Callable[[str], None] = print) -> Report:
    """Load the demonstration data up to that many listings; what is there already stays as it is.

    Raises PlacesMissing before load_reference_data has run.
    """
    report, now = Report(), timezone.now()
    there = Product.objects.whole().filter(is_example=True).count()
    is_first = not User.objects.filter(email=LOGINS[0].email).exists()
    if is_first or there < listings:
        world = _first_part(report, listings, now=now) if is_first else _world()
        there = there or report.listings
        _write_rest(report, world, there, listings, now=now, say=say)
    started = time.monotonic()
    report.pictures = write_missing(_drawings())
    refresh_vocabulary()
    report.seconds["pictures"] = time.monotonic() - started
    return report


@transaction.atomic
def _first_part(report: Report, listings: int, *, now: datetime) -> _World:
    """People, groups, the planned listings and past orders: all of it or nothing."""
    started = time.monotonic()
    places = {place.code: place for place in Region.objects.all()}
    if not places:
        raise PlacesMissing("no places: run load_reference_data first")
    categories = write_categories()
    write_logins()
    moderator = User.objects.get(email="moderator@example.org")
    vendors = write_vendors(places, now=now, moderator=moderator)
    vendors[DRAFT_GROUP] = write_draft(places, now=now)
    write_members(vendors)
    write_delivery(vendors)
    write_cash_rules(places, vendors)
    world = _World(places, _products(), vendors, categories, goods_class().pk)
    planned = min(listings, DEFAULT_LISTINGS)
    specs = list(_specs(world, range(planned)))
    write_listings(specs, class_pk=world.class_pk, now=now, moderator_pk=moderator.pk)
    write_certificates(specs, places=places, now=now, moderator=moderator)
    write_stories(vendors)
    write_papers(vendors)
    report.groups, report.listings = len(vendors), len(specs)
    report.orders = write_money(write_buyers(BUYERS), now=now)
    write_curation(vendors, moderator=moderator)
    publish_closed_months()
    report.seconds["rows"] = time.monotonic() - started
    return world


def _write_rest(
    report: Report, world: _World, there: int, wanted: int, *, now: datetime, say: Callable[[str], None]
) -> None:
    """Write listings batch by batch, each in its own transaction: a run that was stopped goes on where it was."""
    started, first = time.monotonic(), there
    moderator = User.objects.get(email="moderator@example.org")
    places = [
        place for place in world.places.values() if place.depth > 0 and place.country_code in ("BT", "IN")
    ]
    while there < wanted:
        numbers = range(there, min(there + BATCH, wanted))
        with transaction.atomic():
            _vendors_for(report, world, numbers, places=places, now=now)
            specs = list(_specs(world, numbers))
            write_listings(specs, class_pk=world.class_pk, now=now, moderator_pk=None)
            write_certificates(specs, places=world.places, now=now, moderator=moderator)
        there = numbers.stop
        rate = (there - first) / (time.monotonic() - started)
        say(f"{there} of {wanted} listings, {rate:.0f} a second")
    report.listings += there - first
    report.seconds["further listings"] = time.monotonic() - started


def _specs(world: _World, numbers: range) -> Iterator[Spec]:
    planned = _planned()
    for number in numbers:
        if number < len(planned):
            yield _planned_spec(world, number, *planned[number])
        else:
            yield _further_spec(world, number)


@cache
def _planned() -> list[tuple[int, int, Group, Offer]]:
    """Offers of the plan, then gift boxes of groups that make food: number of group and offer, group, offer."""
    planned = [
        (place, number, group, offer)
        for place, group in enumerate(groups())
        for number, offer in enumerate(group.offers)
    ]
    for place, group in enumerate(groups()):
        first = group.offers[0]
        if trades()[first.trade].unit != "piece":
            box = Offer(f"Gift box of {group.name}", "gift-box", first.product, first.product_place)
            planned.append((place, len(group.offers), group, box))
    return planned[:DEFAULT_LISTINGS]


def _planned_spec(world: _World, number: int, place: int, within: int, group: Group, offer: Offer) -> Spec:
    region, trade = world.places[group.place], trades()[offer.trade]
    first = trades()[group.offers[0].trade]
    category = first.category if offer.trade == "gift-box" else trade.category
    return Spec(
        number=number,
        title=offer.title,
        trade=trade,
        vendor=world.vendors[group.name],
        region=region,
        place_words=place_words(region, world.places),
        product=world.products[offer.product_place, offer.product],
        category_pk=world.categories[category].pk,
        photos=_photos()[number],
        description=description_of(group, offer, region, trade),
        state=_state(number, place),
    )


@cache
def _photos() -> list[tuple[Drawing, ...]]:
    """Pictures of the planned listings, one or two each."""
    # A box shows what the group is best known for, once more and differently.
    drawn = {group: drawings_of([*group.offers, group.offers[0]], place=group.place) for group in groups()}
    photos: list[tuple[Drawing, ...]] = []
    for number, (_place, within, group, _offer) in enumerate(_planned()):
        first = drawn[group][within]
        second = replace(first, variant=(first.variant + 2) % VARIANTS)
        photos.append((first, second) if number % 5 == 0 else (first,))
    return photos


def _state(number: int, place: int) -> Product.State:
    vendor_state = state_of(place)
    if vendor_state == Partner.State.APPLIED:
        return State.SUBMITTED
    if vendor_state == Partner.State.RETURNED:
        return State.DRAFT
    if vendor_state == Partner.State.APPROVED:
        return next((state for every, at, state in _OFF_SALE if number % every == at), State.LIVE)
    return State.LIVE


def _further_spec(world: _World, number: int) -> Spec:
    lot = random.Random(f"further listing {number}")
    vendor = world.vendors[_further_code(number)]
    region = vendor.home_region
    trade = lot.choice([each for each in trades().values() if each.name != "gift-box"])
    drawn = lot.choice(_drawings())
    return Spec(
        number=number,
        title=f"{lot.choice(_CHARACTERS)} {trade.noun} of {region.name}",
        trade=trade,
        vendor=vendor,
        region=region,
        place_words=place_words(region, world.places),
        product=None,
        category_pk=world.categories[trade.category].pk,
        photos=(drawn,),
        description=f"Example: {trade.noun} made to try the marketplace with many listings. {trade.making}",
        state=State.LIVE,
    )


def _vendors_for(
    report: Report, world: _World, numbers: range, *, places: list[Region], now: datetime
) -> None:
    """Have the groups of these further listings at hand, writing those that are missing."""
    codes = sorted({_further_number(number) for number in numbers if number >= DEFAULT_LISTINGS})
    wanted = [f"example-group-{code}" for code in codes if f"example-group-{code}" not in world.vendors]
    there = Partner.objects.filter(code__in=wanted).select_related("home_region")
    world.vendors.update((vendor.code, vendor) for vendor in there)
    missing = [code for code in codes if f"example-group-{code}" not in world.vendors]
    if missing:
        made = write_more_vendors(places, first=missing[0], count=missing[-1] - missing[0] + 1, now=now)
        world.vendors.update((vendor.code, vendor) for vendor in made)
        report.groups += len(made)


def _further_number(number: int) -> int:
    return (number - DEFAULT_LISTINGS) // LISTINGS_PER_GROUP + 1


def _further_code(number: int) -> str:
    return f"example-group-{_further_number(number)}"


def _world() -> _World:
    """The world as an earlier run has written it."""
    vendors = Partner.objects.filter(name__in=[group.name for group in groups()], is_example=True)
    by_name = {vendor.name: vendor for vendor in vendors.select_related("home_region")}
    places = {place.code: place for place in Region.objects.all()}
    return _World(places, _products(), by_name, write_categories(), goods_class().pk)


def _products() -> dict[tuple[str, str], IdentifiedProduct]:
    """Identified products by code of their place and name; of two schemes the first counts."""
    rows = IdentifiedProduct.objects.standing().select_related("region").order_by("-pk")
    return {(row.region.code, row.name): row for row in rows}


@cache
def _drawings() -> list[Drawing]:
    """All pictures of the plan."""
    return [drawing for photos in _photos() for drawing in photos]
