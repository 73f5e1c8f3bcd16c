"""Faults between us, the groups' accounts and the bank; and amounts that do not divide."""

from decimal import Decimal

import pytest
from django.utils import timezone

from notices.models import Notice
from orders.models import Shipment, VendorOrder
from orders.services import fulfilment
from orders.services.fulfilment import ShipmentData
from payments.models import Payout, PayoutAccount, PayoutBatch, Transfer
from payments.selectors.balances import vendor_balance
from payments.services import batches, settlements
from payments.services.attempts import start_payment
from payments.services.payout_accounts import clear_restriction
from payments.services.transfers import make_transfer
from payments.tasks import plan_payouts
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.faults.world import PAID, but
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


def onboarded(world, vendor):
    """The group's account at the provider, ready to receive."""
    account = world.fake.create_account(key=f"account:{vendor.pk}", email="", country="IN", metadata={})
    world.fake.onboard(account.id)
    PayoutAccount.objects.create(
        vendor=vendor,
        rail="stripe_transfer",
        stripe_account_id=account.id,
        active_from=timezone.now(),
        requested_by=PersonFactory(),
    )
    return account.id


def with_bank(vendor):
    """The group's account at a bank."""
    return PayoutAccount.objects.create(
        vendor=vendor,
        rail="bank_batch",
        holder="Group",
        account_number="200100200",
        bank_code="BNBL",
        active_from=timezone.now(),
        requested_by=PersonFactory(),
    )


def sold(world, vendor, **changes):
    """An order of one unit that is paid, delivered and payable."""
    order = placed_order((a_listing(vendor=vendor, **changes), 1))
    world.fake.pay(start_payment(order).session_id)
    world.tell()
    world.quiet()
    deliver(order)
    return order


def deliver(order):
    actor = PersonFactory()
    for part in order.vendor_orders.all():
        fulfilment.accept(part, actor=actor)
        fulfilment.ship(
            part, ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234"), actor=actor
        )
        fulfilment.deliver(part, actor=actor)
    VendorOrder.objects.filter(order=order).update(payable_from=timezone.now())


def held_by(world, account):
    """What the group's account at the provider holds."""
    return str(world.fake.account_balances.get((account, "INR"), Decimal("0.00")))


def approved_batch():
    """The one draft there is, approved by two people and with the bank."""
    batch = PayoutBatch.objects.get(state="draft")
    batches.hand_in(batch, actor=PersonFactory())
    batches.hand_in(batch, actor=PersonFactory())
    batches.approve(batch, actor=PersonFactory())
    batches.export(PayoutBatch.objects.get(pk=batch.pk))
    return PayoutBatch.objects.get(pk=batch.pk)


@pytest.mark.fault(43)
def test_a_transfer_would_take_more_than_is_left_of_its_charge(world):
    vendor = VendorFactory()
    account = onboarded(world, vendor)
    order = sold(world, vendor)
    (charge,) = world.fake.charges.values()
    # Somebody sent most of it on in the provider's own pages.
    charge.transferred = Decimal("100.00")

    world.night()

    end = world.end(order)
    assert end.payouts == (("290.00", "failed"),)
    assert (end.ledger["vendor_payable"], held_by(world, account)) == ("-290.00", "0.00")
    # Looked at by a person and mended, the next night pays it.
    charge.transferred = Decimal("0.00")
    world.fake.forget_keys()
    world.night()
    assert world.end(order).payouts == (("290.00", "failed"), ("290.00", "paid"))
    assert (vendor_balance(vendor, "INR").payable, held_by(world, account)) == (Decimal("0.00"), "290.00")


@pytest.mark.fault(44)
def test_an_account_is_restricted_in_the_middle_of_a_run(world):
    vendor = VendorFactory()
    account = onboarded(world, vendor)
    orders = [sold(world, vendor), sold(world, vendor)]
    plan_payouts()
    first, _second = Transfer.objects.order_by("pk")
    make_transfer(first.pk)
    world.fake.restrict(account)
    world.quiet()

    first_end = world.end(orders[0])
    assert first_end.ledger["vendor_payable"] == "-290.00"
    assert held_by(world, account) == "290.00"
    assert list(Transfer.objects.order_by("pk").values_list("state", flat=True)) == ["succeeded", "failed"]
    # Unrestricted, the next night pays what was left, once.
    world.fake.onboard(account)
    world.tell()
    world.quiet()
    world.night()
    assert held_by(world, account) == "580.00"
    assert "vendor_payable" not in world.end(orders[1]).ledger


@pytest.mark.fault(45)
def test_the_payout_of_a_groups_account_to_its_bank_fails(world):
    vendor = VendorFactory()
    account = onboarded(world, vendor)
    order = sold(world, vendor)
    world.night()
    before = world.end(order)

    world.fake.fail_account_payout(account)
    world.tell()

    end = world.end(order)
    assert end.ledger == before.ledger
    assert end.payouts == (("290.00", "paid"),)


@pytest.mark.fault(46)
def test_a_batch_is_exported_twice(world):
    vendor = VendorFactory()
    with_bank(vendor)
    order = sold(world, vendor)
    world.night()
    batch = approved_batch()

    files = [batches.export(batch) for _again in range(2)]

    assert files[0] == files[1] == batch.content
    assert files[0].count("290.00") >= 1
    end = world.end(order)
    assert end.payouts == (("290.00", "sent"),)
    assert end.ledger == {
        "commission": "-20.00",
        "payout_in_flight": "-290.00",
        "provider_balance": "303.80",
        "provider_fees": "6.20",
    }


@pytest.mark.fault(47)
@pytest.mark.parametrize("was_settled", [False, True], ids=["at once", "after it was reported as paid"])
def test_the_bank_returns_a_line(world, was_settled):
    vendor = VendorFactory()
    with_bank(vendor)
    order = sold(world, vendor)
    world.night()
    approved_batch()
    payout = Payout.objects.get()
    today = timezone.localdate()
    if was_settled:
        settlements.settle_line(payout, settlements.BankAnswer(is_settled=True, reference="B1", on=today))

    answer = settlements.BankAnswer(is_settled=False, reference="B2", on=today, reason="account closed")
    for _again in range(2):
        settlements.return_line(Payout.objects.get(pk=payout.pk), answer)

    end = world.end(order)
    assert (end.payouts, end.ledger["vendor_payable"]) == ((("290.00", "returned"),), "-290.00")
    world.night()
    assert Payout.objects.count() == 1
    # The bank says that its answer was a mistake: an officer clears the account, and the next night pays.
    assert clear_restriction(PayoutAccount.objects.get())
    world.night()
    approved_batch()
    second = Payout.objects.latest("pk")
    settlements.settle_line(second, settlements.BankAnswer(is_settled=True, reference="B3", on=today))
    assert world.end(order).ledger == {
        "bank": "-290.00",
        "commission": "-20.00",
        "provider_balance": "303.80",
        "provider_fees": "6.20",
    }
    assert Notice.objects.filter(kind="staff_alert").count() <= 2


@pytest.mark.fault(49)
def test_the_balance_transaction_is_not_known_yet(world):
    world.fake.set_late_balance(True)
    order = placed_order()
    world.fake.pay(start_payment(order).session_id)

    early = world.end(order)
    world.fake.set_late_balance(False)

    assert early == but(
        PAID, ledger={"provider_balance": "", "provider_fees": "", "provider_clearing": "310.00"}
    )
    assert world.end(order) == PAID
