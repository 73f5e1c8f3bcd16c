"""The services with the real Stripe client, at the simulator: what only a wire can get wrong."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.errors import ProviderBusy
from payments.models import PaymentAttempt, Refund
from payments.services.attempts import start_payment
from payments.services.expiring import expire_orders
from payments.services.refunds import make_refund, make_waiting_refunds
from payments.services.settling import Outcome, settle
from tests.support.sale import a_listing, let_reservation_end, placed_order, states_of, stock_of
from tests.support.simulator import patience, simulator

__all__ = ["simulator"]

pytestmark = pytest.mark.django_db

SESSIONS = "/v1/checkout/sessions"


@pytest.fixture(autouse=True)
def _stripe_is_the_simulator(simulator, settings):
    settings.STRIPE_API_BASE = simulator.url


def paid_attempt(simulator, order):
    attempt = start_payment(order)
    simulator.pay(attempt.session_id)
    return attempt


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("timeout_after_success", marks=pytest.mark.fault(18)),
        pytest.param("timeout", marks=pytest.mark.fault(18)),
        pytest.param("500", marks=pytest.mark.fault(19)),
        pytest.param("503", marks=pytest.mark.fault(19)),
        pytest.param("409", marks=pytest.mark.fault(20)),
        pytest.param("429", marks=pytest.mark.fault(22)),
    ],
)
def test_whatever_keeps_the_page_from_opening_the_buyer_pays_once_when_trying_again(simulator, kind):
    order = placed_order()
    simulator.control("faults", method="POST", path=SESSIONS, kind=kind, seconds=1.5)

    with patience(kind), pytest.raises(ProviderBusy, match="Nothing has been charged"):
        start_payment(order)
    attempt = start_payment(order)
    simulator.pay(attempt.session_id)

    assert settle(attempt.pk) == Outcome.RELEASED
    assert states_of(order) == ("paid", ["new"])
    assert [intent["amount_received"] for intent in simulator.objects("payment_intent")] == [31000]
    states = sorted(PaymentAttempt.objects.values_list("state", flat=True))
    assert states == (["failed", "succeeded"] if kind == "500" else ["succeeded"])


def test_while_the_provider_stays_away_the_same_attempt_is_tried_again(simulator):
    order = placed_order()
    simulator.control("faults", path="/v1/*", kind="503", times=6)

    for _try in range(3):
        with pytest.raises(ProviderBusy):
            start_payment(order)

    attempt = PaymentAttempt.objects.get()
    assert attempt.state == "unknown"
    simulator.control("reset")
    assert start_payment(order).pk == attempt.pk


@pytest.mark.fault(2)
def test_a_sale_of_three_groups_is_charged_settled_and_released(simulator):
    goods = [(a_listing(price="99.95"), 3), (a_listing(price="0.01"), 1), (a_listing(price="33.33"), 3)]
    order = placed_order(*goods)

    attempt = paid_attempt(simulator, order)
    outcome = settle(attempt.pk)

    attempt.refresh_from_db()
    assert outcome == Outcome.RELEASED
    assert states_of(order) == ("paid", ["new", "new", "new"])
    assert (attempt.amount_received, attempt.state) == (Decimal("579.85"), "succeeded")
    (intent,) = simulator.objects("payment_intent")
    assert (intent["amount_received"], intent["currency"], intent["id"], intent["latest_charge"]) == (
        57985,
        "inr",
        attempt.payment_intent_id,
        attempt.charge_id,
    )
    assert intent["metadata"] == {"order": order.number, "attempt": str(attempt.reference)}


@pytest.mark.fault(30)
def test_an_unpaid_page_is_closed_at_the_provider_and_the_stock_goes_back(simulator):
    listing = a_listing()
    order = placed_order((listing, 2))
    start_payment(order)
    let_reservation_end(order)

    expired = expire_orders()

    assert expired == 1
    assert [session["status"] for session in simulator.objects("checkout.session")] == ["expired"]
    assert (states_of(order), stock_of(listing)) == (("expired", ["cancelled"]), (10, 0))


@pytest.mark.fault(30)
def test_a_page_paid_at_the_last_moment_is_settled_instead(simulator):
    listing = a_listing()
    order = placed_order((listing, 2))
    paid_attempt(simulator, order)
    let_reservation_end(order)

    expired = expire_orders()

    assert expired == 0
    assert (states_of(order), stock_of(listing)) == (("paid", ["new"]), (10, 2))


@pytest.mark.parametrize("kind", ["timeout_after_success", "503", "409"])
@pytest.mark.fault(18)
def test_a_refund_without_an_answer_gives_the_money_back_once(simulator, kind):
    order = placed_order()
    attempt = paid_attempt(simulator, order)
    PaymentAttempt.objects.update(amount=Decimal("999.00"))
    assert settle(attempt.pk) == Outcome.SURPLUS
    simulator.control("faults", method="POST", path="/v1/refunds", kind=kind, seconds=1.5)

    with patience(kind):
        unanswered = make_refund(Refund.objects.get().pk)
    Refund.objects.update(next_try_at=timezone.now())
    answered = make_waiting_refunds()

    assert (unanswered, answered) == (False, 1)
    assert Refund.objects.get().state == "succeeded"
    assert [refund["amount"] for refund in simulator.objects("refund")] == [31000]
