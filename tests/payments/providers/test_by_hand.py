"""Providers without a computer: what the books hold is what they report, and nothing is opened or refunded twice."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from payments.providers.bank_transfer import BankTransferProvider
from payments.providers.base import PaymentLine, ProviderRequestRejected, RemoteRefund
from payments.providers.by_hand import NotedPayment
from payments.providers.cash_on_delivery import CashOnDeliveryProvider
from tests.support.simulator import payment_request

NOW = datetime(2026, 11, 23, tzinfo=UTC)
D = Decimal


class Pages:
    """Books on paper."""

    def __init__(self, **payment):
        self.noted = {}
        self.sent = {}
        self.write(payment_request(), **payment)

    def write(self, request, **changes):
        fields = {
            "reference": request.attempt_reference,
            "order_number": request.order_number,
            "asked": request.amount,
            "received": D("0.00"),
            "currency": request.currency,
            "url": "https://shop.example/orders/K7/",
            "is_closed": False,
            "expires_at": NOW,
        }
        self.noted[request.attempt_reference] = NotedPayment(**{**fields, **changes})

    def payment(self, reference):
        return self.noted.get(reference)

    def close(self, reference):
        self.noted[reference] = replace(self.noted[reference], is_closed=True)

    def refund(self, number):
        return self.sent.get(number)

    def refunds(self, reference):
        return list(self.sent.values())


REQUEST = payment_request()


def pages(**payment):
    book = Pages()
    book.noted.clear()
    book.write(REQUEST, **payment)
    return book


def bank(**payment):
    return BankTransferProvider(pages(**payment), is_live=False)


def cash(**payment):
    return CashOnDeliveryProvider(pages(**payment), is_live=False)


@pytest.mark.parametrize("provider", [bank(), cash()], ids=["bank", "cash"])
def test_a_payment_asked_for_twice_is_one_and_names_order_and_attempt(provider):
    first, second = provider.create_payment(REQUEST), provider.create_payment(REQUEST)

    assert first == second
    assert first.metadata == {"order": REQUEST.order_number, "attempt": REQUEST.attempt_reference}
    assert first.session_id == first.payment_intent_id
    assert (first.charge_id, first.is_live, first.amount_received) == ("", False, D(0))
    assert provider.find_payment(REQUEST.attempt_reference, NOW) == first
    assert provider.retrieve_payment(first.session_id) == first


@pytest.mark.parametrize("provider", [bank(), cash()], ids=["bank", "cash"])
def test_what_the_books_do_not_hold_is_rejected(provider):
    assert provider.find_payment("unknown", NOW) is None
    with pytest.raises(ProviderRequestRejected) as refused:
        provider.retrieve_payment(f"{provider.prefix}unknown")
    assert refused.value.code == "resource_missing"
    with pytest.raises(ValueError, match="add up"):
        provider.create_payment(replace(REQUEST, lines=(PaymentLine("Honey", 1, D("0.01")),)))
    with pytest.raises(ProviderRequestRejected):
        provider.create_payment(replace(REQUEST, currency="USD"))


@pytest.mark.parametrize(
    ("received", "is_closed", "statuses"),
    [
        ("0.00", False, ("open", "unpaid")),
        ("1234.49", False, ("open", "unpaid")),
        ("1234.50", False, ("complete", "paid")),
        ("1234.51", False, ("complete", "paid")),
        ("0.00", True, ("expired", "unpaid")),
        ("1234.49", True, ("expired", "unpaid")),
        ("1234.50", True, ("complete", "paid")),
    ],
)
def test_a_transfer_is_paid_once_enough_has_come(received, is_closed, statuses):
    provider = bank(received=D(received), is_closed=is_closed)

    payment = provider.create_payment(REQUEST)

    assert (payment.session_status, payment.payment_status) == statuses
    assert payment.amount_received == D(received)
    assert provider.takes_any_amount is True


def test_an_open_transfer_is_closed_and_a_complete_one_is_not():
    open_one, complete = bank(), bank(received=D("1234.50"))

    closed = open_one.expire_payment(open_one.create_payment(REQUEST).session_id)
    again = open_one.expire_payment(closed.session_id)
    kept = complete.expire_payment(closed.session_id)

    assert (closed.session_status, closed.url) == ("expired", "")
    assert again == closed
    assert kept.session_status == "complete"


def test_cash_needs_no_payment_until_its_attempt_has_ended():
    open_one, ended = cash(), cash(is_closed=True)

    assert open_one.create_payment(REQUEST).payment_status == "no_payment_required"
    assert open_one.expire_payment(open_one.create_payment(REQUEST).session_id).session_status == "complete"
    assert ended.create_payment(REQUEST).payment_status == "unpaid"
    assert open_one.takes_any_amount is False


def refund(provider, amount="10.00", **changes):
    fields = {
        "key": "refund:1",
        "payment_intent_id": f"{provider.prefix}{REQUEST.attempt_reference}",
        "amount": D(amount),
        "currency": "INR",
        "reason": "paid_over",
        "metadata": {"refund": "7"},
    }
    return provider.refund_payment(**{**fields, **changes})


@pytest.mark.parametrize("make", [bank, cash])
def test_a_refund_waits_for_a_person_under_one_number(make):
    provider = make(received=D("1234.50"))

    first, second = refund(provider), refund(provider)

    assert (first.id, second.id) == (f"{provider.prefix}refund_7",) * 2
    assert (first.status, first.amount) == ("requires_action", D("10.00"))


@pytest.mark.parametrize("wrong", [{"amount": "1234.51"}, {"currency": "USD"}])
def test_more_than_came_is_not_refunded(wrong):
    with pytest.raises(ProviderRequestRejected):
        refund(bank(received=D("1234.50")), **wrong)


def test_a_refund_that_a_person_has_sent_is_reported():
    book = pages(received=D("1234.50"))
    provider = BankTransferProvider(book, is_live=False)
    asked = refund(provider)
    with pytest.raises(ProviderRequestRejected):
        provider.retrieve_refund(asked.id)

    book.sent["7"] = RemoteRefund(
        id=asked.id,
        status="succeeded",
        amount=asked.amount,
        currency="INR",
        payment_intent_id=asked.payment_intent_id,
        created_at=NOW,
        metadata={"refund": "7"},
    )

    assert provider.retrieve_refund(asked.id).status == "succeeded"
    assert provider.find_refund("7", asked.payment_intent_id).id == asked.id
    assert provider.find_refund("8", asked.payment_intent_id) is None
