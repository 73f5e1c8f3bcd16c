"""The next payout: the first run that pays, what it holds, and what the rest waits for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.selectors.next_payouts import next_payouts
from payments.selectors.payouts import Obstacle
from payments.services.payouts import plan_payouts
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, owe, sold

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def vendor():
    return VendorFactory(commission_rate=D("0.1000"))


def hold_until(part, days):
    part.payable_from = timezone.now() + timedelta(days=days)
    part.save(update_fields=["payable_from"])


def parts_of_balance(payout):
    return payout.amount + payout.later + payout.waiting + payout.planned


def test_the_first_run_that_pays_takes_what_is_due_by_then(vendor, fake_provider):
    bank_account(vendor)
    now, soon, later, never = (sold(fake_provider, vendor)[0] for _ in range(4))
    hold_until(soon, 0)
    hold_until(later, 5)
    never.payable_from = None
    never.save(update_fields=["payable_from"])

    (payout,) = next_payouts(vendor)

    assert (payout.amount, payout.sales, payout.obstacle) == (now.share + soon.share, 2, None)
    assert payout.on is not None
    assert (payout.later, payout.waiting, payout.planned) == (later.share, never.share, 0)
    assert parts_of_balance(payout) == payout.payable


def test_a_run_below_the_minimum_waits_for_the_one_that_reaches_it(vendor, fake_provider):
    bank_account(vendor, minimum=D("500.00"))
    first, second = sold(fake_provider, vendor)[0], sold(fake_provider, vendor)[0]
    hold_until(second, 5)

    (payout,) = next_payouts(vendor)

    assert (payout.amount, payout.obstacle) == (first.share + second.share, None)
    assert payout.on >= (timezone.now() + timedelta(days=5)).date()


def test_what_is_owed_comes_off_first(vendor, fake_provider):
    bank_account(vendor)
    (part,) = sold(fake_provider, vendor)
    owe(part, "300.00")

    (payout,) = next_payouts(vendor)

    assert (payout.amount, payout.on, payout.obstacle) == (D("-15.00"), None, Obstacle.NOTHING_DUE)


def test_without_an_account_nothing_has_a_day(vendor, fake_provider):
    (part,) = sold(fake_provider, vendor)

    (payout,) = next_payouts(vendor)

    assert (payout.amount, payout.on, payout.obstacle) == (part.share, None, Obstacle.NO_ACCOUNT)


def test_what_is_in_a_planned_payout_is_not_in_the_next_one(vendor, fake_provider):
    bank_account(vendor)
    (part,) = sold(fake_provider, vendor)
    plan_payouts(timezone.now())

    (payout,) = next_payouts(vendor)

    assert (payout.payable, payout.planned, payout.amount, payout.on) == (part.share, part.share, 0, None)


def test_while_a_payout_is_under_way_the_next_run_promises_no_other(vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor)
    plan_payouts(timezone.now())
    (second,) = sold(fake_provider, vendor)

    (payout,) = next_payouts(vendor)
    hold_until(sold(fake_provider, vendor)[0], 5)
    (with_later,) = next_payouts(vendor)

    assert (payout.amount, payout.on, payout.obstacle) == (second.share, None, Obstacle.UNDER_WAY)
    assert (with_later.amount, with_later.obstacle) == (2 * second.share, None)
    assert with_later.on >= (timezone.now() + timedelta(days=5)).date()


def test_the_amount_is_what_the_run_then_plans(vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor)
    owe(sold(fake_provider, vendor)[0], "3.33")
    (promised,) = next_payouts(vendor)

    plan_payouts(timezone.now() + timedelta(days=1))

    assert vendor.payouts.get().amount == promised.amount == D("566.67")


def test_a_group_without_entries_has_none(vendor):
    assert next_payouts(vendor) == []
