"""What stands in each report: as many rows as plain SQL counts, words that begin no formula, nobody who bought."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.lib.dates import today_in
from orders.models import Order
from payments.models import Payout
from programme.domain.report_rights import RIGHTS
from programme.reports import KINDS
from programme.services import report_runs
from regions.models import IdentifiedProduct
from regions.services import nomination_decisions
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.factories.vendors import CertificateFactory, RequirementFactory, VendorFactory
from tests.programme.given_reports import rows_of, run_of, text_of
from tests.regions.given_nominations import Office

pytestmark = pytest.mark.django_db

COUNTS = {
    "listings": "SELECT count(*) FROM catalogue_product WHERE structure <> 'child'",
    "groups": "SELECT count(*) FROM partner_partner",
    "certificates": "SELECT count(*) FROM partner_certificate",
    "products": "SELECT count(*) FROM regions_identifiedproduct",
    "nominations": "SELECT count(*) FROM regions_nomination",
    "sales": "SELECT count(*) FROM order_line AS line JOIN order_vendororder AS part"
    " ON part.id = line.vendor_order_id WHERE part.released_at IS NOT NULL",
    "payouts": "SELECT count(*) FROM payments_payout",
}


def counted(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def made(kind, **filters):
    """Rows of a superuser's report."""
    return rows_of(run_of(kind, asked_by=PersonFactory(superuser=True), filters=filters))


def test_every_kind_has_a_right_and_as_many_cells_as_headings(world):
    CertificateFactory()
    IdentifiedProductFactory()
    Office().propose()

    assert set(KINDS) == set(RIGHTS) == set(COUNTS)
    for code, kind in KINDS.items():
        rows = list(kind.rows({}))
        assert len(rows) == counted(COUNTS[code]) == len(made(code)) > 0, code
        assert {len(list(cells)) for cells in kind.cells(rows)} == {len(kind.headings)}, code


def test_no_file_names_who_bought(world):
    bought = {
        word for order in Order.objects.all() for word in (order.guest_email, order.guest_phone) if word
    }
    names = set(Order.objects.values_list("shipping_address__first_name", flat=True))

    text = text_of(run_of("sales", asked_by=PersonFactory(finance=True)))

    assert bought
    assert not [word for word in bought | names if word and word in text]


def test_money_stands_as_a_decimal_and_in_smallest_units(world):
    sales, payouts = made("sales"), made("payouts")

    total = counted(
        "SELECT sum(line_price_incl_tax) FROM order_line AS line JOIN order_vendororder AS part"
        " ON part.id = line.vendor_order_id WHERE part.released_at IS NOT NULL"
    )
    assert sum(int(row["Price of the line, smallest units"]) for row in sales) == total * 100
    assert (sales[0]["Price of the line"], sales[0]["Currency"]) == ("250.00", "INR")
    assert sum(int(row["Amount, smallest units"]) for row in payouts) == sum(
        payout.amount * 100 for payout in Payout.objects.all()
    )


def test_days_of_sales_are_those_of_the_country(world):
    first = min(row["Handed to the group on"] for row in made("sales"))
    after = (date.fromisoformat(first) + timedelta(days=1)).isoformat()

    assert len(made("sales", first=first, last=first, is_paid="True")) >= 1
    assert made("sales", first=after) == []


def test_words_that_would_begin_a_formula_are_shown_as_words():
    ListingFactory(title="=HYPERLINK(1)", vendor=VendorFactory(name="+975", code="@x"))

    (row,) = made("listings")

    assert (row["Listing"], row["Group"], row["Group code"]) == ("'=HYPERLINK(1)", "'+975", "'@x")


def test_groups_say_what_is_missing_and_which_certificates_hold():
    RequirementFactory(attested=True)
    holder = CertificateFactory().vendor
    other = VendorFactory()

    rows = {row["Group code"]: row for row in made("groups")}

    assert rows[holder.code]["Certificates valid today"] == "1"
    assert rows[other.code]["Papers and statements missing"].startswith("We sell only what members")
    assert [row["Group code"] for row in made("groups", certificate="valid")] == [holder.code]
    assert [row["Group code"] for row in made("groups", certificate="none")] == [other.code]


def test_certificates_are_narrowed_by_validity():
    valid, waiting = CertificateFactory(), CertificateFactory(submitted=True)

    assert [row["Row number"] for row in made("certificates", validity="valid")] == [str(valid.pk)]
    assert [row["Row number"] for row in made("certificates", validity="other")] == [str(waiting.pk)]
    assert len(made("certificates", validity="ending", days="3650")) == 1


def test_products_say_what_is_reached_for_them():
    known = IdentifiedProductFactory(
        named_on=date(2024, 3, 1), listed_since="OGOP", edition="OGOP", source="Kuensel"
    )
    listing = ListingFactory(vendor=VendorFactory(home_region=known.region), identified_product=known)
    empty = IdentifiedProductFactory()

    found = {row["Known product number"]: row for row in made("products")}

    reached = ["Groups at home there", "Live listings", "Sales in 90 days"]
    assert listing.state == "live"
    assert [found[str(known.pk)][name] for name in reached] == ["1", "1", "0"]
    named = ["Named from", "In the list since", "Source"]
    assert [found[str(known.pk)][name] for name in named] == ["2024-03-01", "OGOP", "Kuensel"]
    assert [row["Known product number"] for row in made("products", lacks="group")] == [str(empty.pk)]
    assert len(made("products", lacks="sale")) == IdentifiedProduct.objects.count()


def test_nominations_say_who_decided_and_on_which_grounds():
    office = Office()
    waiting = office.propose("Forest honey")
    nomination = office.propose("Cane baskets", category="Handicrafts", ecosystem="Ten weavers")
    nomination_decisions.recommend(nomination, actor=office.recommender, version=1, remarks="")
    day = today_in("BT") + timedelta(days=3)
    nomination_decisions.approve(nomination, actor=office.approver, version=1, effective_on=day)

    (row,) = made("nominations", state="approved", scheme=str(office.scheme.pk))

    names = ("Product", "Kind of goods", "Who makes it there already", "Approved by", "Named from", "Papers")
    assert [row[name] for name in names] == [
        "Cane baskets",
        "Handicrafts",
        "Ten weavers",
        str(office.approver),
        day.isoformat(),
        "0",
    ]
    assert [found["Row number"] for found in made("nominations", state="proposed")] == [str(waiting.pk)]


@pytest.mark.parametrize("kind", ["groups", "certificates", "products"])
def test_a_chunk_of_any_kind_takes_equally_many_queries(kind):
    def queries():
        with CaptureQueriesContext(connection) as found:
            made(kind)
        return len(found)

    def add():
        place = CertificateFactory().vendor.home_region
        IdentifiedProductFactory(region=place)

    add()
    queries()
    one = queries()
    for _ in range(5):
        add()

    assert queries() == one
    assert report_runs.CHUNK > 6
