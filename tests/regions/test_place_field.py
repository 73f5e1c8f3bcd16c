"""A place is typed or chosen, in either script, with and without a script in the browser."""

import pytest
from django import forms

from regions.forms import PlaceField
from tests.factories.regions import RegionAliasFactory, RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def khoma():
    return RegionFactory(name="Khoma", local_name="མཁོ་མ")


def form(data=None, **options):
    class Form(forms.Form):
        region = PlaceField(label="Where?", **options)

    return Form(data)


def test_name_in_either_script_and_other_names_are_enough(khoma):
    RegionAliasFactory(region=khoma, alias="Khomar")

    found = []
    for words in ("Khoma", "khoma", "མཁོ་མ", "Khomar", khoma.code):
        typed = form({"region_words": words})
        assert typed.is_valid(), typed.errors
        found.append(typed.cleaned_data["region"])

    assert found == [khoma] * 5


def test_words_that_may_mean_several_places_come_back_as_choices(khoma):
    twin = RegionFactory(name="Khoma")

    typed = form({"region_words": "Khoma"})

    assert typed.errors["region"] == ["Choose which place you mean."]
    assert {each.pk for each in typed["region"].choices} == {khoma.pk, twin.pk}

    chosen = form({"region_words": "Khoma", "region_for": "Khoma", "region": str(twin.pk)})
    assert chosen.is_valid()
    assert chosen.cleaned_data["region"] == twin


def test_new_words_count_more_than_the_place_that_was_chosen_before(khoma):
    home = RegionFactory(name="Metsho")

    typed = form({"region": str(home.pk), "region_for": "", "region_words": "Khoma"})

    assert typed.is_valid()
    assert typed.cleaned_data["region"] == khoma


def test_offered_places_are_shown_with_the_chosen_one_first(khoma):
    home = RegionFactory(name="Metsho")

    shown = form({"region": str(khoma.pk)}, offered=[home])["region"].choices

    assert [(each.name, each.is_chosen) for each in shown] == [(khoma.display_name, True), ("Metsho", False)]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Write the name of the place."),
        ({"region": "999999"}, "Write the name of the place."),
        ({"region": "x' OR 1"}, "Write the name of the place."),
        ({"region_words": "Nowhere at all"}, "We know no such place."),
        ({"region_words": "\0"}, "Write the name of the place."),
    ],
)
def test_what_names_no_place_is_refused_with_words(khoma, sent, words):
    typed = form(sent)

    assert not typed.is_valid()
    assert words in typed.errors["region"][0]


def test_only_places_below_are_taken(khoma):
    other = RegionFactory(name="Metsho")

    assert not form({"region": str(khoma.pk)}, below=other).is_valid()
    assert not form({"region_words": "Khoma"}, below=other).is_valid()


def test_suggestions_are_the_choices_of_the_field(client, khoma):
    page = client.get("/place-suggestions/", {"name": "region", "region_words": "kho"})

    text = page.content.decode()
    assert f'name="region" value="{khoma.pk}"' in " ".join(text.split())
    assert 'name="region_for" value="kho"' in text


@pytest.mark.parametrize("name", ["", 'x"><script>', "a" * 60])
def test_suggestions_answer_no_name_that_is_no_field(client, name):
    assert client.get("/place-suggestions/", {"name": name, "x_words": "kho"}).status_code == 404


def test_suggestions_below_an_unknown_place_are_none(client, khoma):
    sent = {"name": "region", "region_words": "kho", "below": "XX-404\0"}

    assert client.get("/place-suggestions/", sent).status_code == 404
