"""Opening the payment page when the provider's answers are lost or its failure is stored under the key."""

from datetime import timedelta

import pytest
from django.utils import timezone

from orders.models import Order
from payments.errors import OrderNotPayable, ProviderBusy
from payments.models import PaymentAttempt
from payments.providers.base import ProviderConflict, ProviderUnavailable
from payments.services.attempts import LONGEST_HOLD, _request, start_payment
from tests.support.sale import placed_order
from vendors.models import Partner

pytestmark = pytest.mark.django_db


def states():
    return list(PaymentAttempt.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.fault(18)
def test_a_page_opened_behind_a_time_out_is_found_again(fake_provider):
    order = placed_order()
    fake_provider.fail_next("create_payment", ProviderUnavailable("time-out"), after_success=True, times=2)
    with pytest.raises(ProviderBusy):
        start_payment(order)

    attempt = start_payment(order)

    assert states() == ["session_open"]
    assert attempt.page_url == "https://pay.example/cs_fake_1"
    assert len(fake_provider.payments) == 1


@pytest.mark.fault(19)
def test_a_failure_stored_under_the_key_does_not_block_the_order(fake_provider):
    order = placed_order()
    fake_provider.fail_next("create_payment", ProviderUnavailable("500"), times=2)
    with pytest.raises(ProviderBusy):
        start_payment(order)

    attempt = start_payment(order)

    assert states() == ["failed", "session_open"]
    assert attempt.page_url == "https://pay.example/cs_fake_1"


@pytest.mark.fault(20)
def test_a_page_that_another_tab_is_opening_is_left_to_it(fake_provider):
    order = placed_order()
    fake_provider.fail_next("create_payment", ProviderUnavailable("time-out"))
    with pytest.raises(ProviderBusy):
        start_payment(order)
    fake_provider.fail_next("create_payment", ProviderConflict("in use"))

    with pytest.raises(ProviderBusy):
        start_payment(order)

    assert states() == ["unknown"]


def test_an_order_cannot_hold_its_stock_for_ever_by_new_attempts(fake_provider):
    order = placed_order()
    Order.objects.filter(pk=order.pk).update(date_placed=timezone.now() - LONGEST_HOLD - timedelta(seconds=1))

    with pytest.raises(OrderNotPayable):
        start_payment(order)

    assert states() == []
    assert fake_provider.calls == []


def test_a_repeated_call_asks_for_the_same_although_the_group_was_renamed(fake_provider):
    order = placed_order()
    fake_provider.fail_next("create_payment", ProviderUnavailable("time-out"))
    with pytest.raises(ProviderBusy):
        start_payment(order)
    attempt = PaymentAttempt.objects.get()
    before = _request(attempt)
    Partner.objects.update(name="Another name")

    assert _request(PaymentAttempt.objects.get()) == before
