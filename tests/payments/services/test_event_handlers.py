"""Events about refunds and disputes: each kind looks where it should, in any order and any number."""

import itertools
from decimal import Decimal

import pytest
from django.utils import timezone

from notices.models import Notice
from payments.models import Dispute, PaymentAttempt, ProviderEvent, Refund
from payments.services.deciding import request_refund
from payments.services.event_handlers import CONNECT, PLATFORM, handler_for
from payments.services.events import drain_events, handle_event, poll_events, receive
from payments.services.refunds import make_refund
from tests.factories.people import PersonFactory
from tests.support.provider_fake import SIGNED
from tests.support.refunds import balances, everything, paid_order

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def sale(fake_provider):
    """A paid order of INR 310.00."""
    return paid_order(fake_provider)


def arrive(fake, events, times=1):
    """Let events arrive and have them handled; returns their states."""
    states = []
    for event in events:
        for _time in range(times):
            row = receive("stripe", fake.payload(event), SIGNED, {})
            handle_event(row.pk)
        row.refresh_from_db()
        states.append(row.state)
    return states


def given_back():
    return PaymentAttempt.objects.get().amount_given_back


@pytest.mark.fault(38)
@pytest.mark.fault(6)
@pytest.mark.parametrize("arrival", list(itertools.permutations(range(2))), ids=str)
def test_a_refund_made_at_the_provider_is_adopted_whatever_event_comes_first(sale, fake_provider, arrival):
    _order, attempt = sale
    already = len(fake_provider.events)
    fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("60.00"))
    happened = fake_provider.events[already:]

    states = arrive(fake_provider, [happened[place] for place in arrival], times=3)

    assert states == ["handled"] * 2
    assert (Refund.objects.get().reason, given_back()) == ("foreign", D("60.00"))


@pytest.mark.fault(37)
@pytest.mark.fault(6)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_refund_that_fails_after_days_is_owed_again_whatever_event_comes_first(
    sale, fake_provider, is_reversed
):
    PersonFactory(finance=True)
    order, _attempt = sale
    refund = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark="Late", actor=PersonFactory()
    )
    make_refund(refund.pk)
    refund.refresh_from_db()
    Notice.objects.all().delete()
    fake_provider.fail_refund(refund.provider_id)
    happened = [event for event in fake_provider.events if event.object_id == refund.provider_id]

    arrive(fake_provider, reversed(happened) if is_reversed else happened, times=2)

    refund.refresh_from_db()
    assert (refund.state, refund.last_error, given_back()) == ("failed", "expired_or_canceled_card", 0)
    assert balances()["customer_unapplied"] == D("-310.00")
    assert (
        Notice.objects.get().context["subject"] == f"refund {refund.pk} failed: the buyer is owed INR 310.00"
    )


@pytest.mark.fault(50)
def test_what_no_event_told_us_is_found_by_poll(sale, fake_provider):
    _order, attempt = sale
    fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("60.00"))
    fake_provider.open_dispute(attempt.payment_intent_id, D("250.00"))

    poll_events("stripe")
    ProviderEvent.objects.update(next_try_at=timezone.now())
    drain_events()

    assert (Refund.objects.get().amount, Dispute.objects.get().amount) == (D("60.00"), D("250.00"))


@pytest.mark.fault(52)
def test_a_newer_event_about_a_dispute_only_makes_us_look(sale, fake_provider):
    _order, attempt = sale
    fake_provider.open_dispute(attempt.payment_intent_id)
    event = fake_provider.events[-1]

    states = arrive(fake_provider, [type(event)(**{**vars(event), "api_version": "2031-01-01.quartz"})])

    assert (states, Dispute.objects.get().state) == (["handled"], "open")


@pytest.mark.fault(13)
@pytest.mark.parametrize("kind", ["charge.refunded", "refund.created", "charge.dispute.created"])
def test_events_about_somebody_elses_money_are_ignored(sale, fake_provider, kind):
    _order, attempt = sale
    fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("60.00"))
    fake_provider.open_dispute(attempt.payment_intent_id, D("250.00"))
    event = next(event for event in fake_provider.events if event.type == kind)
    PaymentAttempt.objects.update(charge_id="ch_other", payment_intent_id="pi_other")

    states = arrive(fake_provider, [event])

    assert (states, Refund.objects.count(), Dispute.objects.count()) == (["ignored"], 0, 0)


def test_money_of_connected_accounts_is_not_taken_for_ours():
    money = [
        kind for kind in PLATFORM if kind.startswith(("charge.", "refund.", "checkout.", "payment_intent."))
    ]

    assert len(money) == 15
    assert not set(money) & set(CONNECT)
    assert all(handler_for(ProviderEvent(kind=kind)) is PLATFORM[kind] for kind in PLATFORM)
    assert {handler_for(ProviderEvent(kind=kind, account="acct_1")) for kind in money} == {None}
    assert handler_for(ProviderEvent(kind="customer.created")) is None
