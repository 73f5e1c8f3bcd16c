"""Faults of our process and of the provider's answers while a payment is opened or settled."""

import pytest

from payments.errors import PaymentRefused, ProviderBusy
from payments.models import LedgerPosting
from payments.providers.base import ProviderConflict, ProviderRequestRejected, ProviderUnavailable
from payments.services import ledger
from payments.services.attempts import start_payment
from payments.services.settling import settle
from tests.payments.faults.world import PAID, but
from tests.support.sale import placed_order, started_attempt

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process ends here; nothing catches it."""


def pays(world, order):
    """The buyer pays on the page that is open."""
    world.fake.pay(start_payment(order).session_id)


@pytest.mark.fault(16)
def test_the_worker_is_killed_before_the_call(world):
    order = placed_order()
    world.fake.fail_next("create_payment", Killed())
    with pytest.raises(Killed):
        start_payment(order)

    pays(world, order)

    assert len(world.fake.payments) == 1
    assert world.end(order) == PAID


@pytest.mark.fault(17)
def test_the_worker_is_killed_after_the_call_and_before_the_commit(world):
    order = placed_order()
    world.fake.fail_next("create_payment", Killed(), after_success=True)
    with pytest.raises(Killed):
        start_payment(order)

    pays(world, order)

    assert len(world.fake.payments) == 1
    assert world.end(order) == PAID


@pytest.mark.fault(17)
@pytest.mark.django_db(transaction=True)
def test_the_worker_is_killed_inside_the_settling_transaction(world, monkeypatch):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id)

    def die(_order):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(ledger, "post_released", die)
        with pytest.raises(Killed):
            settle(attempt.pk)

    assert LedgerPosting.objects.count() == 0
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(18)
def test_the_call_succeeds_behind_a_time_out(world):
    order = placed_order()
    world.fake.fail_next("create_payment", ProviderUnavailable("time-out"), after_success=True)
    with pytest.raises(ProviderBusy):
        start_payment(order)

    pays(world, order)

    assert len(world.fake.payments) == 1
    assert world.end(order) == PAID


@pytest.mark.fault(19)
def test_a_failure_is_repeated_under_its_key(world):
    order = placed_order()
    world.fake.fail_next("create_payment", ProviderUnavailable("500"), times=2)
    with pytest.raises(ProviderBusy):
        start_payment(order)

    pays(world, order)

    assert world.end(order) == but(PAID, attempts=("failed", "succeeded"))


@pytest.mark.fault(20)
def test_the_key_is_in_use_at_this_moment(world):
    order = placed_order()
    world.fake.fail_next("create_payment", ProviderConflict("in use"))
    with pytest.raises(ProviderBusy):
        start_payment(order)

    pays(world, order)

    assert world.end(order) == PAID


@pytest.mark.fault(21)
def test_the_provider_says_that_the_key_was_used_for_something_else(world):
    order = placed_order()
    world.fake.fail_next("create_payment", ProviderRequestRejected("key used with other parameters"))
    with pytest.raises(PaymentRefused):
        start_payment(order)

    pays(world, order)

    assert world.end(order) == but(PAID, attempts=("failed", "succeeded"))


@pytest.mark.fault(22)
def test_we_ask_too_often(world):
    order = placed_order()
    world.fake.fail_next("create_payment", ProviderUnavailable("slow down", code="rate_limit"))
    with pytest.raises(ProviderBusy):
        start_payment(order)
    pays(world, order)

    world.fake.fail_next("retrieve_payment", ProviderUnavailable("slow down", code="rate_limit"), times=2)
    world.tell()

    assert world.end(order) == PAID
