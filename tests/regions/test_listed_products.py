"""What the lists of the schemes say of identified products, and what another edition of a list changes."""

import csv
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from regions.models import IdentifiedProduct, Region, Scheme
from regions.services.reference_data import InvalidReferenceData, load
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.regions.given_nominations import Office

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)
V32 = "DPIIT ODOP list (V32, Aug 2025)"
V33 = "DPIIT ODOP list (V33, Feb 2026)"
MARINE = {"region_code": "IN-AN-602", "programme": V32}
KEPT = ("name", "category", "source", "named_on", "ended_on", "edition", "left_list", "listed_since")


def rows_of(directory, name):
    with (directory / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def marine():
    return IdentifiedProduct.objects.get(scheme__code="ODOP-DPIIT", region__code="IN-AN-602")


def seen(product):
    return IdentifiedProduct.objects.filter(pk=product.pk).values(*KEPT).get()


def next_edition(data_copy):
    """Every line of the list of the DPIIT says that it is of the next edition."""
    name = "odop_products.csv"
    lines = [[V33 if cell == V32 else cell for cell in line] for line in data_copy.lines(name)]
    data_copy.save(name, lines)


def test_every_line_of_the_lists_is_one_product_with_source_year_and_edition(shipped):
    load(shipped)

    wanted = set()
    for name in ("odop_products.csv", "ogop_products.csv"):
        for row in rows_of(shipped, name):
            year = row.get("year_of_source") or "".join(re.findall(r"20\d\d", row["programme"]))
            wanted.add((row["region_code"] or "BT", row["product"], row["programme"], row["source"], year))
    found = IdentifiedProduct.objects.values_list(
        "region__code", "name", "edition", "source", "year_of_source", "listed_since"
    )
    assert len(wanted) == len(found) == 1083
    assert {(*each, "" if year is None else str(year)) for *each, year, _since in found} == wanted
    assert all(since == edition for *_, edition, _source, _year, since in found)


def test_a_newer_edition_is_noted_beside_the_first(shipped, data_copy):
    load(shipped)
    next_edition(data_copy)

    report = load(data_copy.directory)

    assert report.changes["ODOP products"].created == 0
    assert report.changes["ODOP products"].changed == 804
    product = marine()
    assert (product.edition, product.listed_since) == (V33, V32)
    assert product.year_of_source == 2026


def test_what_a_newer_edition_leaves_out_is_kept_marked_and_told(shipped, data_copy):
    load(shipped)
    before = seen(marine())
    data_copy.remove("odop_products.csv", MARINE)
    next_edition(data_copy)

    report = load(data_copy.directory)

    assert seen(marine()) == before | {"left_list": True}
    assert report.lists[0].left == ["Marine Products, South Andaman (ODOP-DPIIT IN-AN-602)"]
    out = StringIO()
    call_command("load_reference_data", directory=data_copy.directory, compare=True, stdout=out)
    assert (
        "no longer in the list, kept: Marine Products, South Andaman (ODOP-DPIIT IN-AN-602)" in out.getvalue()
    )
    # It stands in a later one again.
    load(shipped)
    assert seen(marine()) == before


def test_what_staff_or_a_nomination_named_is_never_said_to_have_left(shipped):
    load(shipped)
    named = IdentifiedProductFactory(
        scheme=Scheme.objects.get(code="OGOP"), region=Region.objects.get(code="BT-11"), name="Turnip"
    )

    report = load(shipped, compare=True)

    assert [found.left for found in report.lists] == [[], []]
    assert not seen(named)["left_list"]


def test_what_has_ended_here_is_not_revived(shipped):
    load(shipped)
    IdentifiedProduct.objects.filter(pk=marine().pk).update(ended_on=DAY, category="as it was")
    before = seen(marine())

    report = load(shipped, compare=True)

    assert seen(marine()) == before
    assert report.touched == 0
    assert report.lists[0].ended == ["Marine Products, South Andaman (ODOP-DPIIT IN-AN-602)"]


@pytest.mark.parametrize("name", ["Marine Products", "marine PRODUCTS"])
def test_what_a_nomination_named_is_not_touched_nor_named_a_second_time(shipped, name):
    load(shipped)
    place, scheme = marine().region, marine().scheme
    marine().delete()
    nomination = Office(scheme, place).propose(name, category="as approved")
    product = IdentifiedProductFactory(
        scheme=scheme, region=place, name=name, category="as approved", nomination=nomination, named_on=DAY
    )
    before = seen(product)

    report = load(shipped, compare=True)

    assert seen(marine()) == before
    assert report.touched == 0
    assert report.lists[0].decided == [f"{name}, South Andaman (ODOP-DPIIT IN-AN-602)"]


def test_a_list_writes_a_name_in_another_case(shipped, data_copy):
    load(shipped)
    before = marine()
    data_copy.set("odop_products.csv", MARINE, product="Marine products")

    load(data_copy.directory)

    assert (marine().pk, marine().name) == (before.pk, "Marine products")


def test_what_stands_elsewhere_in_the_list_is_left_as_it_is(shipped, data_copy):
    """Moved here from another place, and now named here too: one product."""
    load(shipped)
    elsewhere = Region.objects.get(code="IN-AN-603")
    IdentifiedProduct.objects.filter(pk=marine().pk).update(listed_for=elsewhere)

    report = load(data_copy.directory, compare=True)

    assert marine().listed_for == elsewhere
    assert report.lists[0].decided == ["Marine Products, South Andaman (ODOP-DPIIT IN-AN-602)"]


def test_two_editions_in_one_file_are_a_fault(data_copy):
    data_copy.set("odop_products.csv", MARINE, programme=V33)

    with pytest.raises(InvalidReferenceData) as refused:
        load(data_copy.directory)

    assert "another edition than in line 2" in str(refused.value.problems[0])
    assert not IdentifiedProduct.objects.exists()


def test_staff_find_what_is_no_longer_in_the_list_and_what_is_named_when(client):
    client.force_login(PersonFactory(superuser=True))
    left = IdentifiedProductFactory(edition=V33, listed_since=V32, left_list=True)
    coming = IdentifiedProductFactory(named_on=date(2999, 1, 1))
    ended = IdentifiedProductFactory(ended_on=DAY, replaced_by=left)
    address = reverse("admin:regions_identifiedproduct_changelist")

    def listed(**asked):
        return list(client.get(address, asked).context["cl"].result_list)

    assert listed(left_list__exact=1) == [left]
    assert [listed(time=time) for time in ("standing", "coming", "ended")] == [[left], [coming], [ended]]
    assert listed(time="delete") == []
    page = client.get(reverse("admin:regions_identifiedproduct_change", args=[left.pk])).content.decode()
    assert V32 in page
    assert V33 in page
