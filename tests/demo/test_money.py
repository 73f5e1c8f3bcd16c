"""What load_demo promises of money: every unit explained, every queue with something in it."""

from collections import Counter, defaultdict
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from orders.models import Line, Order, VendorOrder
from payments.models import (
    BankReceipt,
    CashCollection,
    CashRule,
    LedgerEntry,
    LedgerPosting,
    PaymentAttempt,
    Payout,
    PayoutAccount,
    PayoutBatch,
    PayoutItem,
    Refund,
    RefundItem,
)
from payments.payout_errors import SecondPersonNeeded
from payments.refund_errors import AnotherPerson, SecondPersonWaited
from payments.services import ledger
from payments.services.batches import approve, export
from payments.services.cash import close_finished_orders
from payments.services.deciding import approve_refund
from payments.services.ledger import posting
from payments.services.owed import orders_owing, refund_what_is_owed
from payments.services.payouts import plan_payouts
from payments.services.receipts import match
from payments.services.reconciling import reconcile
from payments.services.refunds import make_waiting_refunds
from payments.services.refunds_by_hand import record_sent_by_bank
from people.models import User
from vendors.models import Partner

ZERO = Decimal("0.00")


def _collected(collection):
    part = collection.vendor_order
    ledger.post_cash_collected(
        collection,
        promotion=part.promotion_total,
        commission=part.commission,
        commission_tax=part.commission_tax,
    )


SERVICES = {
    ("receipt", "received"): (BankReceipt, ledger.post_receipt),
    ("order", "released"): (Order, ledger.post_released),
    ("collection", "collected"): (CashCollection, _collected),
    ("refund", "refunded"): (Refund, ledger.post_refund),
    ("refund", "sent_by_bank"): (Refund, ledger.post_refund_by_bank),
    ("refund", "failed"): (Refund, ledger.post_refund_failed),
    ("payout", "approved"): (Payout, ledger.post_payout_approved),
    ("payout", "paid"): (Payout, ledger.post_payout_paid),
    ("payout", "returned"): (Payout, lambda payout: ledger.post_payout_returned(payout, was_paid=True)),
}


def test_every_posting_is_what_the_service_posts(demo, monkeypatch):
    posted = []
    monkeypatch.setattr(posting, "post", lambda **values: posted.append(values))
    rows = LedgerPosting.objects.prefetch_related("entries")
    kinds = {(row.source_type, row.kind) for row in rows}

    assert kinds == set(SERVICES)
    for row in rows:
        model, post = SERVICES[row.source_type, row.kind]
        post(model.objects.get(pk=row.source_id))
        found = Counter(
            (entry.account, entry.vendor_id, entry.vendor_order_id, entry.amount)
            for entry in row.entries.all()
        )
        expected = Counter(
            (
                each.account,
                each.vendor and each.vendor.pk,
                each.vendor_order and each.vendor_order.pk,
                each.amount,
            )
            for each in posted.pop()["amounts"]
            if each.amount
        )
        assert found == expected, row


def test_whatever_brought_money_is_posted_once(demo):
    posted = Counter(LedgerPosting.objects.values_list("source_type", "kind"))
    refunds = Counter(Refund.objects.values_list("state", flat=True))
    decided = refunds.total() - refunds["proposed"]

    assert posted == {
        ("receipt", "received"): BankReceipt.objects.count(),
        ("order", "released"): Order.objects.filter(
            paid_at__isnull=False, attempts__provider="bank_transfer"
        ).count(),
        ("collection", "collected"): CashCollection.objects.count(),
        ("refund", "refunded"): decided,
        ("refund", "sent_by_bank"): refunds["succeeded"],
        ("refund", "failed"): refunds["failed"],
        ("payout", "approved"): Payout.objects.filter(state__in=("paid", "returned")).count(),
        ("payout", "paid"): Payout.objects.filter(state__in=("paid", "returned")).count(),
        ("payout", "returned"): Payout.objects.filter(state="returned").count(),
    }


def test_each_group_is_owed_what_orders_say(demo):
    owed = defaultdict(lambda: ZERO)
    for part in VendorOrder.objects.filter(order__paid_at__isnull=False).select_related("order"):
        if not CashCollection.objects.filter(vendor_order=part).exists():
            owed[part.vendor_id] += part.total - part.commission - part.commission_tax
    for collection in CashCollection.objects.select_related("vendor_order"):
        part = collection.vendor_order
        owed[part.vendor_id] -= part.commission + part.commission_tax
    decided = RefundItem.objects.exclude(refund__state__in=("proposed", "rejected"))
    for item in decided.select_related("vendor_order"):
        owed[item.vendor_order.vendor_id] -= item.share
    for payout in Payout.objects.filter(state="paid"):
        owed[payout.vendor_id] -= payout.amount

    entries = LedgerEntry.objects.filter(account="vendor_payable")
    balances = dict(entries.values_list("vendor").annotate(Sum("amount")))

    assert {vendor: -balance for vendor, balance in balances.items()} == owed
    assert min(owed.values()) > -2000
    assert LedgerEntry.objects.aggregate(Sum("amount"))["amount__sum"] == 0


def test_other_accounts_hold_what_waits(demo):
    by_account = dict(LedgerEntry.objects.values_list("account").annotate(Sum("amount")))
    unmatched = BankReceipt.objects.exclude(state="matched").aggregate(Sum("amount"))["amount__sum"]
    failed = Refund.objects.filter(state="failed").aggregate(Sum("amount"))["amount__sum"]
    pending = Refund.objects.filter(state="pending").aggregate(Sum("amount"))["amount__sum"]

    assert by_account["customer_unapplied"] == -unmatched - failed
    assert by_account["refund_clearing"] == -pending
    assert by_account["payout_in_flight"] == 0
    assert set(by_account) == {
        "bank",
        "customer_unapplied",
        "vendor_payable",
        "commission",
        "refund_clearing",
        "payout_in_flight",
    } | ({"tax"} & set(by_account))


def test_attempts_hold_what_came_and_what_went(demo):
    for attempt in PaymentAttempt.objects.prefetch_related("receipts", "collections", "refunds"):
        came = [*attempt.collections.all()]
        came += [receipt for receipt in attempt.receipts.all() if receipt.state == "matched"]
        went = [each for each in attempt.refunds.all() if each.state in ("pending", "succeeded")]
        assert attempt.amount_received == sum((each.amount for each in came), ZERO), attempt
        assert attempt.amount_given_back == sum((each.amount for each in went), ZERO), attempt
        assert attempt.provider in ("bank_transfer", "cash_on_delivery")


def test_refunds_cover_what_groups_did_not_supply(demo):
    refunded = dict(
        RefundItem.objects.exclude(refund__state="proposed")
        .filter(line__isnull=False)
        .values_list("line")
        .annotate(Sum("quantity"))
    )
    owed = Line.objects.filter(order__paid_at__isnull=False, cancelled_quantity__gt=0) | Line.objects.filter(
        order__paid_at__isnull=False, returned_quantity__gt=0
    )

    assert {line.pk: line.cancelled_quantity + line.returned_quantity for line in owed} == refunded
    delivery = RefundItem.objects.filter(line__isnull=True)
    assert set(delivery.values_list("vendor_order", flat=True)) == set(
        VendorOrder.objects.filter(
            order__paid_at__isnull=False, state="cancelled", delivery_price__gt=0
        ).values_list("pk", flat=True)
    )


def test_refunds_are_the_sum_of_their_items(demo):
    for refund in Refund.objects.prefetch_related("items__vendor_order"):
        assert refund.amount == sum(item.amount for item in refund.items.all())
        assert len({item.vendor_order for item in refund.items.all()}) == 1


def test_orders_know_what_went_back(demo):
    proposed = Refund.objects.get(state="proposed")
    decided = Refund.objects.exclude(state="proposed").values_list("attempt__order")
    back = dict(decided.annotate(Sum("amount")))

    assert proposed.amount > 10_000
    assert Order.objects.get(attempts=proposed.attempt).status == "paid"
    for order in Order.objects.filter(pk__in=back):
        is_whole = back[order.pk] == order.total_incl_tax
        assert order.status == ("refunded" if is_whole else "part_refunded")
    assert Order.objects.filter(status__in=("refunded", "part_refunded")).count() == len(back)


def test_payouts_are_explained_to_the_last_entry(demo):
    for payout in Payout.objects.prefetch_related("items__entry"):
        entries = [item.entry for item in payout.items.all()]
        total = sum(entry.amount for entry in entries)
        assert total == (-payout.amount if payout.state == "planned" else 0), payout
        assert {(entry.vendor_id, entry.account) for entry in entries} == {
            (payout.vendor_id, "vendor_payable")
        }
    assert not PayoutItem.objects.filter(is_void=True).exists()


def test_batches_add_up(demo):
    batches = list(PayoutBatch.objects.order_by("created_at"))

    assert [batch.state for batch in batches] == ["settled"] * 4 + ["draft"]
    assert [batch.drafted_by_id for batch in batches] == [_person("finance@example.org").pk] * 5
    for batch in batches:
        payouts = list(batch.payouts.all())
        assert (batch.count, batch.total) == (len(payouts), sum(payout.amount for payout in payouts))
        assert batch.count > 0
        assert batch.drafted_by_id != batch.approved_by_id
    assert Payout.objects.filter(state="returned").count() == 1


def test_each_queue_of_the_finance_officer_has_something(demo):
    receipts = BankReceipt.objects.filter(state="unmatched").order_by("-received_on", "pk")
    waiting = PaymentAttempt.objects.filter(provider="bank_transfer", state="session_open")
    exact, short, stray = receipts

    proposed = BankReceipt.objects.get(state="proposed")

    assert waiting.count() == 4
    assert waiting.filter(receipts__isnull=False).get() == proposed.attempt
    assert proposed.amount == proposed.attempt.amount > 10_000
    assert waiting.filter(amount=exact.amount, order__number=exact.note).exists()
    assert waiting.filter(amount=short.amount + 50, order__number=short.note).exists()
    assert not waiting.filter(amount=stray.amount).exists()
    assert Counter(Refund.objects.values_list("state", flat=True)).keys() == {
        "succeeded",
        "pending",
        "failed",
        "proposed",
    }
    assert Order.objects.filter(status="pay_on_delivery").count() == 8


def test_groups_are_paid_to_accounts_nobody_has(demo):
    approved = Partner.objects.filter(state="approved")

    assert approved.exclude(payout_accounts__isnull=False).count() == 1
    assert PayoutAccount.objects.count() == approved.count()
    twice = PayoutAccount.objects.get(vendor__name="Bumthang Yathra House", account_number__startswith="9")
    assert twice.active_from > twice.created_at
    assert not PayoutAccount.objects.exclude(rail="bank_batch", bank_code="EXMP0000001").exists()


def test_cash_is_taken_only_by_groups_that_offer_it(demo):
    offering = set(CashRule.objects.values_list("vendor", flat=True))
    cash = VendorOrder.objects.filter(order__attempts__provider="cash_on_delivery")

    assert cash.exists()
    assert set(cash.values_list("vendor", flat=True)) <= offering
    assert not cash.exclude(order__shipping_address__country="BT").exists()


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (PaymentAttempt, "created_at"),
        (BankReceipt, "created_at"),
        (Refund, "created_at"),
        (Payout, "ended_at"),
        (LedgerPosting, "posted_at"),
    ],
)
def test_nothing_happens_in_the_future(demo, model, field):
    assert not model.objects.filter(**{f"{field}__gt": timezone.now()}).exists()


def test_nothing_differs(demo):
    assert _differences() == []


def test_the_receipt_that_fits_releases_its_order(demo):
    receipt = BankReceipt.objects.filter(state="unmatched").order_by("-received_on", "pk").first()
    attempt = PaymentAttempt.objects.get(order__number=receipt.note)

    match(receipt, attempt, actor=_person("finance@example.org"))

    attempt.order.refresh_from_db()
    assert attempt.order.status == "paid"
    assert _differences() == []


def test_the_draft_is_approved_by_the_other_officer_and_exported(demo):
    batch = PayoutBatch.objects.get(state="draft")

    with pytest.raises(SecondPersonNeeded):
        approve(batch, actor=_person("finance@example.org"))
    assert approve(batch, actor=_person("finance2@example.org"))
    content = export(batch)

    assert len(content.splitlines()) == batch.count + 2
    assert _differences() == []


def test_what_runs_by_itself_finds_nothing_left_to_do(demo):
    assert close_finished_orders() == 0
    assert list(orders_owing()) == []
    assert refund_what_is_owed() == 0
    assert make_waiting_refunds() == 0
    assert plan_payouts(timezone.now()).failed_vendors == ()


def test_the_second_officer_approves_what_the_first_proposed(demo):
    refund = Refund.objects.get(state="proposed")

    with pytest.raises(AnotherPerson):
        approve_refund(refund, actor=_person("finance@example.org"))
    assert approve_refund(refund, actor=_person("finance2@example.org"))

    order = Order.objects.get(attempts=refund.attempt)
    assert order.status == ("refunded" if refund.amount == order.total_incl_tax else "part_refunded")
    assert _differences() == []


def test_refunds_that_wait_or_failed_are_sent_by_bank(demo):
    waiting = list(Refund.objects.filter(state__in=("pending", "failed")))

    for refund in waiting:
        # Two officers are enough: what one may not do alone, the other agrees to.
        for name in ("finance", "finance2", "finance"):
            with suppress(AnotherPerson, SecondPersonWaited):
                record_sent_by_bank(refund, f"RMA-{refund.pk}", actor=_person(f"{name}@example.org"))

    by_account = dict(LedgerEntry.objects.values_list("account").annotate(Sum("amount")))
    assert len(waiting) > 3
    assert by_account["refund_clearing"] == 0
    assert _differences() == []


def test_batches_of_the_past_are_exported_again_as_they_were(demo):
    for batch in PayoutBatch.objects.filter(state="settled"):
        assert export(batch) == batch.content


def _differences():
    return [str(row) for row in reconcile(with_provider=False).open]


def _person(email):
    return User.objects.get(email=email)
