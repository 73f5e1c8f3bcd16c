"""Short names in files with listings: look-alikes are one listing, and the same file beside itself makes each once."""

import pytest

from catalogue.models import ImportJob, Product
from catalogue.selectors.import_reports import progress_of
from catalogue.services import importing, importing_rows
from catalogue.services.listings import given_sku
from tests.catalogue.given_files import Shop, codes, file_of
from tests.factories.catalogue import ListingFactory
from tests.factories.vendors import StockRecordFactory
from tests.support.race import race
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db
COLUMNS = ("sku", "title", "price")


@pytest.fixture
def shop():
    return Shop()


def tea(sku, price="5"):
    return {"sku": sku, "title": "Tea", "price": price}


def test_look_alike_changes_what_is_there(shop):
    shop.take_over(file_of(tea("Tea-1"), columns=COLUMNS))

    again = shop.take_over(file_of(tea("\uff34\uff25\uff21\u20101\u200b", price="6"), columns=COLUMNS))

    record = StockRecord.objects.get(partner=shop.vendor)
    assert (record.partner_sku, str(record.price), progress_of(again).changed) == ("Tea-1", "6.00", 1)


def test_name_is_kept_without_signs_that_nobody_sees(shop):
    shop.take_over(file_of(tea("\uff34ea\u2013\u200b1"), columns=COLUMNS))

    assert StockRecord.objects.get(partner=shop.vendor).partner_sku == "Tea-1"


def test_look_alikes_in_one_file_and_of_reserved_or_foreign_names_are_named(shop):
    StockRecordFactory(partner_sku="Theirs-1")
    rows = [tea("A-1"), tea("a\u20131"), tea("l12"), tea("L12\u200b"), tea("THEIRS\u20101"), tea("\u200b")]

    job = shop.upload(file_of(*rows, tea("\ufdfa" * 10), columns=COLUMNS))

    assert codes(job) == [
        (3, "sku", "sku_twice"),
        (4, "sku", "sku_reserved"),
        (5, "sku", "sku_twice"),
        (5, "sku", "sku_reserved"),
        (6, "sku", "sku_foreign"),
        (7, "sku", "sku_missing"),
        (8, "sku", "too_long"),
    ]


def test_shop_gives_another_name_where_the_group_uses_the_next_one_already(shop):
    listing = ListingFactory(vendor=shop.vendor, stock=None)
    for name in (f"l{listing.pk}", f"L{listing.pk}-2", f"L{listing.pk}0"):
        StockRecordFactory(product=ListingFactory(vendor=shop.vendor, stock=None), partner_sku=name)

    assert given_sku(listing) == f"L{listing.pk}-3"


def test_row_whose_listing_was_made_meanwhile_changes_it(shop, monkeypatch):
    job = shop.upload(file_of(tea("A", price="6"), columns=COLUMNS))
    importing.begin(job, shop.person)
    plan, calls = importing_rows.plan_rows, []

    def made_meanwhile(*args):
        found = plan(*args)
        if not calls:
            calls.append(1)
            shop.take_over(file_of(tea("A"), columns=COLUMNS))
        return found

    monkeypatch.setattr(importing_rows, "plan_rows", made_meanwhile)
    importing.run(job.pk)

    record = StockRecord.objects.get(partner=shop.vendor)
    assert (str(record.price), progress_of(job).done) == ("6.00", 1)


@pytest.mark.django_db(transaction=True)
def test_same_file_handed_in_three_times_at_once_makes_each_listing_once(shop):
    content = file_of(*[tea(f"S{n}") for n in range(4)], columns=COLUMNS)
    jobs = [shop.upload(content) for _ in range(3)]
    for job in jobs:
        importing.begin(job, shop.person)
    waiting = iter(jobs)

    outcomes = race(lambda: importing.run(next(waiting).pk), contenders=3)

    assert outcomes == [None] * 3
    assert Product.objects.filter(vendor=shop.vendor).count() == 4
    assert {job.state for job in ImportJob.objects.all()} == {"done"}
    assert sum(progress_of(job).done for job in jobs) == 12
