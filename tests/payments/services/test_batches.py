"""Payout batches: two persons, one file, one posting for each payout."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from payments import payout_errors
from payments.models import LedgerEntry, LedgerPosting, Payout, PayoutAccount, PayoutBatch, PayoutItem
from payments.selectors.balances import payable_entries, vendor_balance
from payments.selectors.promises import payout_promise
from payments.services import batches
from payments.services.batches import approve, export, hand_in, reject
from payments.services.payout_accounts import withdraw_details
from payments.services.payouts import plan_payouts
from payments.services.reconciling import reconcile
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.payouts import bank_account, owe, sold
from tests.support.race import pause, pausing, race

pytestmark = pytest.mark.django_db


def drafted(provider, groups=2, *, is_handed_in=True):
    """A draft of that many groups."""
    for part in sold(provider, *(VendorFactory() for _ in range(groups))):
        bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    if is_handed_in:
        hand_in(batch, actor=PersonFactory())
    return batch


def states(batch):
    batch.refresh_from_db()
    return batch.state, sorted(batch.payouts.values_list("state", flat=True))


def postings(kind="approved"):
    return LedgerPosting.objects.filter(source_type="payout", kind=kind).count()


@pytest.fixture
def first():
    return PersonFactory(finance=True)


@pytest.fixture
def second():
    return PersonFactory(finance=True)


def test_second_person_approves_and_the_money_is_on_its_way(fake_provider, first, second):
    batch = drafted(fake_provider, is_handed_in=False)

    assert hand_in(batch, actor=first)
    assert approve(batch, actor=second)

    assert states(batch) == ("approved", ["approved", "approved"])
    assert (batch.drafted_by, batch.approved_by) == (first, second)
    in_flight = LedgerEntry.objects.filter(account="payout_in_flight").values_list("amount", flat=True)
    assert sum(in_flight) == -batch.total
    for payout in batch.payouts.all():
        assert vendor_balance(payout.vendor, "INR").payable == 0
        assert sum(item.entry.amount for item in payout.items.all()) == 0
    assert not payable_entries(timezone.now()).exists()


def test_who_handed_a_batch_in_decides_nothing_about_it(fake_provider, first):
    batch = drafted(fake_provider, is_handed_in=False)
    hand_in(batch, actor=first)

    with pytest.raises(payout_errors.SecondPersonNeeded):
        approve(batch, actor=first)
    with pytest.raises(payout_errors.SecondPersonNeeded):
        reject(batch, actor=first, reason="my mistake")

    assert states(batch) == ("draft", ["planned", "planned"])
    assert postings() == 0


def test_database_refuses_one_person_in_both_places(fake_provider, first):
    drafted(fake_provider)

    with pytest.raises(IntegrityError, match="payout_batch_second_person"), transaction.atomic():
        PayoutBatch.objects.update(drafted_by=first, approved_by=first)


@pytest.mark.parametrize("state", ["approved", "exported", "settled"])
def test_database_lets_no_batch_move_that_one_person_decided_alone(fake_provider, first, state):
    drafted(fake_provider, is_handed_in=False)

    for changes in ({"approved_by": first}, {"drafted_by": first}, {}):
        with pytest.raises(IntegrityError, match="payout_batch_second_person"), transaction.atomic():
            PayoutBatch.objects.update(state=state, sha256="x", **changes)


@pytest.mark.parametrize("limit", ["0.00", "1000000.00"], ids=["above the limit", "far below it"])
def test_batch_that_nobody_handed_in_is_not_approved_however_small(fake_provider, first, settings, limit):
    batch = drafted(fake_provider, is_handed_in=False)
    settings.FOUR_EYES_ABOVE = {"INR": Decimal(limit)}

    with pytest.raises(payout_errors.HandInFirst):
        approve(batch, actor=first)

    assert states(batch) == ("draft", ["planned", "planned"])
    assert postings() == 0


def test_nobody_approves_money_for_their_own_group(fake_provider, first):
    batch = drafted(fake_provider)
    MembershipFactory(vendor=batch.payouts.first().vendor, user=first)

    with pytest.raises(payout_errors.OwnGroup, match="of which you are a member"):
        approve(batch, actor=first)

    assert states(batch) == ("draft", ["planned", "planned"])
    assert postings() == 0


def test_who_gave_the_details_does_not_approve_a_payout_to_them(fake_provider, first):
    (part,) = sold(fake_provider)
    bank_account(part.vendor, requested_by=first)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())

    with pytest.raises(payout_errors.OwnDetails):
        approve(batch, actor=first)

    assert postings() == 0


def test_batch_that_was_handed_in_is_filled_no_more(fake_provider, first):
    batch = drafted(fake_provider, is_handed_in=False)
    hand_in(batch, actor=first)
    bank_account(sold(fake_provider)[0].vendor)

    plan_payouts(timezone.now())

    assert sorted(PayoutBatch.objects.values_list("count", flat=True)) == [1, 2]
    assert sorted(PayoutBatch.objects.values_list("number", flat=True)) == [
        f"{timezone.now():%Y%m%d}-INR-{n}" for n in (1, 2)
    ]


def test_approving_twice_posts_once(fake_provider, first):
    batch = drafted(fake_provider)

    assert approve(batch, actor=first)
    assert not approve(batch, actor=first)

    assert postings() == 2


def test_payout_that_is_not_owed_any_more_is_taken_out_and_the_approver_looks_again(fake_provider, first):
    batch = drafted(fake_provider)
    gone, kept = batch.payouts.order_by("pk")
    owe(gone.items.get().entry.vendor_order, "1.00")

    with pytest.raises(payout_errors.BatchChanged) as refusal:
        approve(batch, actor=first)
    after_refusal = states(batch)
    approve(batch, actor=first)

    assert refusal.value.count == 1
    assert after_refusal == ("draft", ["cancelled", "planned"])
    batch.refresh_from_db()
    assert (batch.state, batch.count, batch.total) == ("approved", 1, kept.amount)
    assert plan_payouts(timezone.now()).planned == 1
    assert Payout.objects.get(vendor=gone.vendor, state="planned").amount == gone.amount - 1


def test_payout_of_a_sale_that_was_refunded_is_taken_out_though_another_sale_would_cover_it(
    fake_provider, first
):
    batch = drafted(fake_provider, groups=1)
    payout = batch.payouts.get()
    sold(fake_provider, payout.vendor, price="5000.00", is_payable=False)
    owe(payout.items.get().entry.vendor_order, str(payout.amount))

    with pytest.raises(payout_errors.BatchChanged):
        approve(batch, actor=first)

    assert (states(batch), postings()) == (("draft", ["cancelled"]), 0)
    assert (batch.count, batch.total) == (0, 0)
    assert plan_payouts(timezone.now()).planned == 0


def test_payout_to_an_account_that_a_bank_has_sent_money_back_from_is_taken_out(fake_provider, first):
    batch = drafted(fake_provider, groups=1)
    PayoutAccount.objects.update(restriction="returned by the bank: account closed")

    with pytest.raises(payout_errors.BatchChanged):
        approve(batch, actor=first)

    assert (states(batch), postings()) == (("draft", ["cancelled"]), 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_refund_that_is_posted_but_not_committed_is_waited_for(fake_provider, first, monkeypatch, is_guarded):
    batch = drafted(fake_provider, groups=1)
    part = batch.payouts.get().items.get().entry.vendor_order
    is_posted = threading.Event()
    if not is_guarded:
        every = set(batch.payouts.values_list("vendor_id", flat=True))
        monkeypatch.setattr(batches, "_lock_vendors", lambda batch: every)

    def refund():
        with transaction.atomic():
            owe(part, "1.00")
            is_posted.set()
            # Guarded, the approval cannot end before this does.
            pause()

    def approval():
        assert is_posted.wait(timeout=30)
        approve(batch, actor=first)

    calls = [refund, approval]
    outcomes = race(lambda: calls.pop()(), contenders=2)

    raised = [type(outcome) for outcome in outcomes if outcome is not None]
    assert raised == ([payout_errors.BatchChanged] if is_guarded else [])
    assert (states(batch)[0], postings()) == (("draft", 0) if is_guarded else ("approved", 1))


def test_payout_whose_details_were_withdrawn_is_taken_out(fake_provider, first):
    batch = drafted(fake_provider, groups=1)
    PayoutAccount.objects.update(cancelled_at=timezone.now())

    with pytest.raises(payout_errors.BatchChanged):
        approve(batch, actor=first)
    with pytest.raises(payout_errors.BatchEmpty):
        approve(batch, actor=first)

    assert (states(batch), postings()) == (("draft", ["cancelled"]), 0)


def test_payout_to_details_that_others_have_replaced_by_now_is_planned_again_to_those(fake_provider, first):
    batch = drafted(fake_provider, groups=1)
    new = bank_account(batch.payouts.get().vendor, account_number="0099999999", active_from=timezone.now())

    with pytest.raises(payout_errors.BatchChanged):
        approve(batch, actor=first)
    plan_payouts(timezone.now())

    assert (states(batch), postings()) == (("draft", ["cancelled"]), 0)
    assert Payout.objects.get(state="planned").account == new


def test_rejected_batch_frees_its_entries_for_the_next_run(fake_provider, first, second):
    batch = drafted(fake_provider)
    hand_in(batch, actor=first)

    assert reject(batch, actor=second, reason="wrong month")
    assert not reject(batch, actor=second, reason="wrong month")

    assert states(batch) == ("rejected", ["cancelled", "cancelled"])
    assert set(batch.payouts.values_list("remark", flat=True)) == {"wrong month"}
    assert not PayoutItem.objects.filter(is_void=False).exists()
    assert plan_payouts(timezone.now()).planned == 2
    with pytest.raises(IllegalTransition):
        approve(batch, actor=second)


def test_rejecting_needs_a_reason(fake_provider, first):
    batch = drafted(fake_provider)

    with pytest.raises(payout_errors.ReasonNeeded):
        reject(batch, actor=first, reason=" ")

    assert states(batch)[0] == "draft"


def test_batch_is_not_exported_before_it_is_approved(fake_provider):
    batch = drafted(fake_provider)

    with pytest.raises(IllegalTransition):
        export(batch)

    assert (states(batch)[0], batch.content, batch.sha256) == ("draft", "", "")


@pytest.mark.fault(46)
def test_batch_exported_twice_gives_the_same_bytes_and_pays_once(fake_provider, first):
    batch = drafted(fake_provider)
    approve(batch, actor=first)

    once = export(batch)
    PayoutAccount.objects.update(restriction="changed since")
    twice = export(batch)

    assert once.encode() == twice.encode()
    assert states(batch) == ("exported", ["sent", "sent"])
    assert [once.count(batches.payout_number(payout)) for payout in batch.payouts.all()] == [1, 1]
    assert f'"total","2","sha256","{batch.sha256}","","{batch.total}","INR"' in once
    assert (postings("approved"), plan_payouts(timezone.now()).planned) == (2, 0)


@pytest.mark.fault(46)
def test_database_refuses_another_file_for_a_batch(fake_provider, first):
    batch = drafted(fake_provider)
    approve(batch, actor=first)
    content = export(batch)

    for changes in ({"content": "other"}, {"sha256": "other"}, {"total": 1}, {"count": 9}):
        with pytest.raises(IntegrityError, match="has been exported"), transaction.atomic():
            PayoutBatch.objects.update(**changes)

    assert PayoutBatch.objects.get().content == content


def test_file_that_somebody_changed_behind_our_back_is_not_given_out(fake_provider, first):
    batch = drafted(fake_provider)
    approve(batch, actor=first)
    export(batch)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    PayoutBatch.objects.update(content=PayoutBatch.objects.get().content.replace("0012345678", "0099999999"))

    with pytest.raises(payout_errors.FileChanged):
        export(batch)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_two_approvals_at_once_post_once(fake_provider, first, second, monkeypatch, is_guarded):
    batch = drafted(fake_provider)
    people = [first, second]
    if not is_guarded:
        monkeypatch.setattr(
            batches, "_lock_draft", pausing(lambda batch, _target: PayoutBatch.objects.get(pk=batch.pk))
        )

    outcomes = race(lambda: approve(batch, actor=people.pop()), contenders=2)

    # Without the lock both take it for a draft; only later lines of defence stop the second, with an error.
    assert [outcome is None for outcome in outcomes].count(False) == (0 if is_guarded else 1)
    assert (states(batch), postings()) == (("approved", ["approved", "approved"]), 2)


@pytest.mark.django_db(transaction=True)
def test_approval_and_rejection_at_once_end_one_way(fake_provider, first, second):
    batch = drafted(fake_provider)
    calls = [lambda: approve(batch, actor=first), lambda: reject(batch, actor=second, reason="no")]

    outcomes = race(lambda: calls.pop()(), contenders=2)

    assert [type(outcome) for outcome in outcomes if outcome is not None] == [IllegalTransition]
    assert (states(batch)[0], postings()) in (("approved", 2), ("rejected", 0))


@pytest.mark.fault(46)
@pytest.mark.django_db(transaction=True)
def test_exports_at_once_give_one_file(fake_provider, first):
    batch = drafted(fake_provider)
    approve(batch, actor=first)
    files = []

    outcomes = race(lambda: files.append(export(batch)), contenders=4)

    assert outcomes == [None] * 4
    assert len(files) == 4
    assert set(files) == {PayoutBatch.objects.get().content}


def test_approval_takes_as_many_queries_for_ten_payouts_as_for_two(fake_provider, first):
    def queries(groups):
        batch = drafted(fake_provider, groups)
        with CaptureQueriesContext(connection) as caught:
            approve(batch, actor=first)
        PayoutBatch.objects.update(number=f"done-{groups}")
        return len(caught)

    two = queries(2)
    PayoutBatch.objects.update(state="rejected")
    Payout.objects.update(batch=None)
    PayoutBatch.objects.all().delete()

    assert queries(10) == two


def test_details_withdrawn_after_the_approval_are_left_out_of_the_file_and_owed_again(fake_provider, first):
    batch = drafted(fake_provider)
    approve(batch, actor=first)
    gone, kept = batch.payouts.select_related("vendor").order_by("pk")
    withdraw_details(gone.account, actor=PersonFactory())

    content = export(batch)

    gone.refresh_from_db()
    batch.refresh_from_db()
    assert (gone.state, gone.remark) == ("returned", "details withdrawn after the approval")
    assert (batch.state, batch.count, batch.total) == ("exported", 1, kept.amount)
    assert (batches.payout_number(gone) in content, batches.payout_number(kept) in content) == (False, True)
    assert f'"total","1","sha256","{batch.sha256}","","{kept.amount}","INR"' in content
    assert (vendor_balance(gone.vendor, "INR").payable, postings("returned")) == (gone.amount, 1)
    assert export(batch) == content
    assert (
        "not sent"
        in payout_promise(gone.items.exclude(entry__vendor_order=None).get().entry.vendor_order).words
    )
    assert [row.key for row in reconcile().open if not row.key.startswith("provider:")] == []
    bank_account(gone.vendor, account_number="0099999999")
    assert plan_payouts(timezone.now()).planned == 1


def test_batch_whose_details_were_all_withdrawn_is_over(fake_provider, first):
    batch = drafted(fake_provider, groups=1)
    approve(batch, actor=first)
    withdraw_details(PayoutAccount.objects.get(), actor=PersonFactory())

    content = export(batch)

    assert states(batch) == ("settled", ["returned"])
    assert (batch.count, batch.total, "BHUBBTBT" in content) == (0, 0, False)
