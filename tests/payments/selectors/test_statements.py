"""Statements: from the balance before, entry by entry, to the balance after; days are the group's."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.lib.dates import local_day
from payments.models import Refund
from payments.selectors.balances import vendor_balance
from payments.selectors.statements import account_currencies, statement, statement_months
from payments.services.deciding import request_refund
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import sold
from tests.support.refunds import everything

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def vendor():
    return VendorFactory(commission_rate=D("0.1000"))


def move_entries(vendor, moment):
    """Let what was posted so far have been posted at that moment, past the guard of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_ledgerposting SET posted_at = %s", [moment])
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")


def today(vendor):
    return local_day(timezone.now(), vendor.home_region.country_code)


def test_sales_and_refunds_lead_from_the_balance_before_to_the_balance_after(vendor, fake_provider):
    (first,) = sold(fake_provider, vendor)
    move_entries(vendor, timezone.now() - timedelta(days=40))
    (second,) = sold(fake_provider, vendor)
    request_refund(
        second.order,
        everything(second.order),
        reason=Refund.Reason.LOST,
        remark="lost",
        actor=PersonFactory(finance=True),
    )

    day = today(vendor)
    shown = statement(vendor, "INR", first=day - timedelta(days=1), last=day)

    assert shown.opening == first.share == D("285.00")
    assert [(row.day, row.words, row.number, row.amount, row.balance) for row in shown.rows] == [
        (day, "Sale, less commission", second.number, D("285.00"), D("570.00")),
        (day, "Given back to the buyer", second.number, D("-285.00"), D("285.00")),
    ]
    assert shown.closing == vendor_balance(vendor, "INR").payable == D("285.00")
    assert shown.held == 0


def test_both_days_count_and_midnight_is_the_groups_own(vendor, fake_provider):
    sold(fake_provider, vendor)
    # Half past eleven in the evening of 31 October in Thimphu.
    move_entries(vendor, datetime(2026, 10, 31, 17, 30, tzinfo=UTC))

    october = statement(vendor, "INR", first=date(2026, 10, 31), last=date(2026, 10, 31))
    november = statement(vendor, "INR", first=date(2026, 11, 1), last=date(2026, 11, 30))

    assert (october.opening, len(october.rows), october.closing) == (0, 1, D("285.00"))
    assert (november.opening, len(november.rows), november.closing) == (D("285.00"), 0, D("285.00"))


def test_a_group_never_sees_anothers_entries(vendor, fake_provider):
    sold(fake_provider, vendor)
    other = VendorFactory()

    shown = statement(other, "INR", first=date(2020, 1, 1), last=date(2030, 1, 1))

    assert (shown.opening, list(shown.rows), shown.closing) == (0, [], 0)
    assert (statement_months(other), account_currencies(other)) == ([], [])


def test_months_and_currencies_with_entries_are_listed_newest_first(vendor, fake_provider):
    sold(fake_provider, vendor)
    move_entries(vendor, datetime(2026, 9, 30, 18, 30, tzinfo=UTC))
    sold(fake_provider, vendor)

    months = statement_months(vendor)

    assert months == [(today(vendor).replace(day=1), "INR"), (date(2026, 10, 1), "INR")]
    assert account_currencies(vendor) == ["INR"]


def test_a_last_day_before_the_first_is_refused(vendor):
    with pytest.raises(ValueError, match="before the first"):
        statement(vendor, "INR", first=date(2026, 2, 1), last=date(2026, 1, 1))


@pytest.mark.parametrize("sales", [1, 8])
def test_a_statement_takes_as_many_queries_for_eight_entries_as_for_one(
    vendor, fake_provider, sales, django_assert_max_num_queries
):
    for _ in range(sales):
        sold(fake_provider, vendor)

    with django_assert_max_num_queries(4):
        shown = statement(vendor, "INR", first=date(2020, 1, 1), last=date(2030, 1, 1))

    assert len(shown.rows) == sales
