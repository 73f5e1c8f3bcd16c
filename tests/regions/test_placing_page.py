"""The admin page on which staff place what stood at a place that was split."""

from datetime import date

import pytest
from django.urls import reverse

from regions.models import RegionChange
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def split():
    """Old with a group and a product; Upper has its land."""
    old = RegionFactory(name="Old", ended_on=date(2026, 2, 3))
    upper = RegionFactory(name="Upper", parent=old.parent)
    RegionChange.objects.create(kind="split", on=old.ended_on, place=old, successor=upper, source="letter")
    return old, upper, VendorFactory(home_region=old), IdentifiedProductFactory(region=old)


def address(place):
    return reverse("admin:regions_region_placing", args=[place.pk])


def test_what_is_ticked_goes_to_the_chosen_place_with_the_reason(admin_client, split):
    old, upper, group, known = split
    form = {"row": [f"group-{group.pk}"], "to": str(upper.pk), "reason": "letter 7"}

    answers = [admin_client.post(address(old), form).status_code for _ in range(2)]

    group.refresh_from_db()
    known.refresh_from_db()
    assert (answers, group.home_region, known.region) == ([302, 302], upper, old)
    page = admin_client.get(reverse("admin:regions_region_change", args=[old.pk])).text
    assert address(old) in page
    assert "letter" in page


@pytest.mark.parametrize("without", ["row", "to", "reason"])
def test_a_form_with_a_gap_says_so_keeps_what_was_sent_and_places_nothing(admin_client, split, without):
    old, upper, group, _known = split
    form = {"row": [f"group-{group.pk}", "group-x", "nothing-1"], "to": str(upper.pk), "reason": "letter 7"}
    del form[without]

    answer = admin_client.post(address(old), form)

    group.refresh_from_db()
    assert (answer.status_code, group.home_region) == (200, old)
    assert 'role="alert"' in answer.text
    assert (" checked>" in answer.text) == (without != "row")
    assert ('value="letter 7"' in answer.text) == (without != "reason")


def test_only_superusers_place_and_only_where_land_went(admin_client, client, split):
    old, upper, *_rest = split
    client.force_login(PersonFactory(is_staff=True))

    assert client.get(address(old)).status_code == 403
    assert [admin_client.get(address(place)).status_code for place in (upper, old)] == [404, 200]
