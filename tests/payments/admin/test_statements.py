"""Finance officers read the statement of any group: what its own page says, as page, PDF and CSV."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from payments.documents.statements import statement_csv, statement_pdf
from payments.forms.statements import asked_statement
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.refunds import paid_order
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor(fake_provider):
    """A group that sold two units at 250.00 and gives 10 %."""
    vendor = VendorFactory(commission_rate=Decimal("0.1000"), name="Haa Weavers", code="haa-weavers")
    paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    return vendor


def amounts(page):
    return re.findall(r'<data value="([^"]*)"', page)


def test_the_officers_page_shows_what_the_groups_own_page_shows(client, vendor):
    client.force_login(MembershipFactory(vendor=vendor).user)
    own = client.get(reverse("dashboard-statement")).content.decode()
    client.force_login(PersonFactory(finance=True))

    page = client.get(reverse("admin:payments_statement", args=[vendor.code])).content.decode()

    assert amounts(page) == amounts(own)
    assert "510.00" in amounts(page)


def test_pdf_and_csv_are_the_ones_of_the_group(client, vendor):
    client.force_login(PersonFactory(finance=True))
    asked = asked_statement(vendor, {})

    pdf = client.get(reverse("admin:payments_statement_pdf", args=[vendor.code]), {"month": ""})
    csv = client.get(reverse("admin:payments_statement_csv", args=[vendor.code]))

    assert pdf.content == statement_pdf(asked.statement, language="en")
    assert csv.content.decode() == statement_csv(asked.statement)


def test_days_that_make_no_sense_are_said_on_the_page_and_make_no_file(client, vendor):
    client.force_login(PersonFactory(finance=True))
    wrong = {"first": "2026-10-02", "last": "2026-10-01"}

    page = client.get(reverse("admin:payments_statement", args=[vendor.code]), wrong)
    file = client.get(reverse("admin:payments_statement_csv", args=[vendor.code]), wrong)

    assert "The last day lies before the first." in page.content.decode()
    assert file.status_code == 404


def test_groups_are_found_by_name_and_nobody_by_nonsense(client, vendor):
    VendorFactory(name="Others")
    client.force_login(PersonFactory(finance=True))
    groups = reverse("admin:payments_statement_groups")

    found = client.get(groups, {"q": "haa w"}).content.decode()
    nobody = client.get(groups, {"q": "nobody\0"}).content.decode()

    assert reverse("admin:payments_statement", args=[vendor.code]) in found
    assert "Others" not in found
    assert "No group has such a name or code." in nobody


def test_groups_with_an_account_come_first_with_what_they_are_owed(client, vendor):
    VendorFactory(name="Aaa without a sale")
    client.force_login(PersonFactory(finance=True))

    content = client.get(reverse("admin:payments_statement_groups")).content.decode()

    assert content.index("Haa Weavers") < content.index("₹510.00") < content.index("Aaa without a sale")


@pytest.mark.parametrize("page", ["payments_statement", "payments_statement_pdf", "payments_statement_csv"])
def test_other_staff_and_members_read_no_statements_here(client, vendor, page):
    address = reverse(f"admin:{page}", args=[vendor.code])
    client.force_login(PersonFactory(moderator=True))
    refused = client.get(address).status_code
    client.force_login(MembershipFactory(vendor=vendor).user)

    assert refused == 403
    assert client.get(address).status_code == 302


def test_a_long_statement_takes_as_many_queries_as_a_short_one(
    client, vendor, fake_provider, django_assert_max_num_queries
):
    for _ in range(4):
        paid_order(fake_provider, (a_listing(vendor=vendor), 1))
    client.force_login(PersonFactory(finance=True))

    with django_assert_max_num_queries(13):
        client.get(reverse("admin:payments_statement", args=[vendor.code]))
