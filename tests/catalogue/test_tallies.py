"""Numbers of listings that are kept as sums equal a count of the listings, whatever happened and in which order."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from catalogue.models import ListingTally, Product
from catalogue.selectors.categories import category_counts
from catalogue.selectors.facets import narrowers
from catalogue.selectors.kinds import Kinds
from catalogue.selectors.places import counts_by_path
from catalogue.selectors.search import Wish, find
from catalogue.services import tallies
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race, until_waiting
from vendors.models import Partner

pytestmark = pytest.mark.django_db

OTHER_KIND = Partner.Kind.values[-1]


def kept():
    rows = ListingTally.objects.order_by().values_list("region_id", "kind", "root")
    return {row[:3]: row[3] for row in rows.annotate(found=Sum("change")).filter(found__gt=0)}


def counted():
    found = Counter()
    rows = Product.objects.live().whole().filter(price_from__isnull=False)
    for listing in rows.select_related("vendor").prefetch_related("categories"):
        for root in {"", *(each.path[:4] for each in listing.categories.all())}:
            found[(listing.region_id, str(listing.vendor.kind), root)] += 1
    return dict(found)


@pytest.fixture
def paro():
    """A dzongkhag."""
    return RegionFactory(dzongkhag=True, code="BT-11")


@pytest.fixture
def shop(paro):
    """Two groups of two places with listings in four categories of two roots."""
    roots = [CategoryFactory(), CategoryFactory()]
    categories = [*roots, CategoryFactory(parent=roots[0]), CategoryFactory(parent=roots[0])]
    places = [RegionFactory(parent=paro, code="BT-11-DOGA"), paro]
    groups = [VendorFactory(home_region=place) for place in places]
    for number in range(8):
        ListingFactory(vendor=groups[number % 2], region=places[0], categories=categories[: number % 4])
    return categories, groups, places


def put(rows, state):
    """Listings in a state, as their rules of the database ask."""
    rows.update(state=state, is_public=state == "live", published_at=timezone.now())


def change_something(dice, categories, groups, places):
    """One of the changes that put listings on sale or take them away."""
    listing = dice.choice(list(Product.objects.order_by("pk")))
    row = Product.objects.filter(pk=listing.pk)
    group = Partner.objects.filter(pk=dice.choice(groups).pk)
    other = dice.choice(groups)
    changes = [
        lambda: put(row, dice.choice(["live", "live", "withdrawn", "submitted"])),
        lambda: put(Product.objects.all(), "live"),
        lambda: row.update(region=dice.choice(places), vendor=other),
        lambda: row.update(price_from=dice.choice([None, 1])),
        lambda: listing.categories.set(dice.sample(categories, dice.randint(0, 4))),
        lambda: listing.categories.clear(),
        lambda: listing.delete(),
        lambda: group.update(state=dice.choice(["approved", "approved", "suspended", "closed"])),
        lambda: group.update(kind=dice.choice(Partner.Kind.values)),
        lambda: ListingFactory(vendor=other, region=dice.choice(places), categories=categories[:2]),
        tallies.recount,
    ]
    dice.choice(changes)()


@pytest.mark.parametrize("seed", range(6))
def test_sums_equal_a_count_after_any_changes(shop, seed):
    dice = random.Random(seed)
    for _ in range(40):
        change_something(dice, *shop)
        assert kept() == counted()


@pytest.mark.parametrize(
    ("table", "trigger"),
    [
        ("catalogue_product", "listing_tallied"),
        ("partner_partner", "group_tallied"),
        ("catalogue_productcategory", "added_category_tallied"),
        ("catalogue_productcategory", "removed_category_tallied"),
    ],
)
def test_control_without_one_trigger_sums_go_wrong(shop, table, trigger):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    dice, differs = random.Random(1), 0
    for _ in range(60):
        change_something(dice, *shop)
        differs += kept() != counted()

    assert differs


def test_a_change_that_is_taken_back_leaves_no_number(shop):
    before = kept()
    with transaction.atomic():
        put(Product.objects.all(), "withdrawn")
        assert kept() == {}
        transaction.set_rollback(True)

    assert kept() == before


def test_a_recount_puts_one_row_in_the_place_of_many_and_mends_what_is_wrong(shop):
    put(Product.objects.all(), "withdrawn")
    put(Product.objects.all(), "live")
    ListingTally.objects.create(region=shop[2][0], kind="association", root="", change=7)
    assert kept() != counted()

    rows = tallies.recount()

    assert kept() == counted()
    assert rows == ListingTally.objects.count() == len(counted())


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_recounts_at_once_count_once(is_guarded, paro, monkeypatch):
    ListingFactory.create_batch(3, region=paro)
    contenders = 4
    if not is_guarded:
        monkeypatch.setattr(tallies, "_LOCK", "SELECT %s")

    # Nobody can end before all have seen the rows that each of them replaces.
    with ThreadPoolExecutor(1) as beside, transaction.atomic():
        list(ListingTally.objects.select_for_update())
        outcomes = beside.submit(race, tallies.recount, contenders=contenders)
        until_waiting(contenders)
        transaction.set_rollback(True)

    assert outcomes.result() == [None] * contenders
    assert (kept() == counted()) is is_guarded


def test_places_and_kinds_are_read_from_the_sums(shop, paro, django_assert_num_queries):
    roots = Counter()
    for (_region, _kind, root), number in counted().items():
        roots[root] += number
    names = {category.path: category.name for category in shop[0][:2]}
    expected = {names[root]: number for root, number in roots.items() if root}

    with django_assert_num_queries(2):
        assert counts_by_path()[paro.path] == 8
        assert {row.name: row.listings for row in category_counts(paro)} == expected


@pytest.mark.parametrize("sort", ["best", "cheap"])
def test_filters_count_the_same_by_kept_sums_as_by_listings(shop, paro, sort):
    categories, groups, places = shop
    Partner.objects.filter(pk=groups[0].pk).update(kind=OTHER_KIND)
    wishes = [
        Wish(sort=sort),
        Wish(place=paro, sort=sort),
        Wish(place=places[0], kind=OTHER_KIND, sort=sort),
        Wish(category=categories[1].slug, place=paro, sort=sort),
    ]
    for wish in wishes:
        found = find(wish)
        by_sums, by_listings = narrowers(found.rows, Kinds(), sums=found.sums), narrowers(found.rows, Kinds())
        assert found.sums is not None
        if wish.category:  # which other kinds its listings are of is not asked for
            by_listings = replace(by_listings, categories=by_sums.categories)
        assert by_sums == by_listings
        assert by_sums.total == found.rows.count() > 0


@pytest.mark.parametrize(
    "more",
    [
        {"words": "honey"},
        {"in_stock": True},
        {"price_min": 1},
        {"certificate": "gi"},
        {"known": 1},
        {"in_season": True},
    ],
)
def test_where_more_is_asked_for_listings_are_counted(shop, paro, more):
    assert find(Wish(place=paro, **more)).sums is None
