"""Addresses and names of places that were renamed, recoded, merged or split lead to what there is today."""

from datetime import date

import pytest
from django.urls import reverse

from regions.models import RegionAlias, RegionChange
from regions.selectors.places import suggest
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import MapTileFactory, RegionAliasFactory, RegionFactory, SchemeFactory
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


def test_a_place_that_only_has_another_code_was_not_called_otherwise(client):
    place = RegionFactory(name="Same")
    change("renamed", place, code_before="BT-99-OLD", name_before="Same")

    assert "Until 3 February 2026 its code was BT-99-OLD." in page(client, place.code).text


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
    assert answer.context["about"].startswith("Until 3 February 2026 a gewog of Place")
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
        assert listing.title in client.get(reverse("listing-list"), {"place": asked}, follow=True).text


@pytest.fixture
def goods():
    """A place with a listing in a category, and one that became part of it."""
    old, new = RegionFactory(), RegionFactory()
    listing = ListingFactory(vendor=VendorFactory(home_region=new), region=new)
    change("merged", old, new)
    change("renamed", new, code_before="BT-99-OLD", name_before="Old")
    return old, new, listing


@pytest.mark.parametrize("old", ["merged", "recoded", "in small letters"])
@pytest.mark.parametrize("page_name", ["listing-list", "category-detail"])
def test_lists_lead_from_a_code_of_before_to_the_one_of_today_for_good(client, goods, old, page_name):
    merged, new, _listing = goods
    slugs = [CategoryFactory(name="Cloth").slug] if page_name == "category-detail" else []
    address = reverse(page_name, args=slugs)
    code = {"merged": merged.code, "recoded": "BT-99-OLD", "in small letters": "bt-99-old"}[old]

    answer = client.get(address, {"sort": "cheap", "place": code, "q": "a&b"})

    assert (answer.status_code, answer["Location"]) == (
        301,
        f"{address}?sort=cheap&place={new.code}&q=a%26b",
    )
    assert client.get(address, {"place": new.code}).status_code == 200
    assert client.get(address, {"place": new.code.lower()}).status_code == 200


def test_a_list_of_a_split_place_leads_to_its_page_once_nothing_is_sold_there(client):
    old = RegionFactory()
    for piece in RegionFactory.create_batch(2, parent=old.parent):
        change("split", old, piece)
    listing = ListingFactory(vendor=VendorFactory(home_region=old), region=old)
    address = reverse("listing-list")

    sold = client.get(address, {"place": old.code})
    listing.region = old.changes.first().successor
    listing.save()
    after = client.get(address, {"place": old.code})

    assert (sold.status_code, listing.title in sold.text) == (200, True)
    assert (after.status_code, after["Location"]) == (302, f"/places/{old.code}/")


def test_coverage_leads_from_a_code_of_before_to_the_one_of_today(admin_client, client, goods):
    merged, new, _listing = goods
    scheme = SchemeFactory()
    ended = RegionFactory(ended_on=DAY)
    pages = [
        reverse("admin:programme_schemecoverage_change", args=[scheme.pk]),
        reverse("admin:programme_schemecoverage_csv", args=[scheme.pk]),
    ]

    for address in pages:
        answer = admin_client.get(address, {"level": "gewog", "within": merged.code})
        away = admin_client.get(address, {"within": ended.code})
        assert (answer.status_code, answer["Location"]) == (301, f"{address}?level=gewog&within={new.code}")
        assert (away.status_code, away["Location"]) == (302, f"/places/{ended.code}/")
        client.force_login(PersonFactory(finance=True))
        assert client.get(address, {"within": merged.code}).status_code == 403


def test_places_are_suggested_in_the_place_of_today(client, goods):
    merged, new, _listing = goods
    asked = {"name": "region", "region_words": new.name, "below": merged.code}

    assert new.name in client.get(reverse("place-suggest"), asked).text


@pytest.mark.parametrize("kind", ["ended", "without a tile"])
def test_a_dzongkhag_without_tiles_has_a_page(client, kind):
    place = RegionFactory(dzongkhag=True, ended_on=DAY if kind == "ended" else None)
    MapTileFactory(region=RegionFactory())

    assert page(client, place.code).context["map"] is None


def test_maps_do_not_show_places_that_ended(client):
    house = RegionFactory(dzongkhag=True)
    stands, ended = (
        RegionFactory(parent=house, name="Stands"),
        RegionFactory(parent=house, name="Gone", ended_on=DAY),
    )
    for place in (stands, ended):
        MapTileFactory(region=place)

    for address in (reverse("place-detail", args=[house.code]), reverse("place-list"), "/"):
        text = client.get(address).text
        assert f"/places/{ended.code}/" not in text
