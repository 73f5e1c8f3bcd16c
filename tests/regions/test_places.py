"""The tree of places: prefixes, ancestors, names, and what the database refuses."""

import pytest
from django.db import IntegrityError, connection, transaction

from regions.models import Region
from regions.selectors.places import nearest, suggest
from tests.factories.regions import (
    CountryFactory,
    IdentifiedProductFactory,
    RegionAliasFactory,
    RegionFactory,
    SchemeFactory,
)

pytestmark = pytest.mark.django_db


def test_within_finds_the_place_and_all_below_it_only():
    gewog = RegionFactory()
    RegionFactory()

    found = Region.objects.within(gewog.parent)

    assert set(found) == {gewog, gewog.parent}


def test_within_does_not_take_a_code_that_begins_alike():
    short = RegionFactory(dzongkhag=True, code="BT-1")
    RegionFactory(dzongkhag=True, code="BT-11")

    found = Region.objects.within(short)

    assert list(found) == [short]


def test_within_uses_the_index_of_the_path():
    region = RegionFactory()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Region.objects.within(region).order_by().explain()

    assert "path" in plan
    assert "Index" in plan


def test_ancestors_take_one_query(django_assert_num_queries):
    gewog = RegionFactory()

    with django_assert_num_queries(1):
        above = gewog.ancestors()

    assert [place.level for place in above] == ["country", "dzongkhag"]
    assert above[1] == gewog.parent


def test_a_country_has_no_ancestors_and_asks_for_none(django_assert_num_queries):
    country = CountryFactory()

    with django_assert_num_queries(0):
        above = country.ancestors()

    assert above == []


def test_countries_are_the_roots():
    RegionFactory()
    RegionFactory(district=True)

    assert [country.code for country in Region.objects.countries()] == ["BT", "IN"]


def test_contains_follows_the_path():
    gewog, other = RegionFactory(), RegionFactory()

    assert gewog.parent.contains(gewog)
    assert gewog.contains(gewog)
    assert not other.parent.contains(gewog)
    assert not gewog.contains(gewog.parent)


@pytest.mark.parametrize(("local", "shown"), [("སྤ་རོ", "Paro · སྤ་རོ"), ("", "Paro")])
def test_display_name_shows_both_scripts_where_known(local, shown):
    assert Region(name="Paro", local_name=local).display_name == shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "gewog"},
        {"depth": 2},
        {"path": "BT/BT-99/"},
        {"code": "bt-11", "path": "BT/bt-11/"},
        {"latitude": "27.1"},
        {"latitude": "91", "longitude": "90"},
    ],
    ids=["level", "depth", "path", "code", "half a point", "beyond the pole"],
)
def test_the_database_refuses_a_place_that_does_not_fit(wrong):
    country = CountryFactory()
    good = {"code": "BT-11", "name": "Paro", "level": "dzongkhag", "depth": 1, "path": "BT/BT-11/"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.create(parent=country, **{**good, **wrong})

    assert Region.objects.count() == 1


def test_a_scheme_names_a_product_of_a_place_once():
    first = IdentifiedProductFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        IdentifiedProductFactory(scheme=first.scheme, region=first.region, name=first.name)

    other = SchemeFactory(code="OTHER", name="Another scheme")
    IdentifiedProductFactory(scheme=other, region=first.region, name=first.name)


def test_a_place_without_a_point_has_nothing_near():
    assert nearest(RegionFactory()) == []


def test_near_is_measured_on_the_ground_not_in_degrees():
    here = RegionFactory(dzongkhag=True, latitude=60, longitude=90)
    east = RegionFactory(dzongkhag=True, latitude=60, longitude=93)
    RegionFactory(dzongkhag=True, latitude=62, longitude=90)

    assert nearest(here, limit=1) == [east]


def test_a_better_name_of_the_same_place_wins():
    place = RegionFactory(name="Radhi")
    RegionAliasFactory(region=place, alias="Radhi Gewog")

    found = suggest("radhi")

    assert [(suggestion.region, suggestion.alias) for suggestion in found] == [(place, "")]
