"""Schemes: the words they use and the levels that propose and recommend."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from regions.models import Scheme
from regions.services.reference_data import load
from tests.factories.regions import CountryFactory, SchemeFactory

pytestmark = pytest.mark.django_db


def test_the_load_fills_words_and_levels(shipped):
    load(shipped)

    found = {
        scheme.code: (scheme.short_name, scheme.product_word, scheme.levels, scheme.is_programme)
        for scheme in Scheme.objects.all()
    }
    assert found == {
        "OGOP": ("OGOP", "OGOP product", ["gewog", "dzongkhag"], True),
        "BT-REGIONAL": ("Regional product", "regional product", ["gewog", "dzongkhag"], False),
        "ODOP-DPIIT": ("ODOP", "ODOP product", ["district", "state"], True),
        "ODOP-MoFPI": ("ODOP (PMFME)", "PMFME product", ["district", "state"], True),
        "OTOP": ("OTOP", "OTOP product", ["province"], True),
    }
    assert {scheme.approving_level for scheme in Scheme.objects.all()} == {"country"}


@pytest.mark.parametrize(
    ("country", "proposing", "recommending", "field"),
    [
        ("BT", "district", "", "proposing_level"),
        ("BT", "gewog", "state", "recommending_level"),
        ("BT", "dzongkhag", "gewog", "recommending_level"),
        ("TH", "country", "", "proposing_level"),
        ("IN", "", "state", "proposing_level"),
    ],
)
def test_levels_must_be_those_of_the_country_one_above_the_other(country, proposing, recommending, field):
    scheme = SchemeFactory.build(
        country=CountryFactory(code=country), proposing_level=proposing, recommending_level=recommending
    )

    with pytest.raises(ValidationError) as refused:
        scheme.full_clean()

    assert list(refused.value.message_dict) == [field]


def test_the_database_keeps_the_two_levels_apart():
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeFactory(proposing_level="gewog", recommending_level="gewog")
