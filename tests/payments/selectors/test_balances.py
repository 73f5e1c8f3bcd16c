"""Balances: what is payable and what is held, by currency, from one index."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from payments.models import LedgerEntry
from payments.selectors.balances import (
    Balance,
    payable_entries,
    unpaid_entries,
    vendor_balance,
    vendor_balances,
)
from payments.services import ledger
from payments.services.payouts import plan_payouts
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, sold

pytestmark = pytest.mark.django_db

Account = ledger.Account


def entry(part, amount, *, account=Account.VENDOR_PAYABLE, currency="INR", key=1):
    ledger.post(
        source_type="test",
        source_id=key,
        kind=f"{account} {amount}",
        currency=currency,
        amounts=[
            ledger.Amount(account, Decimal(amount), part.vendor, part),
            ledger.Amount(Account.COMMISSION, -Decimal(amount)),
        ],
    )


def test_balance_is_what_is_owed_and_what_is_held_in_one_currency(fake_provider):
    (part,) = sold(fake_provider)
    entry(part, "-40.00", account=Account.VENDOR_HELD)
    entry(part, "-7.00", currency="USD", key=2)

    assert vendor_balance(part.vendor, "INR") == Balance(part.share, Decimal(40))
    assert vendor_balance(part.vendor, "USD") == Balance(Decimal(7), Decimal(0))
    assert vendor_balance(part.vendor, "THB") == Balance()
    assert vendor_balance(VendorFactory(), "INR") == Balance()


def test_balance_below_zero_is_what_the_group_owes(fake_provider):
    (part,) = sold(fake_provider)
    entry(part, str(part.share + 9))

    assert vendor_balance(part.vendor, "INR").payable == Decimal(-9)


def test_balances_of_several_groups_are_one_query(fake_provider, django_assert_num_queries):
    first, second = sold(fake_provider, VendorFactory(), VendorFactory())

    with django_assert_num_queries(1):
        found = vendor_balances([first.vendor_id, second.vendor_id])

    assert found == {
        (first.vendor_id, "INR"): Balance(first.share, Decimal(0)),
        (second.vendor_id, "INR"): Balance(second.share, Decimal(0)),
    }


def test_balance_is_read_from_the_index_alone(fake_provider):
    (part,) = sold(fake_provider)
    query = (
        LedgerEntry.objects.filter(
            vendor=part.vendor_id, account__in=LedgerEntry.VENDOR_ACCOUNTS, currency="INR"
        )
        .values_list("account", "amount")
        .query
    )
    sql, params = query.sql_with_params()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index Only Scan using ledger_balance_by_vendor" in plan


def test_entry_is_payable_when_its_sale_is_and_no_payout_holds_it(fake_provider):
    (part,) = sold(fake_provider)
    (later,) = sold(fake_provider, part.vendor, is_payable=False)
    now = timezone.now()

    payable = set(payable_entries(now).values_list("vendor_order_id", flat=True))
    unpaid = set(unpaid_entries().values_list("vendor_order_id", flat=True))
    bank_account(part.vendor)
    plan_payouts(now)

    assert (payable, unpaid) == ({part.pk}, {part.pk, later.pk})
    assert not payable_entries(now).exists()
    assert set(unpaid_entries().values_list("vendor_order_id", flat=True)) == {later.pk}
