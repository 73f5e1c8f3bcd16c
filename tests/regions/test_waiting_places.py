"""Places that ended and at which something still stands: the list, and its link on the front page of the admin."""

from datetime import date

import pytest
from django.urls import reverse

from programme.front_page import queues
from regions.models import EnteredChange, RegionChange, RegionRole
from regions.services.register_changes import enter
from regions.services.waiting import waiting
from tests.factories.nominations import NominationFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.register import DAY, an_entry
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:regions_region_waiting")


@pytest.fixture
def actor(client):
    person = PersonFactory(registrar=True, name="Registrar")
    client.force_login(person)
    return person


def ended(kind, **values):
    place = RegionFactory(ended_on=DAY, **values)
    if kind != "abolished":
        piece = RegionFactory(parent=place.parent)
        RegionChange.objects.create(kind=kind, on=DAY, place=place, successor=piece, source="x")
    else:
        RegionChange.objects.create(kind=kind, on=DAY, place=place, source="x")
    return place


def counts(row):
    return [(str(label), count) for label, count in row.counts]


def test_a_split_place_is_listed_with_counts_and_who_works_there(client, actor):
    place = ended("split", name="Old")
    VendorFactory.create_batch(2, home_region=place)
    IdentifiedProductFactory(region=place)
    NominationFactory(region=place)
    role = RegionRole.objects.create(person=PersonFactory(staff=True, name="Karma"), region=place)
    VendorFactory(home_region=RegionFactory())

    [row] = waiting()
    page = client.get(PAGE)

    assert (row.place, row.has_successors) == (place, True)
    assert sorted(counts(row)) == [
        ("groups", 2),
        ("identified products", 1),
        ("officers' places", 1),
        ("open nominations", 1),
    ]
    assert reverse("admin:regions_region_placing", args=[place.pk]) in page.text
    assert f'href="{reverse("admin:regions_regionrole_change", args=[role.pk])}">Karma' in page.text


def test_what_is_placed_leaves_the_list(client, actor):
    place = ended("split")
    group = VendorFactory(home_region=place)
    to = place.changes.get().successor
    form = {"row": [f"group-{group.pk}"], "to": str(to.pk), "reason": "letter 7"}

    answer = client.post(reverse("admin:regions_region_placing", args=[place.pk]), form)

    assert answer.status_code == 302
    assert waiting() == []
    assert "Nothing waits" in client.get(PAGE).text


def test_products_of_a_place_whose_land_nobody_has_stay_and_its_officers_do_not(actor):
    place = ended("abolished")
    IdentifiedProductFactory(region=place)
    before = waiting()
    RegionRole.objects.create(person=PersonFactory(staff=True), region=place)

    [row] = waiting()

    assert before == []
    assert (row.has_successors, [role.region for role in row.roles]) == (False, [place])


def test_the_list_takes_two_queries_for_many_places(django_assert_num_queries):
    for _ in range(5):
        place = ended("split")
        VendorFactory(home_region=place)
        RegionRole.objects.create(person=PersonFactory(staff=True), region=place)

    with django_assert_num_queries(2):
        assert len(waiting()) == 5


def test_the_front_page_leads_there_and_names_changes_that_failed(client, actor):
    VendorFactory(home_region=ended("split"))
    place = RegionFactory()
    row = enter(an_entry("abolished", place, on=DAY), actor=actor, form_key="x")
    EnteredChange.objects.filter(pk=row.pk).update(state="failed", refusal="Something stands there.")

    found = {str(queue.words): queue for queue in queues(actor)}

    waits = found["Places that ended, where something waits"]
    failed = found["Changes of places that could not be carried out"]
    assert (waits.count, waits.since.date(), failed.count, failed.since.date()) == (1, DAY, 1, DAY)
    assert PAGE in client.get(reverse("admin:index")).text
    assert place.name in client.get(failed.url).text
    assert (
        "Something stands there."
        in client.get(reverse("admin:regions_enteredchange_change", args=[row.pk])).text
    )


@pytest.mark.parametrize("trait", ["officer", "moderator", "finance"])
def test_nobody_else_sees_the_list(client, trait):
    person = PersonFactory(**{trait: True})
    client.force_login(person)

    assert client.get(PAGE).status_code == 403
    assert not [queue for queue in queues(person) if queue.url == PAGE]


def test_an_open_nomination_follows_a_merger_and_none_waits_that_both_places_propose():
    old, new = RegionFactory(name="Old"), RegionFactory(name="New")
    first = NominationFactory(region=old, name="Honey")
    both = [NominationFactory(region=place, name="Cloth") for place in (old, new)]
    closed = NominationFactory(region=old, name="Swords", state="withdrawn")

    actor = PersonFactory(superuser=True)
    enter(an_entry("merged", old, new, on=date(2026, 3, 2)), actor=actor, form_key="x")

    for row in (first, *both, closed):
        row.refresh_from_db()
    assert (first.region, first.recommending_region) == (new, new.parent)
    assert [row.region for row in both] == [old, new]
    assert closed.region == old
    assert [row.state for row in both] == ["withdrawn", "proposed"]
    assert waiting() == []
