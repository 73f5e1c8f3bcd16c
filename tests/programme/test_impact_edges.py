"""Impact at its edges: money that comes back and goes out again, two currencies, months, moves; recounted in plain SQL."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import VendorOrder
from payments.models import LedgerPosting, Payout, PayoutBatch, Refund
from payments.services.batches import approve, export, hand_in
from payments.services.deciding import request_refund
from payments.services.payouts import plan_payouts
from payments.services.refunds import make_refund
from payments.services.settlements import BankAnswer, settle_line
from payments.services.shares import Asked
from programme.selectors.impact import By, impact
from regions.models import Region
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.programme.recounts import paid_by_month
from tests.support.payouts import bank_account, sold
from vendors.models import Partner

pytestmark = pytest.mark.django_db


def table(by, *, first=date(2026, 1, 1), last=date(2026, 12, 31), currency="INR"):
    return impact(by, currency=currency, first=first, last=last, level=Region.Level.DZONGKHAG)


def month(number, day=15):
    return datetime(2026, number, day, 12, tzinfo=UTC)


def at(moment, postings):
    """Let these postings have been made at a moment; the ledger itself forbids it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE payments_ledgerposting SET posted_at = %s WHERE id = ANY(%s)",
            [moment, list(postings.values_list("pk", flat=True))],
        )
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")


def pay_by_bank():
    """Plan, approve and carry out what is due by bank."""
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.exclude(state="closed").order_by("-pk").first()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    for payout in Payout.objects.filter(batch=batch):
        settle_line(payout, BankAnswer(True, f"B-again-{payout.pk}", timezone.now().date()))
    return Payout.objects.filter(batch=batch)


def money_of(found):
    return {row.code: row.paid for row in found.rows}


def test_a_payout_that_came_back_and_was_paid_again_counts_once_and_in_its_months(world):
    group = Partner.objects.get(name="Group 1")
    VendorOrder.objects.update(released_at=month(5))
    at(month(5), LedgerPosting.objects.all())
    at(month(6), LedgerPosting.objects.filter(source_type="payout", kind="returned"))
    bank_account(group, account_number="0099999999", active_from=timezone.now())
    (again,) = pay_by_bank()
    assert (again.vendor, again.amount) == (group, world[1].share)
    at(month(7), LedgerPosting.objects.filter(source_type="payout", source_id=again.pk))

    found = table(By.MONTH)

    share = world[0].share
    assert money_of(found) == {"2026-05-01": 4 * share, "2026-06-01": -share, "2026-07-01": share}
    assert money_of(found) == paid_by_month("INR", "Asia/Thimphu")
    assert found.total.paid == 4 * share
    # Each group and its households once, though it stands in three months.
    assert (found.total.groups, found.total.households) == (5, 42)
    assert [row.groups for row in found.rows] == [5, 1, 1]


def test_currencies_are_never_added_together(world):
    payout = Payout.objects.get(vendor__name="Group 0")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("posting", "entry"):
            cursor.execute(f"ALTER TABLE payments_ledger{name} DISABLE TRIGGER USER")
        postings = "SELECT id FROM payments_ledgerposting WHERE source_type = 'payout' AND source_id = %s"
        cursor.execute(
            f"UPDATE payments_ledgerentry SET currency = 'BTN' WHERE posting_id IN ({postings})", [payout.pk]
        )
        cursor.execute(
            f"UPDATE payments_ledgerposting SET currency = 'BTN' WHERE id IN ({postings})", [payout.pk]
        )
        for name in ("posting", "entry"):
            cursor.execute(f"ALTER TABLE payments_ledger{name} ENABLE TRIGGER USER")
    share = world[0].share

    for by in By:
        rupees, ngultrums = table(by), table(by, currency="BTN")
        assert (rupees.total.paid, ngultrums.total.paid) == (2 * share, share)
        assert (rupees.total.groups, ngultrums.total.groups) == (4, 1)
        assert (rupees.total.orders, ngultrums.total.orders) == (5, 0)
    assert sum(paid_by_month("BTN", "Asia/Thimphu").values()) == share


def test_a_payout_for_sales_of_two_months_counts_when_it_was_paid(fake_provider):
    group = Partner.objects.get(pk=sold(fake_provider)[0].vendor_id)
    sold(fake_provider, group)
    for number, part in enumerate(VendorOrder.objects.order_by("pk"), 4):
        VendorOrder.objects.filter(pk=part.pk).update(released_at=month(number))
    bank_account(group)
    (payout,) = pay_by_bank()
    at(month(6), LedgerPosting.objects.filter(source_type="payout", source_id=payout.pk))

    found = table(By.MONTH)

    assert [(row.code, row.orders, row.paid) for row in found.rows] == [
        ("2026-04-01", 1, 0),
        ("2026-05-01", 1, 0),
        ("2026-06-01", 0, payout.amount),
    ]
    assert paid_by_month("INR", "Asia/Thimphu") == {"2026-06-01": payout.amount}


def test_an_order_that_was_paid_back_whole_is_none(fake_provider):
    part, other = sold(fake_provider)[0], sold(fake_provider)[0]
    VendorOrder.objects.update(released_at=month(5))
    line = part.lines.get()
    refund = request_refund(
        part.order,
        Asked({line.pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark="torn",
        actor=PersonFactory(finance=True),
    )

    before = [table(by).total.orders for by in By]
    make_refund(refund.pk)

    assert before == [2] * len(By)
    assert [table(by).total.orders for by in By] == [1] * len(By)
    assert other.state != VendorOrder.State.CANCELLED


def test_a_group_that_moved_counts_where_it_is_at_home_now(world, houses):
    at(month(5), LedgerPosting.objects.all())
    _haa, paro = houses
    before = table(By.PLACE)
    Partner.objects.filter(name="Group 0").update(home_region=RegionFactory(parent=paro))

    after = table(By.PLACE)

    share = world[0].share
    assert [row.paid for row in before.rows] == [2 * share, share]
    assert [row.paid for row in after.rows] == [share, 2 * share]
    assert after.total.paid == before.total.paid
