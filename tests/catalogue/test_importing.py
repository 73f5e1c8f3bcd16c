"""Import of listings: looked through without a change, taken over row by row, safe to repeat."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection

from catalogue.models import ImportJob, ImportRow, ListingChange, Product
from catalogue.selectors.import_reports import error_file, export_file, fault_lines, progress_of
from catalogue.services import importing, importing_rows
from tests.catalogue.given_files import COLUMNS, Shop, codes, file_of
from tests.dashboard.given import member_of, photo
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import StockRecordFactory, VendorFactory
from tests.support.race import pause, race
from vendors.models import StockMovement
from vendors.services import stock

pytestmark = pytest.mark.django_db
__all__ = ["photo"]


@pytest.fixture
def shop():
    return Shop()


TABLES = ("catalogue_product", "partner_stockrecord", "partner_stockmovement", "catalogue_product_categories")
TABLES += ("catalogue_productcategory", "catalogue_listingchange", "catalogue_listingevent")
TABLES += ("communication_notice",)


def everything():
    """Whole tables, as the database holds them."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
        for table in set(TABLES) & there:
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            found[table] = cursor.fetchone()
    return found


def test_new_rows_become_drafts_with_their_stock_and_changed_ones_are_changed(shop):
    place = RegionFactory(name="Khoma")
    kind = CategoryFactory(name="Cloth", slug="cloth")
    job = shop.take_over(
        file_of(
            {
                "sku": "K1",
                "title": "Stole",
                "price": "1200",
                "stock": "4",
                "content": "1",
                "unit": "Piece",
                "place": " khoma",
                "category": "CLOTH",
            }
        )
    )
    record = shop.record("K1")
    listing = record.product

    assert (listing.title, listing.state, listing.region, listing.net_unit) == (
        "Stole",
        "draft",
        place,
        "piece",
    )
    assert (list(listing.categories.all()), str(listing.price_from)) == ([kind], "1200.00")
    assert (record.num_in_stock, record.price_currency) == (4, "INR")
    moved = StockMovement.objects.get(stock_record=record)
    assert (moved.why, moved.actor, moved.reference) == ("imported", shop.person, "list.csv")
    assert (progress_of(job).new, progress_of(job).done) == (1, 1)

    shop.take_over(file_of({"sku": "K1", "title": "Long stole", "price": "1300.5", "stock": "6"}))
    record.refresh_from_db()
    listing.refresh_from_db()
    assert (listing.title, str(listing.price_from), record.num_in_stock) == ("Long stole", "1300.50", 6)
    assert (listing.net_quantity, list(listing.categories.all())) == (Decimal(1), [kind])


def twenty_three_faults(shop):
    """(cells of a faulty row, column, code, correction), one for each kind of fault."""
    RegionFactory(name="Twin", code="BT-T1")
    RegionFactory(name="Twin", code="BT-T2")
    CategoryFactory(name="Cloth", slug="cloth")
    StockRecordFactory(partner_sku="THEIRS")
    held = StockRecordFactory(product=ListingFactory(vendor=shop.vendor, stock=None), partner_sku="HELD")
    stock.reserve({held.pk: 5})
    review = ListingFactory(vendor=shop.vendor, stock=None, submitted=True)
    StockRecordFactory(product=review, partner_sku="REVIEW")
    return [
        ({"sku": ""}, "sku", "sku_missing", {"sku": "F0"}),
        ({"sku": "S0"}, "sku", "sku_twice", {"sku": "F1"}),
        ({"sku": "THEIRS"}, "sku", "sku_foreign", {"sku": "F2"}),
        ({"sku": "L99"}, "sku", "sku_reserved", {"sku": "F3"}),
        ({"sku": "x" * 61}, "sku", "too_long", {"sku": "F4"}),
        ({"title": ""}, "title", "missing", {"title": "Tea"}),
        ({"title": "x" * 121}, "title", "too_long", {"title": "Tea"}),
        ({"title": "Red\x00rice"}, "title", "unreadable_sign", {"title": "Red rice"}),
        ({"price": ""}, "price", "missing", {"price": "1"}),
        ({"price": "0"}, "price", "price_not_positive", {"price": "1"}),
        ({"price": "free"}, "price", "price_no_number", {"price": "1"}),
        ({"price": "1.005"}, "price", "price_decimals", {"price": "1"}),
        ({"price": "1.234,50"}, "price", "price_comma", {"price": "1234.50"}),
        ({"price": "99999999999"}, "price", "price_too_high", {"price": "9"}),
        ({"currency": "USD"}, "currency", "currency_other", {"currency": "INR"}),
        ({"stock": "a few"}, "stock", "stock_no_number", {"stock": "3"}),
        ({"stock": "1000000"}, "stock", "stock_too_many", {"stock": "3"}),
        ({"sku": "HELD", "title": "", "stock": "4"}, "stock", "stock_reserved", {"stock": "5"}),
        ({"content": "much", "unit": "g"}, "content", "content_no_number", {"content": "5"}),
        ({"content": "5", "unit": "stone"}, "unit", "unit_unknown", {"unit": "g"}),
        ({"place": "Twin"}, "place", "place_ambiguous", {"place": "BT-T2"}),
        ({"place": "Nowhere"}, "place", "place_unknown", {"place": "BT-T1"}),
        ({"sku": "REVIEW", "title": "Other"}, "title", "locked", {"title": ""}),
    ]


def test_500_rows_with_23_faults(shop):
    faults = twenty_three_faults(shop)
    rows = [{"sku": f"S{n}", "title": f"Listing {n}", "price": "280", "stock": "5"} for n in range(477)]
    bad = [
        {"sku": f"B{n}", "title": "Bad", "price": "5", **cells} for n, (cells, *_rest) in enumerate(faults)
    ]
    # Among the good ones, not behind them.
    for place, row in enumerate(bad):
        rows.insert(10 + place * 20, row)
    content = file_of(*rows)
    before = everything()

    checked = shop.upload(content)

    assert everything() == before
    report = fault_lines(checked, most=100)
    expected = [(12 + n * 20, column, code) for n, (_cells, column, code, _fix) in enumerate(faults)]
    assert codes(checked) == expected
    assert len({code for _row, _column, code in expected} | {column for _r, column, _c in expected}) > 20
    assert [(line.row, line.column) for line in report] == [(row, column) for row, column, _code in expected]
    assert all(line.remedy and "%" not in line.remedy for line in report)
    assert [line.value for line in report][9:13] == ["0", "free", "1.005", "1.234,50"]
    assert vars(progress_of(checked)) == {
        "rows": 500, "looked": 500, "done": 0, "new": 477, "changed": 0, "unchanged": 0, "faulty": 23
    }  # fmt: skip

    importing.begin(checked, shop.person)
    importing.run(checked.pk)
    assert Product.objects.filter(vendor=shop.vendor).count() == 477 + 2
    assert progress_of(checked).done == 477

    wrong = list(csv.DictReader(io.StringIO(error_file(checked).lstrip("\ufeff"))))
    assert [bool(row["reason"]) for row in wrong] == [True] * 23
    corrected = [{**row, **fix} for row, (_cells, _column, _code, fix) in zip(wrong, faults, strict=True)]
    mended = shop.take_over(file_of(*corrected, columns=(*COLUMNS, "reason")))
    assert (progress_of(mended).faulty, progress_of(mended).done) == (0, 23)
    assert Product.objects.filter(vendor=shop.vendor).count() == 477 + 2 + 21

    after = everything()
    good = [row for row in rows if row not in bad]
    for again in (file_of(*good), file_of(*corrected, columns=(*COLUMNS, "reason"))):
        assert progress_of(shop.take_over(again)).unchanged == again.count("\n") - 1
    assert everything() == after


def test_export_imported_again_changes_nothing(shop):
    kind = CategoryFactory()
    listing = ListingFactory(
        vendor=shop.vendor, categories=[kind], title="=SUM(1)", description='-"two"\r\nlines, and ཟླ'
    )
    SizeFactory(parent=ListingFactory(vendor=shop.vendor, stock=None, title="Honey"))
    stock.reserve({listing.stockrecords.get().pk: 2})
    content = export_file(shop.vendor)
    before = everything()

    job = shop.take_over(content)

    assert progress_of(job).unchanged == 2
    assert everything() == before
    assert "'=SUM(1)" in content


def test_number_that_was_edited_is_not_written_over_a_sale(shop):
    record = StockRecordFactory(product=ListingFactory(vendor=shop.vendor, stock=None), partner_sku="A")
    stock.reserve({record.pk: 3})
    content = file_of({"sku": "A", "stock": "20", "stock_seen": "10"}, columns=("sku", "stock", "stock_seen"))
    untouched = file_of(
        {"sku": "A", "stock": "10", "stock_seen": "10"}, columns=("sku", "stock", "stock_seen")
    )
    stock.consume({record.pk: 3})

    late, old = shop.upload(content), shop.take_over(untouched)

    assert codes(late) == [(2, "stock", "stock_moved")]
    assert progress_of(old).unchanged == 1
    assert shop.record("A").num_in_stock == 7


def test_sale_between_looking_and_taking_over_is_not_undone(shop):
    record = StockRecordFactory(product=ListingFactory(vendor=shop.vendor, stock=None), partner_sku="A")
    stock.reserve({record.pk: 3})
    job = shop.upload(file_of({"sku": "A", "stock": "20", "price": "99"}))
    stock.consume({record.pk: 3})

    importing.begin(job, shop.person)
    importing.run(job.pk)

    assert codes(job) == [(2, "stock", "stock_moved")]
    kept = shop.record("A")
    assert (kept.num_in_stock, str(kept.price)) == (7, "250.00")


def test_words_of_a_listing_on_sale_wait_for_the_office_while_price_and_number_change(shop):
    listing = ListingFactory(vendor=shop.vendor, stock=None, title="Tea")
    PhotoFactory(product=listing)
    StockRecordFactory(product=listing, partner_sku="A")
    content = file_of({"sku": "A", "title": "Green tea", "price": "99", "stock": "3", "size": "Tin"})

    shop.take_over(content)
    again = shop.take_over(content)

    listing.refresh_from_db()
    record, change = shop.record("A"), ListingChange.objects.get()
    assert (listing.title, str(record.price), record.num_in_stock) == ("Tea", "99.00", 3)
    assert (change.state, change.version, change.proposed["title"]) == ("submitted", 2, "Green tea")
    assert change.proposed["sizes"][0]["label"] == "Tin"
    assert progress_of(again).unchanged == 1


def test_same_form_makes_one_file_and_each_step_is_made_once(shop):
    content = file_of({"sku": "A", "title": "Tea", "price": "5"}).encode()
    jobs = {
        importing.take_in(shop.vendor, content, name="a.csv", token="t", actor=shop.person).pk
        for _ in range(2)
    }
    job = ImportJob.objects.get()
    importing.run(job.pk)
    job.refresh_from_db()

    begun = [importing.begin(job, shop.person) for _ in range(2)]
    for _ in range(2):
        importing.run(job.pk)

    assert (len(jobs), begun, Product.objects.filter(vendor=shop.vendor).count()) == (1, [True, False], 1)


def test_stopped_file_changes_nothing(shop):
    job = shop.upload(file_of({"sku": "A", "title": "Tea", "price": "5"}))

    stopped = [importing.stop(job, shop.person) for _ in range(2)]
    importing.run(job.pk)

    assert stopped == [True, False]
    assert not Product.objects.filter(vendor=shop.vendor).exists()


def test_killed_worker_leaves_whole_rows_and_the_next_one_goes_on(shop, monkeypatch):
    rows = [{"sku": f"S{n}", "title": f"Tea {n}", "price": "5"} for n in range(6)]
    job = shop.upload(file_of(*rows))
    importing.begin(job, shop.person)
    create, calls = importing_rows.create_listing, []

    def dies_at_the_third(*args, **kwargs):
        listing = create(*args, **kwargs)
        calls.append(listing.pk)
        if len(calls) == 3:
            raise SystemExit
        return listing

    monkeypatch.setattr(importing_rows, "create_listing", dies_at_the_third)
    with pytest.raises(SystemExit):
        importing.run(job.pk)
    halfway = progress_of(job).done, Product.objects.filter(vendor=shop.vendor).count()
    importing.run_all()

    job.refresh_from_db()
    assert halfway == (2, 2)
    assert (job.state, Product.objects.filter(vendor=shop.vendor).count()) == ("done", 6)


@pytest.mark.parametrize(("guarded", "made"), [(True, 3), (False, 12)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_four_workers_on_one_file_make_each_listing_once(shop, monkeypatch, guarded, made):
    job = shop.upload(file_of(*[{"sku": f"S{n}", "title": f"Tea {n}", "price": "5"} for n in range(3)]))
    importing.begin(job, shop.person)
    if not guarded:
        # Without the lock on the row, and without the unique name that the database would refuse.
        monkeypatch.setattr(importing_rows.ImportRow.objects, "select_for_update", careless_rows)
        monkeypatch.setattr(importing_rows, "plan_rows", careless_plans(importing_rows.plan_rows))

    race(lambda: importing.run(job.pk), contenders=4)

    assert Product.objects.filter(vendor=shop.vendor).count() == made


def careless_rows(**_options):
    return Careless()


class Careless:
    """Rows as if nobody had taken them over."""

    def filter(self, **wanted):
        wanted.pop("is_done")
        return ImportRow.objects.filter(**wanted)


def careless_plans(plan):
    """Plans of new names, made when all workers have come to the row."""
    numbers = iter(range(1000))

    def planned(vendor, rows, known):
        for row in rows:
            row.cells["sku"] += f"-{next(numbers)}"
        pause()
        return plan(vendor, rows, known)

    return planned


def test_files_of_another_group_are_not_visible(shop):
    job = shop.upload(file_of({"sku": "A", "title": "Tea", "price": "5"}))
    stranger = member_of(VendorFactory())

    assert list(ImportJob.objects.visible_to(shop.person)) == [job]
    assert not ImportJob.objects.visible_to(stranger).exists()


def test_looking_through_takes_as_many_queries_for_400_rows_as_for_one(shop, django_assert_num_queries):
    for count in (1, 400):
        rows = [{"sku": f"S{n}", "title": "Tea", "price": "5"} for n in range(count)]
        job = importing.take_in(
            shop.vendor, file_of(*rows).encode(), name="a", token=str(count), actor=shop.person
        )
        with django_assert_num_queries(16):
            importing.run(job.pk)
