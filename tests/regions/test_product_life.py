"""The life of an identified product: its first day, its end, and its name once for a place."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from regions.models import IdentifiedProduct
from regions.services import holders
from tests.factories.regions import IdentifiedProductFactory, RegionFactory, SchemeFactory

pytestmark = pytest.mark.django_db

DAY = date(2027, 3, 1)
# Midnight between 28 February and 1 March: Bhutan is six hours ahead of UTC, India five and a half.
MIDNIGHT = {
    "BT": datetime(2027, 2, 28, 18, 0, tzinfo=UTC),
    "IN": datetime(2027, 2, 28, 18, 30, tzinfo=UTC),
}


@pytest.fixture
def clock(monkeypatch):
    """Set the time everywhere."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at


def named(country, **about):
    """A product of a place of this country."""
    place = RegionFactory(dzongkhag=True) if country == "BT" else RegionFactory(district=True)
    return IdentifiedProductFactory(region=place, scheme=SchemeFactory(), **about)


def read(product):
    """What the query sets and the row itself say of it now."""
    rows = IdentifiedProduct.objects.filter(pk=product.pk)
    by_query = tuple(getattr(rows, name)().exists() for name in ("coming", "standing", "ended"))
    return by_query, rows.select_related("region").get().is_standing


@pytest.mark.parametrize("country", MIDNIGHT)
def test_product_begins_at_midnight_of_its_place(country, clock):
    product = named(country, named_on=DAY)

    clock(MIDNIGHT[country] - timedelta(minutes=1))
    before = read(product)
    clock(MIDNIGHT[country])

    assert before == ((True, False, False), False)
    assert read(product) == ((False, True, False), True)


@pytest.mark.parametrize("country", MIDNIGHT)
def test_product_ends_at_midnight_of_its_place(country, clock):
    product = named(country, named_on=date(2027, 1, 1), ended_on=DAY)

    clock(MIDNIGHT[country] - timedelta(minutes=1))
    before = read(product)
    clock(MIDNIGHT[country])

    assert before == ((False, True, False), True)
    assert read(product) == ((False, False, True), False)


def test_between_two_midnights_one_country_is_a_day_ahead(clock):
    products = [named("BT", named_on=DAY), named("IN", named_on=DAY)]

    clock(MIDNIGHT["BT"] + timedelta(minutes=15))

    assert [read(product)[1] for product in products] == [True, False]
    assert list(IdentifiedProduct.objects.standing()) == products[:1]


def test_product_without_days_stands_always(clock):
    product = named("BT")

    for year in (1990, 2027, 2090):
        clock(datetime(year, 6, 1, tzinfo=UTC))
        assert read(product) == ((False, True, False), True)


def test_what_was_left_behind_never_stands(clock):
    product = named("BT", named_on=DAY)
    IdentifiedProduct.objects.filter(pk=product.pk).update(listed_for=product.region)

    clock(MIDNIGHT["BT"])

    assert read(product) == ((False, False, False), False)


@pytest.mark.parametrize("end", [DAY, DAY - timedelta(days=1)])
def test_end_lies_after_the_first_day(end):
    with pytest.raises(IntegrityError, match="identified_product_days_in_order"), transaction.atomic():
        named("BT", named_on=DAY, ended_on=end)

    assert named("BT", named_on=DAY, ended_on=DAY + timedelta(days=1)).pk


def test_what_has_been_replaced_has_an_end_and_another_successor():
    product, other = named("BT"), named("BT")
    rows = IdentifiedProduct.objects.filter(pk=product.pk)

    for values in ({"replaced_by": other}, {"replaced_by": product, "ended_on": DAY}):
        with pytest.raises(IntegrityError, match="replaced_has_ended"), transaction.atomic():
            rows.update(**values)
    assert rows.update(replaced_by=other, ended_on=DAY) == 1


def test_a_name_stands_once_for_a_place_whatever_its_case():
    product = named("BT", name="Forest Honey")
    about = {"region": product.region, "scheme": product.scheme, "name": "forest honey"}

    with pytest.raises(IntegrityError, match="identified_product_once"), transaction.atomic():
        IdentifiedProductFactory(**about)
    # Another scheme may name it too, and this one again what it has ended.
    IdentifiedProductFactory(**about | {"scheme": SchemeFactory(code="BT-REGIONAL")})
    IdentifiedProduct.objects.filter(pk=product.pk).update(ended_on=DAY)
    assert IdentifiedProductFactory(**about).pk


def test_a_product_that_stayed_behind_at_its_place_holds_its_name_no_longer():
    behind = named("BT", name="Forest honey")
    IdentifiedProduct.objects.filter(pk=behind.pk).update(listed_for=behind.region)
    about = {"region": behind.region, "scheme": behind.scheme, "name": "Forest honey"}

    assert IdentifiedProductFactory(**about).pk
    with pytest.raises(IntegrityError, match="identified_product_once"), transaction.atomic():
        IdentifiedProductFactory(**about)


def test_products_that_have_ended_or_are_to_come_follow_the_place_too(clock):
    clock(MIDNIGHT["BT"])
    old, new = RegionFactory(), RegionFactory()
    ended = IdentifiedProductFactory(region=old, ended_on=DAY, name="Oranges")
    coming = IdentifiedProductFactory(region=old, named_on=DAY + timedelta(days=9), name="Apples")
    stays = IdentifiedProductFactory(region=old, name="PLUMS")
    there = [IdentifiedProductFactory(region=new, name=name) for name in ("oranges", "Plums")]
    holder = holders.HOLDERS["product"]

    with transaction.atomic():
        moved = holder.move([row.pk for row in holder.rows(old)], old, new)

    assert moved == 2
    assert set(IdentifiedProduct.objects.kept().filter(region=new)) == {ended, coming, *there}
    assert list(IdentifiedProduct.objects.filter(region=old, listed_for=old)) == [stays]
