"""Short names of sizes: what looks alike is one name, for our code and for the database alike."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests.factories.vendors import StockRecordFactory, VendorFactory
from vendors.domain.sku import is_given_by_shop, plain_sku, sku_key
from vendors.models import StockRecord

LOOK_ALIKES = [
    "RICE-1",
    "rice-1",
    "RICE\u200b-1",
    "\ufeffRICE-1",
    "RI\u00adCE-1",
    "RICE\u20101",
    "RICE\u20131",
    "RICE\u22121",
    "RICE\uff0d1",
    "\uff32\uff29\uff23\uff25-\uff11",
    "R\u2060ICE-1\ufe0f",
    " RICE-1\u00a0",
    "\U000e0041RICE-1",
    "\u202eRICE-1\u202c",
]


@pytest.mark.parametrize("name", LOOK_ALIKES, ids=ascii)
def test_names_that_look_alike_have_one_key(name):
    assert sku_key(name) == "rice-1"


def test_what_is_stored_keeps_its_case_and_loses_what_nobody_sees():
    assert plain_sku(" \uff32ice\u200b \u2013  1 ") == "Rice - 1"
    assert plain_sku("\u200b\u00ad ") == ""
    assert plain_sku("चावल-१") == "चावल-१"


@pytest.mark.parametrize(
    "name", ["L12", "l12", "L12\u200b", "\uff2c\uff11\uff12", "L१२", "L12-2", "l12\u20102"], ids=ascii
)
def test_names_of_the_form_that_the_shop_gives_are_reserved(name):
    assert is_given_by_shop(name)


@pytest.mark.parametrize("name", ["L", "12", "LL12", "L-12", "L12-", "LARGE-12"])
def test_other_names_are_free(name):
    assert not is_given_by_shop(name)


@pytest.mark.django_db
def test_database_keeps_the_same_key():
    names = [
        *LOOK_ALIKES,
        "Ærø-1",
        "ÉCLAT",
        "STRASSE ß",
        "चावल-१",
        "ཆུ་༡",
        "\ufb01g",
        "A\tB",
        "x\u3164y",
        "\u03a3\u0391\u03a3",
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT partner_sku_key(name) FROM unnest(%s) WITH ORDINALITY AS t(name, n) ORDER BY n", [names]
        )
        kept = [key for (key,) in cursor.fetchall()]

    assert kept == [sku_key(name) for name in names]


@pytest.mark.django_db
@pytest.mark.parametrize("name", LOOK_ALIKES, ids=ascii)
def test_group_has_a_name_once_and_another_group_has_its_own(name):
    group = VendorFactory()
    StockRecordFactory(partner=group, partner_sku="Rice-1")

    with pytest.raises(IntegrityError, match=r"stock_record_sku_once|partner_sku"), transaction.atomic():
        StockRecordFactory(partner=group, partner_sku=name)
    StockRecordFactory(partner=VendorFactory(), partner_sku=name)


@pytest.mark.django_db(transaction=True)
def test_twins_of_before_are_told_apart_and_the_shops_own_name_stays():
    group = VendorFactory()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partner_stockrecord DROP CONSTRAINT stock_record_sku_once")
    try:
        typed = StockRecordFactory(partner=group, partner_sku="typed")
        given = StockRecordFactory(partner=group, partner_sku="given")
        third = StockRecordFactory(partner=group, partner_sku="third")
        shop = f"L{given.product_id}"
        for row, name in ((typed, shop.lower()), (given, shop), (third, f"{shop}\u200b")):
            StockRecord.objects.filter(pk=row.pk).update(partner_sku=name)

        import_module("vendors.migrations.0021_part_sku_twins").part_twins(apps, None)

        left = dict(StockRecord.objects.filter(partner=group).values_list("pk", "sku_key"))
        assert left == {
            given.pk: shop.lower(),
            typed.pk: f"{shop.lower()}-{typed.pk}",
            third.pk: f"{shop.lower()}-{third.pk}",
        }
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE partner_stockrecord ADD CONSTRAINT stock_record_sku_once UNIQUE (partner_id, sku_key)"
            )
