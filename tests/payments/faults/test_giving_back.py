"""Faults of refunds and disputes: twice, together, too much, late, behind our back."""

from decimal import Decimal

import pytest

from orders.models import Order, VendorOrder
from payments.models import Refund
from payments.refund_errors import DisputedOrder, OverRefund, RefundError, UnitsTaken
from payments.services.attempts import start_payment
from payments.services.deciding import refund_again, request_refund
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.faults.test_payouts import held_by, onboarded, sold
from tests.payments.faults.world import PAID, but
from tests.support.race import race
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

# Everything went back: the provider keeps its fee, and nobody else has anything of it.
ALL_BACK = but(
    PAID,
    order="refunded",
    refunds=(("310.00", "succeeded", "damaged"),),
    ledger={"commission": "", "provider_balance": "-6.20", "vendor_payable": ""},
    notices={"refund_made": 1},
    provider=("310.00", "310.00"),
)


def paid_order(world, *goods):
    order = placed_order(*goods)
    world.fake.pay(start_payment(order).session_id)
    world.tell()
    world.quiet()
    return order


def everything(order):
    """All units of an order and all deliveries."""
    parts = order.vendor_orders.all()
    return Asked({line.pk: line.quantity for line in order.lines.all()}, [part.pk for part in parts])


def refunded(order, asked=None, *, actor=None, token=None):
    return request_refund(
        order,
        asked or everything(order),
        reason=Refund.Reason.DAMAGED,
        remark="broken on the way",
        actor=actor or PersonFactory(),
        token=token,
    )


@pytest.mark.fault(34)
@pytest.mark.django_db(transaction=True)
def test_an_officer_clicks_refund_twice(world):
    order = paid_order(world)
    officer = PersonFactory()

    outcomes = race(lambda: refunded(order, actor=officer), contenders=2)

    assert sum(outcome is None for outcome in outcomes) == 1
    assert isinstance(next(filter(None, outcomes)), RefundError)
    assert world.end(order) == ALL_BACK


@pytest.mark.fault(35)
@pytest.mark.django_db(transaction=True)
def test_parts_of_two_groups_are_refunded_at_once(world):
    order = paid_order(world, (a_listing(), 2), (a_listing("33.33"), 3))
    parts = list(order.vendor_orders.order_by("pk"))
    turns = iter([Asked({part.lines.get().pk: 1}, [part.pk]) for part in parts])

    outcomes = race(lambda: refunded(order, next(turns)), contenders=2)

    assert outcomes == [None, None]
    end = world.end(order)
    # 2 x 250.00 + 3 x 33.33 + 2 x 60.00 = 719.99; 310.00 and 93.33 went back, commission on the rest is kept.
    assert (end.order, end.provider) == ("part_refunded", ("719.99", "403.33"))
    assert sorted(end.refunds) == [("310.00", "succeeded", "damaged"), ("93.33", "succeeded", "damaged")]
    assert end.ledger == {
        "commission": "-25.33",
        "provider_balance": "302.26",
        "provider_fees": "14.40",
        "vendor_payable": "-291.33",
    }


@pytest.mark.fault(36)
def test_more_is_refunded_than_was_bought(world):
    order = paid_order(world)
    (line,) = order.lines.all()

    with pytest.raises(UnitsTaken):
        refunded(order, Asked({line.pk: 2}))
    refunded(order)
    with pytest.raises(RefundError):
        refunded(order, Asked({line.pk: 1}))
    with pytest.raises(RefundError):
        refunded(order, Asked({}, [line.vendor_order_id]))

    assert world.end(order) == ALL_BACK


@pytest.mark.fault(37)
def test_a_refund_fails_days_later(world):
    order = paid_order(world)
    refunded(order)
    world.quiet()
    (refund_id,) = world.fake.refunds

    world.fake.fail_refund(refund_id)

    # The groups' shares are gone as before; the money is with us, and the customer's.
    end = world.end(order)
    assert end == but(
        ALL_BACK,
        refunds=(("310.00", "failed", "damaged"),),
        ledger={"customer_unapplied": "-310.00", "provider_balance": "303.80"},
        provider=("310.00", "0.00"),
    )
    refund_again(Refund.objects.get(), actor=PersonFactory())
    assert world.end(order) == but(
        ALL_BACK, refunds=(("310.00", "failed", "damaged"), ("310.00", "succeeded", "again"))
    )


@pytest.mark.fault(38)
def test_somebody_refunds_in_the_providers_pages(world):
    order = paid_order(world)
    (intent,) = {charge.payment_intent_id for charge in world.fake.charges.values()}

    world.fake.refund_in_dashboard(intent, Decimal("100.00"))

    end = world.end(order)
    assert end.refunds == (("100.00", "succeeded", "foreign"),)
    assert end.ledger == {
        "commission": "-20.00",
        "provider_balance": "203.80",
        "provider_fees": "6.20",
        "unexplained": "100.00",
        "vendor_payable": "-290.00",
    }
    assert end.provider == ("310.00", "100.00")
    with pytest.raises(OverRefund):
        refunded(order)


@pytest.mark.fault(39)
def test_a_refund_is_asked_for_while_the_bank_decides(world):
    order = paid_order(world)
    (intent,) = {charge.payment_intent_id for charge in world.fake.charges.values()}
    dispute = world.fake.open_dispute(intent)
    world.tell()
    world.quiet()

    with pytest.raises(DisputedOrder):
        refunded(order)

    during = world.end(order)
    assert during.refunds == ()
    assert during.ledger == {
        "commission": "-20.00",
        "dispute_receivable": "310.00",
        "provider_balance": "-1006.20",
        "provider_fees": "1006.20",
        "vendor_held": "-290.00",
    }
    world.fake.close_dispute(dispute.id, won=True)
    world.tell()
    refunded(order)
    assert world.end(order) == but(
        ALL_BACK, ledger={"provider_balance": "-1006.20", "provider_fees": "1006.20"}
    )


@pytest.mark.fault(40)
@pytest.mark.parametrize("is_empty", [False, True], ids=["the account has it", "the account is empty"])
def test_a_dispute_comes_after_the_payout_and_is_lost(world, is_empty):
    vendor = VendorFactory()
    account = onboarded(world, vendor)
    order = sold(world, vendor)
    world.night()
    if is_empty:
        world.fake.empty(account)
    (intent,) = {charge.payment_intent_id for charge in world.fake.charges.values()}

    dispute = world.fake.open_dispute(intent)
    world.tell()
    world.fake.close_dispute(dispute.id, won=False)

    end = world.end(order)
    owed_by_group = {"vendor_payable": "290.00"} if is_empty else {}
    balance = "-1296.20" if is_empty else "-1006.20"
    assert (end.order, end.ledger) == (
        "refunded",
        {"provider_balance": balance, "provider_fees": "1006.20", **owed_by_group},
    )
    assert held_by(world, account) == "0.00"
    if is_empty:
        # The next sale pays the debt first: 290.00 earned, 290.00 owed, nothing to pay out.
        sold(world, vendor)
        world.night()
        assert "vendor_payable" not in world.end(order).ledger


@pytest.mark.fault(41)
def test_a_dispute_is_won(world):
    order = paid_order(world)
    (intent,) = {charge.payment_intent_id for charge in world.fake.charges.values()}
    dispute = world.fake.open_dispute(intent)
    world.tell()

    world.fake.close_dispute(dispute.id, won=True)

    # The money is back, the fee of the dispute is not.
    assert world.end(order) == but(PAID, ledger={"provider_balance": "-696.20", "provider_fees": "1006.20"})


@pytest.mark.fault(42)
def test_a_transfer_cannot_be_reversed_because_the_account_is_empty(world):
    vendor = VendorFactory()
    account = onboarded(world, vendor)
    order = sold(world, vendor)
    world.night()
    world.fake.empty(account)

    refunded(order)

    end = world.end(order)
    assert (end.order, end.ledger["vendor_payable"]) == ("refunded", "290.00")
    # Two more sales: the first pays the debt, the second is paid out, once.
    sold(world, vendor)
    sold(world, vendor)
    world.night()
    assert "vendor_payable" not in world.end(order).ledger
    assert held_by(world, account) == "290.00"


@pytest.mark.fault(48)
def test_seven_lines_are_refunded_one_by_one_to_the_last_paisa(world):
    vendor = VendorFactory()
    goods = [(a_listing(f"{n}.{n}7", vendor=vendor), n % 3 + 1) for n in range(1, 8)]
    order = paid_order(world, *goods)
    lines = list(order.lines.order_by("pk"))

    for line in lines:
        for _unit in range(line.quantity):
            refunded(order, Asked({line.pk: 1}))
    refunded(order, Asked({}, [order.vendor_orders.get().pk]))

    end = world.end(order)
    assert (end.order, end.provider[0]) == ("refunded", end.provider[1])
    assert set(end.ledger) == {"provider_balance", "provider_fees"}
    assert Order.objects.get().total_incl_tax == Decimal(end.provider[0])
    assert VendorOrder.objects.get().commission > 0
