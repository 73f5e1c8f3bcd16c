"""A provider in memory for sales, and a world in which groups were paid."""

import pytest
from django.utils import timezone

from payments.models import Payout, PayoutBatch
from payments.services.batches import approve, export, hand_in
from payments.services.cash import collect_cash
from payments.services.payouts import plan_payouts
from payments.services.settlements import BankAnswer, return_line, settle_line
from payments.services.transfers import make_transfer
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import cash_order, sent
from tests.regions.conftest import data_copy, shipped
from tests.support.payouts import bank_account, sold, stripe_account
from tests.support.sale import a_listing, fake_provider

__all__ = ["data_copy", "fake_provider", "shipped"]


@pytest.fixture
def houses():
    return [RegionFactory(dzongkhag=True, name=name) for name in ("Haa", "Paro")]


@pytest.fixture
def world(fake_provider, houses):
    """Five groups in two dzongkhags: three paid by bank, of which one came back, one by transfer, one in cash."""
    haa, paro = houses
    groups = [
        VendorFactory(
            home_region=RegionFactory(parent=house),
            household_count=households,
            kind=kind,
            name=f"Group {number}",
        )
        for number, (house, households, kind) in enumerate(
            [
                (haa, 10, "cooperative"),
                (haa, 20, "artisan"),
                (haa, None, "artisan"),
                (paro, 5, "cooperative"),
                (paro, 7, "artisan"),
            ]
        )
    ]
    parts = sold(fake_provider, *groups[:4])
    for group in groups[:3]:
        bank_account(group)
    stripe_account(groups[3], fake_provider)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    first, second, third = Payout.objects.filter(batch=batch).order_by("vendor")
    today = timezone.now().date()
    settle_line(first, BankAnswer(True, "B-1", today))
    settle_line(second, BankAnswer(True, "B-2", today))
    return_line(second, BankAnswer(False, "B-3", today, "account closed"))
    settle_line(third, BankAnswer(True, "B-4", today))
    for transfer in Payout.objects.get(batch=None).transfers.all():
        make_transfer(transfer.pk)
    collect_cash(
        sent(cash_order((a_listing(vendor=groups[4]), 1)).vendor_orders.get()), actor=PersonFactory()
    )
    return parts
