"""Files with listings of several sizes, and the columns of weight, perishable goods and identified products."""

import csv
import io
from datetime import date

import pytest
from django.db import OperationalError

from catalogue.models import ListingChange, Product
from catalogue.selectors.import_reports import error_file, export_file, progress_of
from catalogue.services import change_review, importing, importing_rows
from tests.catalogue.given_files import Shop, codes, file_of
from tests.factories.catalogue import ListingFactory, PhotoFactory, SizeFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import StockRecordFactory
from vendors.models import StockMovement, StockRecord

pytestmark = pytest.mark.django_db
COLUMNS = ("sku", "listing", "title", "size", "price", "stock", "content", "unit", "weight")
COLUMNS += ("place", "known_for", "perishable", "description")


@pytest.fixture
def shop():
    return Shop()


def rice(sku, listing="RICE-1", **cells):
    return {"sku": sku, "listing": listing, "price": "280", "content": "1000", "unit": "g", **cells}


def upload(shop, *rows):
    return shop.upload(file_of(*rows, columns=COLUMNS))


def take_over(shop, *rows):
    return shop.take_over(file_of(*rows, columns=COLUMNS))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.lstrip("\ufeff"))))


def state_of(vendor):
    """All that a file may say of a group's listings."""
    words = (
        "pk",
        "title",
        "state",
        "structure",
        "parent",
        "size_label",
        "net_quantity",
        "net_unit",
        "weight_grams",
    )
    words += ("is_perishable", "identified_product", "region", "description", "price_from")
    return (
        list(Product.objects.filter(vendor=vendor).order_by("pk").values_list(*words)),
        list(
            StockRecord.objects.filter(partner=vendor)
            .order_by("pk")
            .values_list("partner_sku", "price", "num_in_stock", "product")
        ),
        StockMovement.objects.count(),
        list(ListingChange.objects.values_list("state", "version", "proposed")),
    )


def test_listing_with_sizes_goes_round(shop):
    known = IdentifiedProductFactory(region=shop.vendor.home_region, name="Red rice")
    rows = [
        # The first size may stand below the others.
        rice("RICE-5", size="5 kg", price="1300", stock="2", content="5000", weight="5200"),
        rice("RICE-1", title="Red rice", known_for="red rice", perishable="Yes", stock="7", weight="1100"),
        rice("RICE-½", listing="rice\u20101", size="half", content="500", title="Red rice"),
        {"sku": "TEA", "title": "Tea", "price": "5", "perishable": "no"},
    ]

    job = take_over(shop, *rows)

    listing = Product.objects.get(vendor=shop.vendor, structure="parent")
    sizes = [shop.record(sku) for sku in ("RICE-1", "RICE-5", "RICE-1⁄2")]  # noqa: RUF001 - what NFKC makes of it
    assert [record.product.parent for record in sizes] == [listing] * 3
    assert [record.product.weight_grams for record in sizes] == [1100, 5200, None]
    assert (listing.is_perishable, listing.identified_product) == (True, known)
    assert [record.num_in_stock for record in sizes] == [7, 2, 0]
    assert set(StockMovement.objects.values_list("why", "reference")) == {("imported", "list.csv")}
    assert (progress_of(job).new, progress_of(job).done, Product.objects.whole().count()) == (4, 4, 2)

    before, exported = state_of(shop.vendor), export_file(shop.vendor)
    for again in (exported, file_of(*rows, columns=COLUMNS)):
        assert progress_of(shop.take_over(again)).unchanged == 4
        assert state_of(shop.vendor) == before
    written = {row["sku"]: (row["listing"], row["weight"], row["perishable"]) for row in rows_of(exported)}
    assert written["RICE-5"] == ("RICE-1", "5200", "yes")
    assert written["TEA"] == ("", "", "no")
    assert rows_of(exported)[0]["known_for"] == f"Red rice ({known.scheme.code} {known.region.code})"


def test_faults_of_sizes_and_new_columns_are_named(shop):
    other = IdentifiedProductFactory(region=RegionFactory(), name="Far honey")
    ListingFactory(vendor=shop.vendor, stock=None)
    for sku in ("MINE", "ALSO"):
        StockRecordFactory(
            product=ListingFactory(vendor=shop.vendor, stock=None, draft=True), partner_sku=sku
        )
    review = ListingFactory(vendor=shop.vendor, stock=None, submitted=True)
    StockRecordFactory(product=review, partner_sku="REVIEW")
    rows = [
        rice("A", listing="", title="Rice", description="one"),
        rice("B", listing="A", description="two"),
        rice("C", listing="B"),
        rice("D", listing="nowhere"),
        rice("E", listing="", title=""),
        rice("F", listing="E"),
        rice("MINE", listing="ALSO"),
        rice("G", listing="A", content="", unit=""),
        rice("H", listing="", title="H", weight="1.5", perishable="perhaps"),
        rice("I", listing="A", weight="0"),
        rice("J", listing="", title="J", known_for="Hony"),
        rice("K", listing="", title="K", known_for="Far honey"),
        rice("N", listing="REVIEW"),
        rice("O", listing="", title="O", known_for="Far honey", place=other.region.code),
    ]

    job = upload(shop, *rows)

    assert codes(job) == [
        (3, "description", "listing_differs"),
        (4, "listing", "listing_chain"),
        (4, "listing", "listing_faulty"),
        (5, "listing", "listing_unknown"),
        (6, "title", "missing"),
        (7, "listing", "listing_faulty"),
        (8, "listing", "listing_other"),
        (9, "size", "size_nameless"),
        (10, "perishable", "truth_unclear"),
        (10, "weight", "weight_no_number"),
        (11, "weight", "weight_no_number"),
        (12, "known_for", "known_unknown"),
        (13, "known_for", "known_other_place"),
        (14, "listing", "locked"),
    ]
    assert "%" not in error_file(job)
    assert "Far honey" not in export_file(shop.vendor)


def test_product_of_several_places_is_that_of_the_rows_place(shop):
    own = IdentifiedProductFactory(region=shop.vendor.home_region, name="Honey")
    IdentifiedProductFactory(region=RegionFactory(), name="Honey")

    take_over(shop, rice("A", listing="", title="A", known_for="honey"))

    assert shop.record("A").product.identified_product == own


def test_size_is_added_to_a_draft_and_needs_no_words_of_the_listing(shop):
    take_over(shop, rice("RICE-1", title="Red rice"))

    take_over(shop, rice("RICE-5", price="1300", content="5000", stock="3"))

    sizes = Product.objects.filter(parent__title="Red rice")
    assert [str(size.net_quantity) for size in sizes.order_by("pk")] == ["1000.000", "5000.000"]
    assert str(sizes.first().parent.price_from) == "280.00"


def test_size_of_a_listing_on_sale_waits_for_the_office_and_keeps_its_name(shop):
    listing = ListingFactory(vendor=shop.vendor, stock=None, title="Red rice")
    PhotoFactory(product=listing)
    StockRecordFactory(product=listing, partner_sku="RICE-1")
    row = rice("RICE-5", price="1300", content="5000", stock="3")

    take_over(shop, row)
    change = ListingChange.objects.get()
    again = take_over(shop, row)
    change.refresh_from_db()
    assert (progress_of(again).unchanged, change.version) == (1, 2)
    assert not StockRecord.objects.filter(partner_sku="RICE-5").exists()

    take_over(shop, {**row, "price": "1250"})
    change.refresh_from_db()
    new = [size for size in change.proposed["sizes"] if size["pk"] is None]
    assert [(size["sku"], size["price"], size["units"]) for size in new] == [("RICE-5", "1250.00", 3)]

    change_review.approve(change, shop.person, version=change.version)
    record = shop.record("RICE-5")
    assert (record.product.parent, record.num_in_stock, str(record.price)) == (listing, 3, "1250.00")
    assert progress_of(take_over(shop, {**row, "price": "1250"})).unchanged == 1


def test_name_that_was_taken_while_a_size_waited_does_not_stop_the_office(shop):
    listing = ListingFactory(vendor=shop.vendor, stock=None)
    PhotoFactory(product=listing)
    StockRecordFactory(product=listing, partner_sku="RICE-1")
    take_over(shop, rice("RICE-5", content="5000"))
    StockRecordFactory(product=ListingFactory(vendor=shop.vendor, stock=None), partner_sku="rice-5")
    change = ListingChange.objects.get()

    change_review.approve(change, shop.person, version=change.version)

    new = Product.objects.filter(parent=listing).latest("pk")
    assert StockRecord.objects.get(product=new).partner_sku == f"L{new.pk}"


def test_size_waits_while_the_row_of_its_listing_waits(shop, monkeypatch):
    job = upload(shop, rice("RICE-5", size="5 kg"), rice("RICE-1", title="Red rice"))
    importing.begin(job, shop.person)
    create = importing_rows.create_listing

    def busy(*_args, **_kwargs):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(importing_rows, "create_listing", busy)
    monkeypatch.setattr(importing, "is_busy", lambda _error: True)
    importing.run(job.pk)
    assert progress_of(job).done == 0
    monkeypatch.setattr(importing_rows, "create_listing", create)
    importing.run(job.pk)

    assert (progress_of(job).done, Product.objects.filter(parent__title="Red rice").count()) == (2, 2)


def test_export_of_sizes_that_were_made_by_hand_changes_nothing(shop):
    listing = ListingFactory(vendor=shop.vendor, stock=None, is_perishable=True)
    for _ in range(3):
        SizeFactory(parent=listing)
    before = state_of(shop.vendor)

    job = shop.take_over(export_file(shop.vendor))

    assert (progress_of(job).unchanged, state_of(shop.vendor)) == (3, before)


def test_a_product_that_has_ended_is_kept_by_its_listing_and_named_by_no_new_one(shop):
    ended = IdentifiedProductFactory(
        region=shop.vendor.home_region, name="Cliff honey", ended_on=date(2024, 3, 1)
    )
    listing = ListingFactory(vendor=shop.vendor, identified_product=ended)
    before = state_of(shop.vendor)

    kept = shop.take_over(export_file(shop.vendor))
    refused = upload(shop, rice("NEW", listing="", title="New", known_for="Cliff honey"))

    assert (progress_of(kept).unchanged, state_of(shop.vendor)) == (1, before)
    assert listing.identified_product == ended
    assert codes(refused) == [(2, "known_for", "known_not_now")]
