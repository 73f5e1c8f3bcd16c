"""A payout run killed at each of its external calls, then repeated: no group is paid twice, none is forgotten."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import VendorOrder
from payments.models import LedgerPosting, Payout, PayoutAccount, PayoutItem, Transfer
from payments.selectors.balances import payable_entries, vendor_balance
from payments.services.attempts import start_payment
from payments.services.payout_accounts import onboard, refresh_account
from payments.services.payouts import plan_payouts
from payments.services.settling import settle
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import make_payable
from tests.support.sale import a_listing, placed_order
from tests.support.services import PROJECT, database_url
from tests.support.simulator import simulator

__all__ = ["simulator"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault(16), pytest.mark.fault(17)]

LINKS = {"return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}
# Two groups share one order, and the first has another sale: three transfers.
CALLS = 3


@pytest.fixture
def owed(simulator, settings):
    """Two groups that are owed money, by number of the vendor order."""
    settings.STRIPE_API_BASE = simulator.url
    groups = [VendorFactory(name="First"), VendorFactory(name="Second")]
    for group in groups:
        onboard(group, actor=PersonFactory(), **LINKS)
        account = PayoutAccount.objects.get(vendor=group)
        simulator.control("accounts", account=account.stripe_account_id, action="finish")
        refresh_account(account.stripe_account_id)
    for sellers in (groups, groups[:1]):
        attempt = start_payment(placed_order(*((a_listing(vendor=group), 1) for group in sellers)))
        simulator.pay(attempt.session_id)
        settle(attempt.pk)
    parts = list(VendorOrder.objects.order_by("pk"))
    make_payable(*parts)
    return {part.number: part.share for part in parts}


def killed_run(simulator, folder, point, nth):
    """Run in another process until it is killed; how it ended."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "DJANGO_SETTINGS_MODULE": "tests.support.process_settings",
        "DATABASE_URL": database_url(),
        "STRIPE_API_BASE": simulator.url,
        "REDIS_URL": "",
        "VAR_DIR": str(folder),
    }
    command = [sys.executable, "-m", "tests.support.killed_payout_run", point, str(nth)]
    return subprocess.run(
        command, env=env, cwd=PROJECT, capture_output=True, timeout=60, check=False
    ).returncode


def repeat_after(**passed):
    """Let the lease of what was under way end, and run again as beat and the sweeper do."""
    ago = timezone.now() - timedelta(**passed)
    Transfer.objects.filter(asked_at__isnull=False).update(asked_at=ago)
    Transfer.objects.update(next_try_at=timezone.now())
    plan_payouts(timezone.now())
    make_waiting_transfers()
    plan_payouts(timezone.now())
    make_waiting_transfers()


def sent(simulator):
    """What went to the groups' accounts at the provider, by number of the vendor order."""
    transfers = simulator.objects("transfer")
    found = {row["metadata"]["vendor_order"]: Decimal(row["amount"]) / 100 for row in transfers}
    assert len(found) == len(transfers), "a sale was paid twice"
    return found


def assert_everybody_is_paid_once(simulator, owed):
    assert sent(simulator) == owed
    assert set(Transfer.objects.values_list("state", flat=True)) == {"succeeded"}
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    assert LedgerPosting.objects.filter(kind="transferred").count() == len(owed)
    assert not payable_entries(timezone.now()).exists()
    for payout in Payout.objects.select_related("vendor"):
        assert vendor_balance(payout.vendor, "INR").payable == 0
        assert sum(item.entry.amount for item in PayoutItem.objects.filter(payout=payout)) == 0


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        *(("before_call", nth) for nth in range(CALLS)),
        *(("after_call", nth) for nth in range(CALLS)),
        ("in_posting", 1),
        ("after_posting", 1),
    ],
)
def test_run_killed_at_a_call_and_repeated_pays_everybody_once(simulator, owed, tmp_path, point, nth):
    ended = killed_run(simulator, tmp_path, point, nth)
    called = len(simulator.objects("transfer"))
    posted = LedgerPosting.objects.filter(kind="transferred").count()

    repeat_after(minutes=4)

    assert ended == -signal.SIGKILL
    assert called == (nth if point == "before_call" else nth + 1)
    assert posted == (nth + 1 if point == "after_posting" else nth)
    assert_everybody_is_paid_once(simulator, owed)


@pytest.mark.parametrize(("point", "nth"), [("in_planning", 1), ("after_planning", 0)])
def test_run_killed_while_it_plans_and_repeated_pays_everybody_once(simulator, owed, tmp_path, point, nth):
    ended = killed_run(simulator, tmp_path, point, nth)
    planned = Payout.objects.count()

    repeat_after(minutes=4)

    assert ended == -signal.SIGKILL
    assert planned == (nth if point == "in_planning" else nth + 1)
    assert_everybody_is_paid_once(simulator, owed)


def test_run_killed_after_a_call_and_repeated_when_the_key_is_forgotten_pays_everybody_once(
    simulator, owed, tmp_path
):
    killed_run(simulator, tmp_path, "after_call", 1)
    simulator.control("clock", advance=25 * 3600)

    repeat_after(hours=25)

    assert_everybody_is_paid_once(simulator, owed)


def test_run_killed_twice_and_repeated_pays_everybody_once(simulator, owed, tmp_path):
    killed_run(simulator, tmp_path, "after_call", 0)
    Transfer.objects.update(next_try_at=timezone.now())
    killed_run(simulator, tmp_path, "after_call", 1)

    repeat_after(minutes=4)

    assert_everybody_is_paid_once(simulator, owed)


def test_control_without_the_stored_key_a_killed_run_pays_twice(simulator, owed, tmp_path):
    killed_run(simulator, tmp_path, "after_call", 0)
    transfer = Transfer.objects.get(asked_at__isnull=False)
    Transfer.objects.filter(pk=transfer.pk).update(key="transfer:another", tries=0)

    repeat_after(minutes=4)

    sales = [row["metadata"]["vendor_order"] for row in simulator.objects("transfer")]
    assert sales.count(transfer.vendor_order.number) == 2


def test_run_that_nobody_kills_pays_everybody_once(simulator, owed, tmp_path):
    assert killed_run(simulator, tmp_path, "none", 0) == 0

    assert_everybody_is_paid_once(simulator, owed)
