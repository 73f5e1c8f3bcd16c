"""What our rows say of payments by hand, and which client stands behind a name."""

import pytest

from payments.providers.bank_transfer import BankTransferProvider
from payments.providers.cash_on_delivery import CashOnDeliveryProvider
from payments.services.cash import collect_cash
from payments.services.expiring import expire_orders
from payments.services.providers import get_online_provider, get_provider
from payments.services.receipts import match
from payments.services.refunds import make_waiting_refunds
from tests.factories.people import PersonFactory
from tests.payments.given import D, a_receipt, a_transfer, cash_order, sent
from tests.support.sale import let_reservation_end, placed_order

pytestmark = pytest.mark.django_db


def test_each_name_has_its_client():
    assert isinstance(get_provider("bank_transfer"), BankTransferProvider)
    assert isinstance(get_provider("cash_on_delivery"), CashOnDeliveryProvider)
    for ask, name in ((get_provider, "paper"), (get_online_provider, "bank_transfer")):
        with pytest.raises(ValueError, match=name):
            ask(name)


def test_only_matched_receipts_count_and_only_at_their_own_provider():
    attempt = a_transfer()
    a_receipt("50.00")
    match(a_receipt("100.00"), attempt, actor=PersonFactory())
    attempt.refresh_from_db()

    payment = get_provider("bank_transfer").retrieve_payment(attempt.session_id)

    assert (payment.amount_received, payment.session_status) == (D(100), "open")
    assert get_provider("cash_on_delivery").find_payment(str(attempt.reference), attempt.created_at) is None


def test_cash_that_was_taken_is_reported():
    part = sent(cash_order().vendor_orders.get())
    attempt = part.order.attempts.get()
    collect_cash(part, actor=PersonFactory())

    payment = get_provider("cash_on_delivery").retrieve_payment(attempt.session_id)

    assert payment.amount_received == D(310)


def test_a_refund_of_a_transfer_waits_for_a_person_and_is_never_asked_for_twice():
    order = placed_order()
    attempt = a_transfer(order)
    match(a_receipt("100.00"), attempt, actor=PersonFactory())
    let_reservation_end(order)
    expire_orders()

    answered = [make_waiting_refunds(), make_waiting_refunds()]

    attempt.refresh_from_db()
    refund = attempt.refunds.get()
    remote = get_provider("bank_transfer").retrieve_refund(refund.provider_id)
    assert answered[0] == 1
    assert (refund.state, refund.provider_id) == ("pending", f"bank_refund_{refund.pk}")
    assert (remote.status, remote.amount) == ("requires_action", D(100))
    attempt.refunds.update(state="succeeded")
    assert get_provider("bank_transfer").retrieve_refund(refund.provider_id).status == "succeeded"
