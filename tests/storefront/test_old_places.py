"""Addresses and names of places that were renamed, recoded, merged or split lead to what there is today."""

from datetime import date

import pytest
from django.urls import reverse

from regions.models import RegionAlias, RegionChange
from regions.selectors.places import suggest
from tests.factories.catalogue import ListingFactory
from tests.factories.regions import RegionAliasFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 3)


def page(client, code, query=""):
    return client.get(reverse("place-detail", args=[code]) + query)


def change(kind, place, successor=None, **values):
    if kind in ("merged", "split") and place != successor and not values.pop("goes_on", False):
        place.ended_on = DAY
        place.save()
    return RegionChange.objects.create(
        kind=kind, on=DAY, place=place, successor=successor, source="test", **values
    )


def test_a_former_code_leads_to_the_place_for_good_and_keeps_the_query(client):
    place = RegionFactory()
    change("renamed", place, code_before="BT-99-OLD", name_before="Old")

    answer = page(client, "BT-99-OLD", "?page=2")
    band = client.get(reverse("band", args=["BT-99-OLD"]) + "?swatch")

    assert (answer.status_code, answer["Location"]) == (301, f"/places/{place.code}/?page=2")
    assert (band.status_code, band["Location"]) == (301, f"/bands/{place.code}.svg?swatch")
    assert "Until 3 February 2026 it was called Old." in page(client, place.code).text


def test_a_revised_code_and_a_former_name_lead_to_the_one_place_that_has_them(client):
    place = RegionFactory(state=True)
    RegionAliasFactory(region=place, alias="IN-CG", kind="ISO 3166-2 code since 2023 revision")
    RegionAliasFactory(region=place, alias="Red Hills")
    RegionAliasFactory.create_batch(2, alias="Twice")

    assert [page(client, code).get("Location") for code in ("IN-CG", "in-cg", "red-hills")] == [
        f"/places/{place.code}/"
    ] * 3
    assert page(client, "twice").status_code == 404
    assert page(client, place.code.lower()).status_code == 301


def test_a_place_merged_twice_leads_to_the_last_one(client):
    first, second, last = RegionFactory.create_batch(3)
    change("merged", first, second)
    change("merged", second, last)

    assert page(client, first.code)["Location"] == f"/places/{last.code}/"
    assert "On 3 February 2026 this place became part of it:" in page(client, last.code).text


def test_a_split_place_stays_and_shows_the_places_after_it(client):
    old = RegionFactory(name="Old")
    pieces = [RegionFactory(parent=old.parent, name=name) for name in ("Upper", "Lower")]
    for piece in pieces:
        change("split", old, piece)
    listing = ListingFactory(vendor=VendorFactory(home_region=old), region=old)

    answer = page(client, old.code)

    assert answer.status_code == 200
    assert [row.name for row in answer.context["successors"]] == ["Lower", "Upper"]
    assert listing.title in answer.text
    assert [row.name for row in page(client, old.parent.code).context["children"]] == ["Lower", "Upper"]
    assert "Until 3 February 2026 its land was part of:" in page(client, pieces[0].code).text


def test_lists_and_suggestions_know_a_merged_place_by_its_name_and_code(client):
    old, new = RegionFactory(name="Oldham"), RegionFactory(name="Newham")
    change("merged", old, new)
    RegionAlias.objects.create(region=new, alias="Oldham", kind="place of its land")
    listing = ListingFactory(vendor=VendorFactory(home_region=new), region=new)

    assert [(found.region, found.alias) for found in suggest("Oldham")] == [(new, "Oldham")]
    for asked in ("Oldham", old.code):
        assert listing.title in client.get(reverse("listing-list"), {"place": asked}).text
