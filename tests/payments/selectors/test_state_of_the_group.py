"""What the state of a group means for its money: vendors.effects says it, and it is so."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalogue.models import Product
from orders.services.fulfilment import accept
from payments.models import Payout
from payments.selectors.next_payouts import next_payouts
from payments.selectors.payouts import Obstacle
from payments.selectors.promises import payout_promise
from payments.services.payouts import plan_payouts
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, sold
from vendors.services import decisions

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor():
    return VendorFactory(commission_rate=Decimal("0.1000"))


def test_suspended_group_is_not_paid_is_told_why_and_is_paid_when_reinstated(vendor, fake_provider):
    bank_account(vendor)
    (part,) = sold(fake_provider, vendor)
    decisions.suspend(vendor, actor=None, reason="Goods were not as described.")

    plan_payouts(timezone.now())
    part.refresh_from_db()
    (coming,) = next_payouts(vendor)
    promise = payout_promise(part)

    assert not Payout.objects.exists()
    assert (coming.on, coming.obstacle, coming.amount) == (None, Obstacle.SUSPENDED, part.share)
    assert (promise.on, promise.reason, promise.amount) == (None, "suspended", part.share)

    decisions.reinstate(vendor, actor=None)
    plan_payouts(timezone.now())
    assert Payout.objects.get().amount == part.share


def test_closed_group_is_paid_its_last_balance_however_little(vendor, fake_provider):
    bank_account(vendor, minimum=Decimal("5000.00"))
    (part,) = sold(fake_provider, vendor)
    plan_payouts(timezone.now())
    assert not Payout.objects.exists()
    decisions.close(vendor, actor=None, reason="The group asked for it.")

    (coming,) = next_payouts(vendor)
    assert (coming.obstacle, coming.amount) == (None, part.share)
    assert payout_promise(part).on == coming.on
    plan_payouts(timezone.now())

    assert Payout.objects.get().amount == part.share


@pytest.mark.parametrize("end", [decisions.suspend, decisions.close])
def test_listings_go_at_once_and_open_orders_go_on(vendor, fake_provider, end):
    (part,) = sold(fake_provider, vendor, is_payable=False)
    assert Product.objects.live().filter(vendor=vendor).exists()

    end(vendor, actor=None, reason="As agreed.")

    assert not Product.objects.live().filter(vendor=vendor).exists()
    accept(part, actor=PersonFactory())
    part.refresh_from_db()
    assert part.state == "accepted"
