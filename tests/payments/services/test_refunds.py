"""Refunds: the same key until the provider has answered, and never twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notices.models import Notice
from payments.models import PaymentAttempt, Refund
from payments.providers.base import (
    PaymentDeclined,
    ProviderConflict,
    ProviderRequestRejected,
    ProviderUnavailable,
)
from payments.services.refunds import (
    ask_about_pending_refunds,
    make_refund,
    make_waiting_refunds,
    note_remote,
    queue_whole_refund,
)
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.support.race import race
from tests.support.sale import ledger, notice_kinds, started_attempt

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def refund(fake_provider):
    """A refund of a payment that did not match, queued and not yet asked for."""
    PersonFactory(finance=True)
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id, amount_received=D("309.00"))
    settle(attempt.pk)
    Notice.objects.all().delete()
    return Refund.objects.get()


def asked(fake):
    return [key for method, key in fake.calls if method == "refund_payment"]


def assert_owed_again(refund):
    """All that came is the customer's and still with us; nothing counts as given back."""
    attempt = PaymentAttempt.objects.get(pk=refund.attempt_id)
    assert attempt.amount_given_back == 0
    assert ledger()["failed"] == [("customer_unapplied", D("-309.00")), ("refund_clearing", D("309.00"))]


def come_due():
    Refund.objects.update(next_try_at=timezone.now())


def test_a_refund_gives_back_all_that_came_and_is_booked(fake_provider, refund):
    made = make_refund(refund.pk)

    refund.refresh_from_db()
    remote = fake_provider.refunds[refund.provider_id]
    assert (made, refund.state) == (True, "succeeded")
    assert (remote.amount, remote.currency) == (D("309.00"), "INR")
    assert ledger()["refunded"] == [("refund_clearing", D("-309.00")), ("customer_unapplied", D("309.00"))]
    assert notice_kinds() == []


@pytest.mark.fault(34)
def test_asked_for_again_nothing_goes_back_twice(fake_provider, refund):
    outcomes = [make_refund(refund.pk), make_refund(refund.pk), make_waiting_refunds()]

    assert outcomes == [True, False, 0]
    assert asked(fake_provider) == [refund.key]
    assert len(fake_provider.refunds) == 1


def test_queued_again_it_is_the_same_refund(fake_provider, refund):
    again = queue_whole_refund(refund.attempt, Refund.Reason.PAID_TWICE, currency="INR")

    assert again == refund
    assert Refund.objects.get().reason == "mismatch"


@pytest.mark.parametrize(
    "error", [ProviderUnavailable("down"), ProviderConflict("in use")], ids=["down", "409"]
)
@pytest.mark.parametrize("after_success", [False, True], ids=["before", "after"])
@pytest.mark.fault(18)
def test_without_an_answer_it_is_asked_again_later_with_the_same_key(
    fake_provider, refund, error, after_success
):
    fake_provider.fail_next("refund_payment", error, after_success=after_success)

    unanswered, too_early = make_refund(refund.pk), make_refund(refund.pk)
    put_off = Refund.objects.get()
    come_due()
    answered = make_waiting_refunds()

    assert (unanswered, too_early, answered) == (False, False, 1)
    assert (put_off.state, put_off.tries) == ("waiting", 1)
    assert timedelta(seconds=50) < put_off.next_try_at - timezone.now() <= timedelta(seconds=60)
    assert asked(fake_provider) == [refund.key, refund.key]
    assert len(fake_provider.refunds) == 1
    assert Refund.objects.get().state == "succeeded"
    assert len(ledger()["refunded"]) == 2


@pytest.mark.fault(17)
def test_killed_after_the_call_it_is_asked_again_with_the_same_key(fake_provider, refund, monkeypatch):
    def die(*_arguments):
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr("payments.services.refunds.note_remote", die)
        with pytest.raises(SystemExit):
            make_refund(refund.pk)

    leased = make_refund(refund.pk)
    come_due()
    again = make_refund(refund.pk)

    assert (leased, again) == (False, True)
    assert asked(fake_provider) == [refund.key, refund.key]
    assert len(fake_provider.refunds) == 1


@pytest.mark.parametrize(
    "error",
    [ProviderRequestRejected("no", code="charge_already_refunded"), PaymentDeclined("no", code="no_funds")],
)
@pytest.mark.fault(37)
def test_a_refused_refund_makes_the_buyer_owed_and_alerts_an_officer_once(fake_provider, refund, error):
    fake_provider.fail_next("refund_payment", error, times=9)

    outcomes = [make_refund(refund.pk), make_refund(refund.pk)]

    refund.refresh_from_db()
    assert outcomes == [True, False]
    assert (refund.state, refund.last_error) == ("failed", error.code)
    assert_owed_again(refund)
    alert = Notice.objects.get()
    assert (alert.kind, alert.context["subject"]) == (
        "staff_alert",
        f"refund {refund.pk} failed: the buyer is owed INR 309.00",
    )


def test_a_refund_that_failed_at_once_leaves_the_money_with_us(fake_provider, refund, monkeypatch):
    ask = fake_provider.refund_payment

    def fail_at_once(**question):
        return fake_provider.fail_refund(ask(**question).id, "lost_or_stolen_card")

    monkeypatch.setattr(fake_provider, "refund_payment", fail_at_once)

    make_refund(refund.pk)

    refund.refresh_from_db()
    assert (refund.state, refund.last_error, refund.provider_id) == (
        "failed",
        "lost_or_stolen_card",
        "re_fake_1",
    )
    assert_owed_again(refund)
    assert notice_kinds() == ["staff_alert email"]


def test_one_refund_that_goes_wrong_does_not_hold_up_the_others(fake_provider, refund):
    other = started_attempt()
    fake_provider.pay(other.session_id, amount_received=D("1.00"))
    settle(other.pk)
    fake_provider.fail_next("refund_payment", RuntimeError("nobody thought of this"))

    answered = make_waiting_refunds()

    assert answered == 1
    assert sorted(Refund.objects.values_list("state", flat=True)) == ["succeeded", "waiting"]


@pytest.mark.parametrize("error", [ProviderUnavailable("down"), RuntimeError("nobody thought of this")])
def test_a_refund_that_gets_no_answer_for_long_is_tried_on_and_an_officer_hears_of_it_once(
    fake_provider, refund, error
):
    fake_provider.fail_next("refund_payment", error, times=12)

    for _try in range(12):
        come_due()
        make_waiting_refunds()
    alerts = list(Notice.objects.values_list("kind", "context__subject"))
    come_due()
    answered = make_waiting_refunds()

    assert alerts == [("staff_alert", f"refund {refund.pk} has been tried 8 times without an answer")]
    assert answered == 1
    assert set(asked(fake_provider)) == {refund.key}
    assert Refund.objects.get().state == "succeeded"


@pytest.mark.fault(34)
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(fake_provider, refund):
    outcomes = race(lambda: make_refund(refund.pk), contenders=8)

    assert outcomes == [None] * 8
    assert asked(fake_provider) == [refund.key]
    assert len(ledger()["refunded"]) == 2


def test_the_database_refuses_a_second_refund_of_an_attempt_and_one_over_nothing(refund):
    twin = Refund.objects.get()
    twin.pk, twin.key = None, "refund:twin"

    with pytest.raises(IntegrityError, match="refund_of_surplus_once"), transaction.atomic():
        twin.save()
    with pytest.raises(IntegrityError, match="refund_amount_is_positive"), transaction.atomic():
        Refund.objects.update(amount=0)

    assert Refund.objects.get().amount == D("309.00")


def test_after_23_hours_it_is_looked_for_before_it_is_asked_for_again(fake_provider, refund):
    fake_provider.fail_next("refund_payment", ProviderUnavailable("lost"), after_success=True)
    make_refund(refund.pk)
    fake_provider.forget_keys()
    Refund.objects.update(asked_at=timezone.now() - timedelta(hours=23, minutes=1))
    come_due()

    made = make_refund(refund.pk)

    refund.refresh_from_db()
    assert (made, refund.state, len(fake_provider.refunds)) == (True, "succeeded", 1)
    assert asked(fake_provider) == [refund.key]
    assert ("find_refund", str(refund.pk)) in fake_provider.calls


def test_after_23_hours_what_never_arrived_is_asked_for_with_the_same_key(fake_provider, refund):
    fake_provider.fail_next("refund_payment", ProviderUnavailable("down"))
    make_refund(refund.pk)
    Refund.objects.update(asked_at=timezone.now() - timedelta(hours=30))
    come_due()

    make_refund(refund.pk)

    refund.refresh_from_db()
    assert (refund.state, len(fake_provider.refunds)) == ("succeeded", 1)
    assert asked(fake_provider) == [refund.key, refund.key]


def test_before_23_hours_the_key_alone_is_trusted(fake_provider, refund):
    fake_provider.fail_next("refund_payment", ProviderUnavailable("lost"), after_success=True)
    make_refund(refund.pk)
    Refund.objects.update(asked_at=timezone.now() - timedelta(hours=22, minutes=59))
    come_due()

    make_refund(refund.pk)

    assert "find_refund" not in [method for method, _key in fake_provider.calls]
    assert len(fake_provider.refunds) == 1


def test_the_first_time_it_was_asked_is_kept(fake_provider, refund):
    fake_provider.fail_next("refund_payment", ProviderUnavailable("down"), times=2)
    make_refund(refund.pk)
    first = Refund.objects.get().asked_at
    come_due()
    make_refund(refund.pk)

    assert Refund.objects.get().asked_at == first is not None


@pytest.mark.fault(19)
def test_a_refusal_after_a_lost_answer_is_not_believed_while_the_refund_is_there(fake_provider, refund):
    fake_provider.fail_next("refund_payment", ProviderUnavailable("lost"), after_success=True)
    make_refund(refund.pk)
    come_due()
    fake_provider.fail_next("refund_payment", ProviderRequestRejected("no", code="charge_already_refunded"))

    made = make_refund(refund.pk)

    refund.refresh_from_db()
    assert (made, refund.state, refund.provider_id) == (True, "succeeded", "re_fake_1")


def test_a_refund_on_its_way_is_asked_about_until_the_bank_has_decided(fake_provider, refund):
    fake_provider.set_pending_refunds(True)
    make_refund(refund.pk)
    refund.refresh_from_db()
    on_its_way = refund.state
    come_due()
    still = ask_about_pending_refunds()
    fake_provider.succeed_refund(refund.provider_id)
    too_early = ask_about_pending_refunds()
    come_due()

    ended = ask_about_pending_refunds()

    refund.refresh_from_db()
    assert (on_its_way, still, too_early, ended, refund.state) == ("pending", 0, 0, 1, "succeeded")


@pytest.mark.fault(37)
def test_a_refund_on_its_way_that_fails_is_found_without_an_event(fake_provider, refund):
    fake_provider.set_pending_refunds(True)
    make_refund(refund.pk)
    refund.refresh_from_db()
    fake_provider.fail_refund(refund.provider_id)
    come_due()

    ended = ask_about_pending_refunds()

    refund.refresh_from_db()
    assert (ended, refund.state, refund.last_error) == (1, "failed", "expired_or_canceled_card")
    assert_owed_again(refund)
    assert notice_kinds() == ["staff_alert email"]


def test_asking_about_a_refund_that_gets_no_answer_is_put_off(fake_provider, refund):
    fake_provider.set_pending_refunds(True)
    make_refund(refund.pk)
    come_due()
    fake_provider.fail_next("retrieve_refund", ProviderUnavailable("down"))

    assert ask_about_pending_refunds() == 0

    refund.refresh_from_db()
    assert refund.state == "pending"
    assert refund.next_try_at > timezone.now() + timedelta(hours=5)


def test_a_refund_that_failed_stays_so_whatever_is_heard_of_it(fake_provider, refund):
    make_refund(refund.pk)
    refund.refresh_from_db()
    made = fake_provider.refunds[refund.provider_id]
    failed = fake_provider.fail_refund(refund.provider_id)

    said = [note_remote(refund.pk, remote) for remote in (failed, made, failed)]

    refund.refresh_from_db()
    assert (said, refund.state) == ([True, False, False], "failed")
    assert_owed_again(refund)
