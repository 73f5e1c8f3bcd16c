"""One queue of what waits for moderators: merged, oldest first, within the person's places, cheap."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programme.models import Claim
from programme.queue import KINDS
from programme.selectors.queue import Narrowing, Spot, counts, next_item, page_of
from programme.services.claims import take
from regions.models import RegionRole
from tests.factories.catalogue import ListingChangeFactory, ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import CertificateFactory, VendorFactory

pytestmark = pytest.mark.django_db

ALL = Narrowing()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def moderator():
    return PersonFactory(moderator=True)


def waits(factory, *, hours, **values):
    """A row that has waited for so many hours."""
    row = factory(**values)
    type(row).objects.filter(pk=row.pk).update(submitted_at=timezone.now() - timedelta(hours=hours))
    return row


@pytest.fixture
def four(db):
    """One thing of each kind; the change has waited longest."""
    listing = waits(ListingFactory, hours=3, submitted=True, title="Red rice")
    SizeFactory(parent=listing)
    return [
        waits(ListingChangeFactory, hours=60, listing__title="Honey"),
        waits(VendorFactory, hours=50, applied=True, name="Weavers of Haa"),
        waits(CertificateFactory, hours=4, submitted=True, number="GI-7"),
        listing,
    ]


def test_all_kinds_stand_in_one_queue_the_oldest_first(four, moderator, now):
    found = page_of(moderator, ALL, now=now)

    assert [(item.kind.code, item.pk) for item in found] == [
        ("change", four[0].pk),
        ("group", four[1].pk),
        ("certificate", four[2].pk),
        ("listing", four[3].pk),
    ]
    assert [item.title for item in found] == ["Honey", "Weavers of Haa", "GI-7", "Red rice"]
    assert [item.due < now for item in found] == [True, True, False, False]


def test_pages_go_on_after_a_spot_and_skip_nothing(moderator, now):
    at = now - timedelta(hours=1)
    for _ in range(3):
        VendorFactory(applied=True, submitted_at=at)
        ListingFactory(submitted=True, submitted_at=at)
    whole = page_of(moderator, ALL, now=now)

    pages, after = [], None
    while part := page_of(moderator, ALL, now=now, after=after, size=2):
        pages += part
        after = Spot.of(str(part[-1].spot))

    assert pages == whole
    assert len(whole) == 6


@pytest.mark.parametrize(
    "words",
    ["", "x", "2026-01-01,0,1", "2026-01-01T00:00:00Z,9,1", "2026-01-01T00:00:00Z,0,99999999999999999999"],
)
def test_a_spot_that_is_none_is_refused(words):
    assert Spot.of(words) is None


def test_kind_place_language_mine_and_too_long_narrow_it(four, moderator, now):
    take("listing", four[3].pk, moderator)
    take("group", four[1].pk, PersonFactory(moderator=True))
    place = four[1].home_region

    def codes(**asked):
        return [item.kind.code for item in page_of(moderator, Narrowing(**asked), now=now)]

    assert codes(kind="group") == ["group"]
    assert codes(place=place.path) == ["group"]
    assert codes(language="dz") == []
    assert codes(is_over=True) == ["change", "group"]
    assert codes(is_mine=True) == ["listing"]


def test_next_passes_over_what_somebody_else_holds_and_begins_again_at_the_end(four, moderator, now):
    change, group, certificate, listing = four
    take("change", change.pk, PersonFactory(moderator=True))

    first = next_item(moderator, ALL, now=now)
    second = next_item(moderator, ALL, now=now, after=first.spot)
    last = next_item(moderator, Narrowing(kind="listing"), now=now)
    again = next_item(moderator, ALL, now=now, after=last.spot)

    assert [item.pk for item in (first, second, last, again)] == [
        group.pk,
        certificate.pk,
        listing.pk,
        group.pk,
    ]
    held = page_of(moderator, ALL, now=now)[0].claim
    assert held.kind == "change"


def test_what_has_no_moment_stops_nobody(four, moderator, now):
    VendorFactory(applied=True, submitted_at=None)

    assert len(page_of(moderator, ALL, now=now)) == 4


def test_what_was_held_too_long_is_free_again(four, moderator, now):
    take("change", four[0].pk, PersonFactory(moderator=True))
    Claim.objects.update(until=now)

    assert next_item(moderator, ALL, now=now).pk == four[0].pk
    assert page_of(moderator, ALL, now=now)[0].claim is None


@pytest.mark.isolation
def test_an_officer_sees_the_own_places_and_others_nothing(four, now):
    officer = PersonFactory(officer=True, place=four[1].home_region)
    RegionRole.objects.create(person=officer, region=RegionFactory(dzongkhag=True), may_decide=True)
    nobody = PersonFactory(officer=True, place=False)

    assert [item.kind.code for item in page_of(officer, ALL, now=now)] == ["group"]
    assert sum(waiting.count for waiting in counts(officer, ALL, now=now)) == 1
    assert page_of(nobody, ALL, now=now) == []
    assert page_of(PersonFactory(staff=True), ALL, now=now) == []


@pytest.mark.isolation
def test_next_passes_over_what_others_decide(four, now):
    _change, group, certificate, listing = four
    officer = PersonFactory(officer=True, place=group.home_region)
    RegionRole.objects.create(person=officer, region=listing.vendor.home_region, may_decide=True)
    RegionRole.objects.create(person=officer, region=certificate.vendor.home_region)

    first = next_item(officer, ALL, now=now)
    second = next_item(officer, ALL, now=now, after=first.spot)

    assert [item.pk for item in page_of(officer, ALL, now=now)] == [group.pk, certificate.pk, listing.pk]
    # Papers are verified in all places, groups and listings where the role says so.
    assert [first.kind.code, second.kind.code] == ["certificate", "listing"]
    assert next_item(officer, Narrowing(kind="group"), now=now) is None


def test_counts_say_how_many_how_old_and_how_many_too_long(four, moderator, now):
    waits(VendorFactory, hours=1, applied=True)

    found = {waiting.kind.code: waiting for waiting in counts(moderator, ALL, now=now)}

    assert {code: (each.count, each.over) for code, each in found.items() if each.count} == {
        "group": (2, 1),
        "certificate": (1, 0),
        "listing": (1, 0),
        "change": (1, 1),
    }
    assert found["group"].since < now - timedelta(hours=49)


def test_a_page_takes_equally_many_queries_for_one_and_for_thirty(moderator, now, django_assert_num_queries):
    VendorFactory(applied=True)
    # Rights of the person, promised times, each kind once, and the claims.
    with django_assert_num_queries(2 + 1 + len(KINDS) + 1):
        page_of(moderator, ALL, now=now)
    VendorFactory.create_batch(15, applied=True)
    ListingFactory.create_batch(15, submitted=True)
    moderator = type(moderator).objects.get(pk=moderator.pk)
    with django_assert_num_queries(2 + 1 + len(KINDS) + 1):
        assert len(page_of(moderator, ALL, now=now)) == 31
