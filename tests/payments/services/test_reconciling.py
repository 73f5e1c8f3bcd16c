"""Reconciliation: a seeded 0.01 is found wherever it is, named, and gone when mended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Notice
from orders.models import Line, Order, VendorOrder
from payments.models import (
    BalanceTransaction,
    Difference,
    LedgerEntry,
    LedgerPosting,
    PaymentAttempt,
    Refund,
    Transfer,
)
from payments.providers.base import ProviderUnavailable
from payments.services.reconciling import reconcile, take_over
from payments.services.refunds import make_waiting_refunds
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.support.race import race
from tests.support.sale import a_listing, placed_order, started_attempt

pytestmark = pytest.mark.django_db

D = Decimal
CENT = D("0.01")


@pytest.fixture
def sale(fake_provider):
    """A paid order of two groups, and one whose money went back whole."""
    sold = placed_order((a_listing("333.33", vendor__name="A"), 3), (a_listing("0.07"), 7))
    paid = started_attempt(sold)
    fake_provider.pay(paid.session_id)
    settle(paid.pk)
    returned = started_attempt()
    fake_provider.pay(returned.session_id, amount_received=D("300.00"))
    settle(returned.pk)
    make_waiting_refunds()
    started_attempt()
    return Order.objects.get(pk=sold.pk)


def let_days_pass(days=3):
    """Make everything older than the quiet hours."""
    then = timezone.now() - timedelta(days=days)
    PaymentAttempt.objects.filter(settled_at__isnull=False).update(settled_at=then)
    Refund.objects.update(created_at=then, asked_at=None)
    Transfer.objects.filter(asked_at__isnull=False).update(asked_at=then)
    BalanceTransaction.objects.update(created_at=then)
    change_ledger("UPDATE payments_ledgerposting SET posted_at = posted_at - interval '3 days'")


def change_ledger(sql, *params):
    """Do to the ledger what its triggers forbid."""
    tables = {"payments_ledgerentry", "payments_ledgerposting"}
    with connection.cursor() as cursor:
        # Pending checks of this transaction stand in the way of changing a table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def keys():
    return {row.key for row in Difference.objects.filter(resolved_at__isnull=True)}


def figures():
    rows = Difference.objects.filter(resolved_at__isnull=True)
    return {row.key: (row.expected, row.found) for row in rows}


def test_nothing_differs_after_sales_and_refunds(sale):
    at_once = reconcile()
    let_days_pass()
    later = reconcile()

    assert at_once.is_clean
    assert later.is_clean
    assert not Difference.objects.exists()


@pytest.mark.parametrize("model", [Line, VendorOrder])
def test_cent_in_the_orders_is_found_named_and_gone_when_mended(sale, model):
    part = sale.vendor_orders.order_by("pk").first()
    rows = model.objects.filter(pk=part.pk if model is VendorOrder else part.lines.get().pk)
    rows.update(commission_tax=F("commission_tax") + CENT)

    seeded = reconcile()

    expected = (CENT, D(0)) if model is VendorOrder else (D(0), CENT)
    assert figures()[f"orders:{part.number}:commission_tax"] == expected
    assert seeded.new == len(keys())
    rows.update(commission_tax=F("commission_tax") - CENT)

    mended = reconcile()

    assert mended.is_clean
    assert mended.gone == seeded.new


def test_cent_in_the_total_of_an_order_is_found_beside_all_that_it_is_compared_with(sale):
    Order.objects.filter(pk=sale.pk).update(total_incl_tax=F("total_incl_tax") + CENT)
    attempt = sale.attempts.get()

    reconcile()

    assert keys() == {
        f"orders:{sale.number}:total",
        f"attempts:{attempt.pk}:received",
        f"ledger:order:{sale.pk}:released",
    }
    assert figures()[f"orders:{sale.number}:total"] == (sale.total_incl_tax + CENT, sale.total_incl_tax)


@pytest.mark.parametrize("field", ["amount_received", "amount_given_back"])
def test_cent_in_an_attempt_is_found_named_and_gone_when_mended(sale, field):
    let_days_pass()
    attempt = PaymentAttempt.objects.filter(order=sale)
    before = attempt.values_list(field, flat=True).get()
    attempt.update(**{field: before + CENT})

    reconcile()

    name = {"amount_received": "received", "amount_given_back": "given_back"}[field]
    key = f"attempts:{attempt.get().pk}:{name}"
    assert figures()[key] == (before, before + CENT)
    assert Difference.objects.get(key=key).subject == f"attempt {attempt.get().pk} of order {sale.number}"
    attempt.update(**{field: before})

    assert reconcile().is_clean


def test_cent_in_the_ledger_is_found_named_and_gone_when_mended(sale):
    entry = LedgerEntry.objects.filter(posting__kind="released", account="vendor_payable").first()
    change_ledger("UPDATE payments_ledgerentry SET amount = amount - 0.01 WHERE id = %s", entry.pk)

    reconcile()

    assert keys() == {
        f"ledger:order:{sale.pk}:released",
        f"ledger:posting:{entry.posting_id}:INR",
        "ledger:total:INR",
        f"ledger:vendor:{entry.vendor_id}:vendor_payable:INR",
    }
    found = Difference.objects.get(key=f"ledger:order:{sale.pk}:released")
    assert (found.expected, found.found) == (entry.amount, entry.amount - CENT)
    assert found.subject == f"released of order {sale.pk}"
    assert f"vendor_payable of group {entry.vendor_id} {entry.amount - CENT}" in found.detail
    change_ledger("UPDATE payments_ledgerentry SET amount = amount + 0.01 WHERE id = %s", entry.pk)

    assert reconcile().is_clean


def test_posting_that_is_missing_or_has_no_source_is_found(sale):
    change_ledger("UPDATE payments_ledgerposting SET source_id = 999 WHERE kind = 'released'")

    reconcile()

    missing = Difference.objects.get(key=f"ledger:order:{sale.pk}:released")
    stray = Difference.objects.get(key="ledger:order:999:released")
    assert missing.detail.startswith("not posted: ")
    assert (missing.expected, missing.found) == (sale.total_incl_tax, D(0))
    assert (stray.expected, stray.found) == (D(0), sale.total_incl_tax)


def test_cent_at_the_provider_is_found_named_and_gone_when_mended(sale, fake_provider):
    reconcile()
    held = fake_provider.retrieve_balance()["INR"]
    fake_provider._balance["INR"] += CENT

    reconcile()

    assert figures() == {"provider:balance:INR": (held + CENT, held)}
    # Without the provider's answer nothing is known of it: the difference stays.
    assert not reconcile(with_provider=False).is_clean
    fake_provider._balance["INR"] -= CENT

    assert reconcile().is_clean


def test_cent_in_a_movement_that_we_keep_is_found_named_and_gone_when_mended(sale):
    reconcile()
    let_days_pass()
    attempt = sale.attempts.get()
    movement = BalanceTransaction.objects.filter(source_id=attempt.charge_id)
    movement.update(amount=F("amount") + CENT, net=F("net") + CENT)

    reconcile()

    row = movement.get()
    assert figures()[f"provider:attempt:{attempt.pk}"] == (attempt.amount, attempt.amount + CENT)
    assert keys() >= {"provider:balance:INR", "provider:ledger:INR"}
    assert f"ledger:balance_transaction:{row.pk}:balance" in keys()
    movement.update(amount=F("amount") - CENT, net=F("net") - CENT)

    assert reconcile().is_clean


@pytest.mark.fault(49)
def test_movement_that_never_comes_is_a_difference_only_after_the_quiet_hours(sale, fake_provider):
    fake_provider.set_late_balance(True)
    late = started_attempt()
    fake_provider.pay(late.session_id)
    settle(late.pk)

    at_once = reconcile()
    let_days_pass()
    later = reconcile()

    assert at_once.is_clean
    assert {row.key for row in later.open} == {
        f"provider:attempt:{late.pk}",
        f"ledger:provider_clearing:attempt:{late.pk}:INR",
    }
    fake_provider.set_late_balance(False)

    assert reconcile().is_clean


def test_movement_about_nothing_of_ours_is_a_difference(sale, fake_provider):
    fake_provider._move("charge", D("5.00"), currency="INR", source_id="ch_of_nobody")
    reconcile()
    let_days_pass()

    result = reconcile()

    (remote,) = [row.id for row in fake_provider.balance_transactions if row.source_id == "ch_of_nobody"]
    assert {row.key: row.found for row in result.open} == {f"provider:movement:{remote}": D("5.00")}


def test_status_that_does_not_fit_the_money_is_found(sale):
    Order.objects.filter(pk=sale.pk).update(status=Order.Status.REFUNDED)

    reconcile()

    assert keys() == {f"orders:{sale.number}:state"}


def test_order_that_is_paid_without_any_payment_is_found(sale):
    lonely = placed_order()
    Order.objects.filter(pk=lonely.pk).update(
        status=Order.Status.PAID, paid_at=timezone.now(), released_at=timezone.now()
    )

    reconcile()

    assert figures() == {f"attempts:order:{lonely.number}": (D(1), D(0))}


def test_difference_has_an_owner_and_an_age_and_is_opened_again_with_its_note(sale):
    officers = [PersonFactory(finance=True), PersonFactory(finance=True)]
    Order.objects.filter(pk=sale.pk).update(total_incl_tax=F("total_incl_tax") + CENT)
    reconcile()
    rows = list(Difference.objects.order_by("pk"))
    assert [row.owner for row in rows] == [officers[0], officers[1], officers[0]]
    first_seen = timezone.now() - timedelta(days=9)
    Difference.objects.update(first_seen_at=first_seen)
    take_over(rows[0], officers[1], note="asked the bank")

    Order.objects.filter(pk=sale.pk).update(total_incl_tax=F("total_incl_tax") - CENT)
    gone = reconcile()
    Order.objects.filter(pk=sale.pk).update(total_incl_tax=F("total_incl_tax") + CENT)
    again = reconcile()

    assert (gone.gone, again.new) == (3, 3)
    assert Difference.objects.count() == 3
    row = Difference.objects.get(pk=rows[0].pk)
    assert (row.note, row.owner, row.first_seen_at) == ("asked the bank", officers[1], first_seen)
    assert row.resolved_at is None


def test_finance_hears_of_new_differences_once(sale):
    PersonFactory(finance=True)
    Order.objects.filter(pk=sale.pk).update(total_incl_tax=F("total_incl_tax") + CENT)
    before = Notice.objects.filter(kind="staff_alert").count()

    for _night in range(3):
        reconcile()

    assert Notice.objects.filter(kind="staff_alert").count() == before + 1
    assert "3 new differences" in Notice.objects.filter(kind="staff_alert").latest("pk").context["subject"]


def test_provider_that_does_not_answer_leaves_the_rest_compared_and_the_run_not_clean(sale, fake_provider):
    reconcile()
    fake_provider.fail_next("retrieve_balance", ProviderUnavailable("no answer", code="timeout"))

    result = reconcile()

    assert not result.is_clean
    assert result.provider_error == "ProviderUnavailable timeout"
    assert list(result.open) == []


def test_number_of_questions_does_not_grow_with_the_rows(sale, fake_provider):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            reconcile(with_provider=False)
        return len(queries)

    reconcile()
    few = asked()
    for _each in range(6):
        attempt = started_attempt()
        fake_provider.pay(attempt.session_id)
        settle(attempt.pk)
    reconcile()

    assert asked() == few


@pytest.mark.django_db(transaction=True)
def test_runs_at_once_note_a_difference_once_and_see_one_moment(sale):
    PersonFactory(finance=True)
    Order.objects.filter(pk=sale.pk).update(total_incl_tax=F("total_incl_tax") + CENT)

    outcomes = race(lambda: reconcile(with_provider=False), contenders=6)

    assert outcomes == [None] * 6
    assert Difference.objects.count() == 3


def test_ledger_postings_of_the_scenario_are_what_the_test_believes(sale):
    assert set(LedgerPosting.objects.values_list("source_type", "kind")) == {
        ("attempt", "captured"),
        ("order", "released"),
        ("refund", "refunded"),
    }


def test_sale_while_the_provider_is_asked_is_no_difference(sale, fake_provider, monkeypatch):
    reconcile()
    retrieve = fake_provider.retrieve_balance

    def asked_while_selling():
        for after in (False, True):
            attempt = started_attempt()
            fake_provider.pay(attempt.session_id)
            settle(attempt.pk)
            if not after:
                told = retrieve()
        return told

    monkeypatch.setattr(fake_provider, "retrieve_balance", asked_while_selling)

    assert reconcile().is_clean


def test_movement_with_the_longest_names_is_noted(sale, fake_provider):
    BalanceTransaction.objects.create(
        provider="stripe",
        remote_id="x" * 100,
        kind="y" * 60,
        amount=D("5.00"),
        fee=D(0),
        net=D("5.00"),
        currency="INR",
        source_id="z" * 100,
        state=BalanceTransaction.State.UNKNOWN,
        occurred_at=timezone.now(),
        available_at=timezone.now(),
    )

    reconcile()

    assert Difference.objects.get(key=f"provider:movement:{'x' * 100}").detail.startswith("y" * 60)
