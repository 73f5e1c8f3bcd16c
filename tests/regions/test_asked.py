"""What an address names is what the register says of the same words, read in one statement."""

from datetime import date

import pytest

from regions.models import RegionAlias, RegionChange
from regions.selectors.asked import CODE, asked_in_address
from regions.selectors.register import place_by_code, successor_of
from tests.factories.regions import IdentifiedProductFactory, RegionFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 3)


@pytest.fixture
def register():
    """Places that were renamed, merged twice, split, merged in a circle, and called alike."""
    paro = RegionFactory(dzongkhag=True, code="BT-11", name="Paro")
    rows = {
        name: RegionFactory(parent=paro, code=f"BT-11-{name.upper()}", name=f"{name}ham", ended_on=ended)
        for name, ended in (
            ("New", None),
            ("First", DAY),
            ("Second", DAY),
            ("Split", DAY),
            ("Ring", DAY),
            ("Knot", DAY),
        )
    }
    changes = (
        ("New", "renamed", None, "BT-11-OLD"),
        ("First", "merged", "Second", ""),
        ("Second", "merged", "New", ""),
        ("Split", "split", "New", ""),
        ("Ring", "merged", "Knot", ""),
        ("Knot", "merged", "Ring", ""),
    )
    for name, kind, successor, before in changes:
        RegionChange.objects.create(
            kind=kind,
            on=DAY,
            place=rows[name],
            successor=rows.get(successor),
            code_before=before,
            source="test",
        )
    for name, alias in (
        ("New", "IN-CG"),
        ("New", "IN TWO"),
        ("First", "IN-TWO"),
        ("New", "BT-XX"),
        ("Second", "BT-XX"),
    ):
        RegionAlias.objects.create(region=rows[name], alias=alias)
    other = RegionFactory(parent=paro, name="Newham")
    RegionAlias.objects.create(region=other, alias="BT-TWICE")
    RegionAlias.objects.create(region=rows["New"], alias="BT-TWICE")
    return rows


CODES = (
    "BT-11",
    "bt-11-new",
    "BT-11-OLD",
    "BT-11-FIRST",
    "BT-11-SECOND",
    "BT-11-SPLIT",
    "BT-11-RING",
    "BT-11-KNOT",
)
OTHERS = ("IN-CG", "in-two", "BT-XX", "BT-TWICE", "BT-99-NOBODY")


@pytest.mark.parametrize("code", [*CODES, *OTHERS])
def test_a_code_names_what_the_register_says(register, code, django_assert_num_queries):
    assert CODE.fullmatch(code)
    place = place_by_code(code)
    today = (successor_of(place) or place) if place else None

    with django_assert_num_queries(1):
        found = asked_in_address(f" {code} ", product=None, limit=3)

    assert (found.place if found.is_code else None) == today
    assert (today is not None) is (code not in ("BT-TWICE", "BT-99-NOBODY"))
    assert found.others == [] or not found.is_code


def test_a_name_is_the_larger_place_and_others_of_today_beside_it(register):
    found = asked_in_address("newHAM", product=None, limit=3)

    assert found.place.name == "Newham"
    assert not found.is_code
    assert [row.name for row in found.others] == ["Newham"]
    assert found.others[0].code != found.place.code
    assert found.others[0].above == "Paro"


def test_a_place_that_went_into_another_is_taken_as_that_one(register):
    assert asked_in_address("Firstham", product=None, limit=3).place == register["New"]
    assert asked_in_address("Splitham", product=None, limit=3).place == register["Split"]


def test_what_nobody_is_called_brings_what_is_spelt_alike_and_the_product(register):
    product = IdentifiedProductFactory(region=register["New"])

    found = asked_in_address("Parro", product=product.pk, limit=3)

    assert (found.place, found.product) == (None, product.name)
    assert "Paro" in [row.name for row in found.others]


@pytest.mark.parametrize("words", ["", "  ", "\0"])
def test_nothing_asked_is_no_query(words, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert asked_in_address(words, product=None, limit=3).place is None
