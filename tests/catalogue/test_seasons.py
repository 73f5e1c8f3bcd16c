"""The column season of a file with listings, and a season that waits for review."""

import pytest
from django.db import IntegrityError

from catalogue.models import ListingChange, Product
from catalogue.selectors.import_reports import export_file
from tests.catalogue.given_files import Shop, codes, file_of
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.factories.vendors import StockRecordFactory

pytestmark = pytest.mark.django_db
COLUMNS = ("sku", "title", "price", "stock", "season")


@pytest.fixture
def shop():
    return Shop()


@pytest.mark.parametrize(("written", "kept"), [("6-9", "6-9"), ("११-२", "11-2"), ("", "")])
def test_a_file_says_the_months_of_harvest(shop, written, kept):
    shop.take_over(
        file_of({"sku": "M", "title": "Mandarins", "price": "90", "season": written}, columns=COLUMNS)
    )

    assert Product.objects.get(title="Mandarins").season == kept


def test_what_is_no_season_is_said_with_the_way_to_write_it(shop):
    job = shop.upload(
        file_of({"sku": "M", "title": "Mandarins", "price": "90", "season": "June"}, columns=COLUMNS)
    )

    assert codes(job) == [(2, "season", "season_unclear")]


def test_the_season_of_a_listing_on_sale_waits_as_a_change(shop):
    listing = ListingFactory(vendor=shop.vendor, stock=None, season="6-9")
    StockRecordFactory(product=listing, partner=shop.vendor, partner_sku="M", price="90.00")
    PhotoFactory(product=listing)

    shop.take_over(file_of({"sku": "M", "price": "90", "season": "7-9"}, columns=COLUMNS))

    assert Product.objects.get(pk=listing.pk).season == "6-9"
    assert ListingChange.objects.get(listing=listing).proposed == {"season": "7-9"}
    assert "6-9" in export_file(shop.vendor)


def test_the_database_keeps_out_what_is_no_season():
    with pytest.raises(IntegrityError, match="listing_season_has_months"):
        Product.objects.filter(pk=ListingFactory().pk).update(season="0-13")
