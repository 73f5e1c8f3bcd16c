"""Places take turns: fair over weeks, drawn once a day, and the office may add or leave out."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from programme.domain.turns import Waiting, turns
from programme.models import FeaturedListing, FeaturedTurn
from programme.services import featuring
from programme.tasks import draw_turns
from storefront.shelves import country_shelf, home_shelves
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.programme import CollectionFactory, FeaturedChoiceFactory
from tests.factories.regions import CountryFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race

DAY = date(2026, 11, 28)


def two_hundred():
    """One place with 5,000 listings, 199 with 1 to 20."""
    small = [Waiting(key, f"BT-{key}", 1 + key % 20) for key in range(1, 200)]
    return [Waiting(0, "BT-0", 5_000, sold=9_000), *small]


def shown(places, days, count=8):
    """Turns of each place after so many days, and the keys in order."""
    served, order = set(), []
    for number in range(days):
        for turn in turns(places, served=set(served), day=DAY + timedelta(number), count=count):
            if turn.is_new_round and len(served) >= len(places):
                served = set()
            served.add(turn.key)
            order.append(turn.key)
    return order


def test_over_whole_rounds_every_place_of_two_hundred_had_exactly_as_many_turns():
    order = shown(two_hundred(), days=100)

    assert Counter(order) == dict.fromkeys(range(200), 4)


@pytest.mark.parametrize("count", [7, 8])
def test_no_place_comes_again_before_all_had_their_turn(count):
    order = shown(two_hundred(), days=60, count=count)

    for start in range(0, len(order), 200):
        assert len(set(order[start : start + 200])) == len(order[start : start + 200])


def test_in_a_round_that_is_not_over_small_places_were_served_first():
    half = shown(two_hundred(), days=12)

    # 96 turns of 200 places: of 40 places with one to four listings 39, of 40 with 17 to 20 fewer than a quarter.
    by_size = Counter((place.listings - 1) // 4 for place in two_hundred()[1:] if place.key in half)
    assert 0 not in half
    assert [by_size[size] for size in range(5)] == sorted(by_size.values(), reverse=True)
    assert by_size[0] >= 3 * by_size[4]


def test_sales_count_like_listings():
    places = [Waiting(1, "BT-1", 10, sold=0), Waiting(2, "BT-2", 1, sold=999)]

    first = Counter(
        turns(places, served=(), day=DAY + timedelta(number), count=1)[0].key for number in range(500)
    )

    # 10 against 1,000: the chance of the second is one in a hundred and one.
    assert first[2] <= 12


def test_the_day_decides_and_fewer_places_than_turns_come_once():
    places = two_hundred()

    same = [turns(places, served=(), day=DAY, count=8) for _ in range(2)]
    next_day = turns(places, served=(), day=DAY + timedelta(1), count=8)

    assert same[0] == same[1] != next_day
    assert [turn.key for turn in turns(places[:3], served=(), day=DAY, count=8)] != []
    assert len(turns(places[:3], served=(), day=DAY, count=8)) == 3
    assert turns([], served=(), day=DAY, count=8) == []


@pytest.fixture
def at(monkeypatch):
    def move(*moment):
        monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))

    return move


def listing_of(place, **kwargs):
    return ListingFactory(vendor=VendorFactory(home_region=place), **kwargs)


def codes(cards):
    return [card.place_code for card in cards]


@pytest.mark.django_db
def test_days_draw_for_home_and_countries_once_and_rounds_go_on(at, monkeypatch):
    # given
    monkeypatch.setattr(featuring, "TURNS", 2)
    places = RegionFactory.create_batch(3)
    india = RegionFactory(district=True)
    listings = {place.pk: listing_of(place) for place in [*places, india]}
    for _ in range(5):
        listing_of(places[0])
    # when
    drawn = []
    for day in range(1, 5):
        at(2026, 12, day, 0, 5)
        drawn += [draw_turns(), draw_turns()]
    # then: home, Bhutan and India each day; the second run of a day draws nothing
    assert drawn == [3, 0] * 4
    home = list(FeaturedTurn.objects.filter(scope="").order_by("day", "position"))
    assert [turn.round for turn in home] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert Counter(turn.region_id for turn in home) == dict.fromkeys(listings, 2)
    assert set(FeaturedTurn.objects.filter(scope="IN").values_list("region", flat=True)) == {india.pk}
    # the one place of India has one turn a day, each in a round of its own
    assert list(FeaturedTurn.objects.filter(scope="IN").order_by("day").values_list("round", flat=True)) == [
        1,
        2,
        3,
        4,
    ]


@pytest.mark.django_db
def test_within_a_place_groups_and_then_listings_that_wait_longest_come_first(at, monkeypatch):
    place = RegionFactory()
    large, small = VendorFactory(home_region=place), VendorFactory(home_region=place)
    many, one = ListingFactory.create_batch(3, vendor=large), ListingFactory(vendor=small)

    for day in range(1, 7):
        at(2026, 12, day, 0, 5)
        draw_turns()

    rows = FeaturedListing.objects.filter(rank=0, turn__scope="").order_by("turn__day")
    shown_pks = [row.listing_id for row in rows]
    assert Counter(pk == one.pk for pk in shown_pks) == {True: 3, False: 3}
    assert {pk for pk in shown_pks if pk != one.pk} == {each.pk for each in many}


@pytest.mark.django_db
def test_what_cannot_be_bought_has_no_turn_and_another_stands_in_when_it_is_sold_out_later(at):
    # given
    at(2026, 12, 1, 0, 5)
    place, empty, closed = RegionFactory.create_batch(3)
    two = [listing_of(place), listing_of(place)]
    listing_of(empty, sold_out=True)
    ListingFactory(
        vendor=VendorFactory(
            home_region=closed, closed_from=date(2026, 11, 1), closed_until=date(2026, 12, 9)
        )
    )
    # when
    draw_turns()
    before = home_shelves().picked
    Product.objects.get(pk=before[0].pk).stockrecords.update(num_in_stock=0)
    after = home_shelves().picked
    # then
    assert codes(before) == [place.code]
    assert {before[0].pk, after[0].pk} == {each.pk for each in two}
    assert before[0].pk != after[0].pk


@pytest.mark.django_db
def test_pins_come_first_on_their_days_and_what_is_left_out_is_gone_at_once(at):
    at(2026, 12, 1, 6, 0)
    pinned, plain, hidden = (listing_of(RegionFactory()) for _ in range(3))
    draw_turns()
    FeaturedChoiceFactory(listing=pinned, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
    FeaturedChoiceFactory(listing=hidden, left_out=True, starts_on=date(2026, 12, 1))

    first = [card.pk for card in home_shelves().picked]
    at(2026, 12, 2, 18, 0)  # midnight in Thimphu
    after = {card.pk for card in home_shelves().picked}
    drawn = draw_turns()

    assert first == [pinned.pk, plain.pk]
    assert after == {pinned.pk, plain.pk}
    assert drawn == 2
    newest = FeaturedListing.objects.filter(turn__day=date(2026, 12, 2), turn__scope="")
    assert set(newest.values_list("listing", flat=True)) == {pinned.pk, plain.pk}


@pytest.mark.django_db
def test_without_tonights_set_the_last_one_is_shown_and_without_any_the_newest(at):
    at(2026, 12, 1, 0, 5)
    old = listing_of(RegionFactory(), published_at=timezone.now())
    undrawn = home_shelves()
    draw_turns()
    new = listing_of(RegionFactory(), published_at=timezone.now())
    at(2026, 12, 3, 9, 0)

    late = home_shelves()

    assert ([card.pk for card in undrawn.picked], undrawn.is_drawn) == ([old.pk], False)
    assert ([card.pk for card in late.picked], late.is_drawn) == ([old.pk], True)
    assert new.pk in {card.pk for card in late.first}
    assert codes(country_shelf("BT")) == [old.region.code]


@pytest.mark.django_db
def test_killed_half_way_nothing_is_left(at, monkeypatch):
    at(2026, 12, 1, 0, 5)
    listing_of(RegionFactory())

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(FeaturedListing.objects, "bulk_create", die)
        with pytest.raises(KeyboardInterrupt):
            draw_turns()

    assert FeaturedTurn.objects.count() == 0
    assert draw_turns() == 2


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_twins_leave_one_set(is_guarded, monkeypatch):
    # given
    for _ in range(3):
        listing_of(RegionFactory())
    # Nobody sees the other's rows before writing: the constraints alone keep the promise.
    monkeypatch.setattr(featuring, "_drawn", _slowly(featuring._drawn))
    names = ["featured_turn_one_set_a_day", "featured_turn_once_a_round"]
    constraints = [each for each in FeaturedTurn._meta.constraints if each.name in names and not is_guarded]
    with connection.schema_editor() as editor:
        for each in constraints:
            editor.remove_constraint(FeaturedTurn, each)
    # when
    try:
        outcomes = race(lambda: featuring.draw("", DAY), contenders=4)
        written = FeaturedTurn.objects.count()
    finally:
        FeaturedTurn.objects.all().delete()
        with connection.schema_editor() as editor:
            for each in constraints:
                editor.add_constraint(FeaturedTurn, each)
    # then
    assert outcomes == [None] * 4
    assert written == (3 if is_guarded else 12)


def _slowly(read):
    together = Barrier(4)

    def slow(*args):
        found = read(*args)
        together.wait(timeout=30)
        return found

    return slow


@pytest.mark.django_db
def test_home_shows_the_collection_of_today_first_and_explains_the_turns(client, at):
    at(2026, 12, 1, 6, 0)
    CountryFactory()
    listing = listing_of(RegionFactory(), title="Dried chilli")
    draw_turns()
    CollectionFactory(
        published=True,
        title="For Losar",
        listings=[listing],
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 2),
    )

    html = client.get("/").content.decode()
    at(2026, 12, 2, 18, 0)
    later = client.get("/").content.decode()
    why = client.get("/how-it-works/").content.decode()

    assert "For Losar" in html
    assert "New on sale" not in html
    assert ("For Losar" in later, "New on sale" in later) == (False, True)
    assert 'href="/how-it-works/#chosen"' in html
    assert 'id="chosen"' in why


@pytest.mark.django_db
def test_a_collection_that_is_sold_out_gives_its_shelf_to_what_is_new():
    CollectionFactory(published=True, listings=[ListingFactory(sold_out=True)])
    new = listing_of(RegionFactory())

    shelves = home_shelves()

    assert (shelves.lead, [card.pk for card in shelves.first]) == (None, [new.pk])
    assert len(shelves.others) == 1


@pytest.mark.django_db
def test_turns_in_the_admin_cost_as_many_queries_for_forty_as_for_one(client):
    client.force_login(PersonFactory(moderator=True))
    address = reverse("admin:programme_featuredturn_changelist")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    listing_of(RegionFactory())
    featuring.draw("", DAY)
    queries()
    one = queries()
    for number in range(1, 6):
        for _ in range(3):
            listing_of(RegionFactory())
        featuring.draw("", DAY + timedelta(number))

    assert queries() == one


@pytest.mark.django_db
def test_a_pin_without_an_end_is_refused_in_words(client):
    client.force_login(PersonFactory(moderator=True))
    listing = ListingFactory()
    sent = {"listing": listing.pk, "kind": "pin", "starts_on": "2026-12-01", "reason": "Losar"}

    page = client.post(reverse("admin:programme_featuredchoice_add"), sent)
    taken = client.post(reverse("admin:programme_featuredchoice_add"), {**sent, "ends_on": "2026-12-05"})

    assert "Write until when it is shown first." in page.content.decode()
    assert (taken.status_code, listing.featured_choices.get().reason) == (302, "Losar")
