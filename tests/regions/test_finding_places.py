"""Finding places: what somebody types in either script, and what lies near."""

import pytest
from django.db import transaction

from regions.models import Region
from regions.selectors.places import nearest, suggest
from regions.services.reference_data import load
from tests.regions.conftest import SHIPPED

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The reference data, loaded once for this module."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        load(SHIPPED)
        yield
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


def codes(text, **options):
    return [suggestion.region.code for suggestion in suggest(text, **options)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("paro", "BT-11"),
        ("  PARO ", "BT-11"),
        ("Pāro", "BT-11"),
        ("སྤ་རོ", "BT-11"),
        ("སྤ་རོ་", "BT-11"),
        ("འབྲུག", "BT"),
        ("पुणे", "IN-MH-490"),
        ("बिहार", "IN-BR"),
        ("தஞ்சாவூர்", "IN-TN-586"),
        ("เชียงใหม่", "TH-50"),
        ("Orissa", "IN-OR"),
        ("Lhuntse", "BT-44"),
        ("Dogar", "BT-11-DOGA"),
        ("in-ml-740", "IN-ML-740"),
        ("Jaipurr", "IN-RJ-102"),
        ("Khasi Hills", "IN-ML-274"),
    ],
)
def test_a_place_is_found_by_name_script_other_name_code_or_near_spelling(loaded, text, code):
    assert codes(text)[0] == code


def test_an_other_name_says_that_it_matched(loaded):
    found = suggest("Orissa")[0]

    assert (found.region.name, found.alias) == ("Odisha", "Orissa")


def test_larger_places_come_first_among_those_that_begin_alike(loaded):
    assert codes("བུམ")[:1] == ["BT-33"]
    assert codes("Trashi")[:3] == ["BT-41", "BT-TY", "BT-22-TRASHIDING"]


def test_a_place_is_suggested_once_though_several_of_its_names_match(loaded):
    found = codes("Dog", limit=50)

    assert len(found) == len(set(found))


def test_one_may_look_below_one_place_only(loaded):
    bhutan = Region.objects.get(code="BT")

    found = codes("Aurangabad", below=bhutan)

    assert all(code.startswith("BT") for code in found)
    assert "IN-MH-469" not in found


@pytest.mark.parametrize("text", ["", "   ", "་", "\0", "xqzwv", "%", "_%", "'; --"])
def test_what_means_no_place_suggests_none(loaded, text):
    assert suggest(text) == []


def test_a_very_long_text_is_cut_and_answered(loaded):
    assert suggest("x" * 100_000) == []


def test_suggestions_know_what_is_above_without_further_queries(loaded, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = suggest("Kh", limit=20)
        above = [[place.name for place in suggestion.above] for suggestion in found]

    assert len(found) == 20
    assert ["Lhuentse", "Bhutan"] in above


def test_a_limit_is_kept(loaded):
    assert len(suggest("a", limit=3)) == 3
    assert suggest("a", limit=0) == []


def test_districts_of_india_have_the_nearest_as_neighbours(loaded, django_assert_num_queries):
    shillong = Region.objects.get(code="IN-ML-276")

    with django_assert_num_queries(1):
        found = [(place.name, place.parent.name) for place in nearest(shillong, limit=3)]

    assert found == [
        ("Kamrup Metropolitan", "Assam"),
        ("Eastern West Khasi Hills", "Meghalaya"),
        ("Kamrup", "Assam"),
    ]
