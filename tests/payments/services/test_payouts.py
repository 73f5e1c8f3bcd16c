"""The nightly run: who is paid, what a payout holds, and what two runs at once may not do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Notice
from payments.models import Payout, PayoutBatch, PayoutItem, Transfer
from payments.selectors.balances import payable_entries, vendor_balance
from payments.selectors.payouts import Obstacle
from payments.services import ledger, payouts
from payments.services.cash import collect_cash
from payments.services.payouts import plan_payouts
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import cash_order, sent
from tests.support.payouts import bank_account, owe, sold, sold_by_bank, stripe_account
from tests.support.race import pausing, race
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


def plan():
    return plan_payouts(timezone.now())


def reasons(run):
    return [(due.vendor_pk, due.obstacle) for due in run.skipped]


def held_entries():
    return sorted(PayoutItem.objects.filter(is_void=False).values_list("entry_id", flat=True))


def test_share_of_a_delivered_sale_goes_into_one_transfer_of_its_charge(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)

    run = plan()

    transfer = Transfer.objects.get()
    assert (run.planned, run.skipped, run.failed_vendors) == (1, (), ())
    assert (transfer.key, transfer.amount, transfer.currency) == (
        f"transfer:{part.number}",
        part.share,
        "INR",
    )
    assert transfer.charge_id == part.order.attempts.get().charge_id != ""
    assert (transfer.payout.state, transfer.payout.amount) == ("planned", part.share)
    assert transfer.payout.batch is None
    assert [item.entry.amount for item in transfer.items.all()] == [-part.share]


def test_bank_payouts_are_gathered_in_one_draft_for_each_currency(fake_provider):
    first, second = sold(fake_provider, VendorFactory(), VendorFactory())
    for part in (first, second):
        bank_account(part.vendor)

    plan()

    batch = PayoutBatch.objects.get()
    assert (batch.state, batch.currency, batch.count) == ("draft", "INR", 2)
    assert batch.total == first.share + second.share
    assert batch.number == f"{timezone.now():%Y%m%d}-INR-1"
    assert batch.drafted_by is None
    assert not Transfer.objects.exists()


def test_later_run_fills_the_draft_that_nobody_has_handed_in(fake_provider):
    first, second = (sold(fake_provider)[0] for _ in range(2))
    bank_account(first.vendor)
    plan()
    bank_account(second.vendor)

    plan()

    batch = PayoutBatch.objects.get()
    assert (batch.count, batch.total) == (2, first.share + second.share)


def test_run_repeated_plans_nothing_more(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan()
    before = held_entries()

    again = plan()

    assert (again.planned, Payout.objects.count(), held_entries()) == (0, 1, before)


def test_sale_that_became_payable_during_a_payout_waits_for_the_next(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan()
    sold(fake_provider, part.vendor)

    again = plan()

    assert reasons(again) == [(part.vendor_id, Obstacle.UNDER_WAY)]
    assert Payout.objects.count() == 1


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        (None, Obstacle.NO_ACCOUNT),
        ({"restriction": "requirements.past_due"}, Obstacle.RESTRICTED),
        ({"minimum": Decimal("10000.00")}, Obstacle.BELOW_MINIMUM),
        ({"active_from": timezone.now() + timedelta(days=2)}, Obstacle.NO_ACCOUNT),
        ({"cancelled_at": timezone.now()}, Obstacle.NO_ACCOUNT),
    ],
    ids=["no account", "restricted", "own minimum", "details wait", "withdrawn"],
)
def test_group_is_left_out_with_the_reason_and_nothing_is_held(fake_provider, account, reason):
    (part,) = sold(fake_provider)
    if account is not None:
        bank_account(part.vendor, **account)

    run = plan()

    assert reasons(run) == [(part.vendor_id, reason)]
    assert run.skipped[0].amount == part.share
    assert (Payout.objects.count(), PayoutItem.objects.count(), PayoutBatch.objects.count()) == (0, 0, 0)


def test_group_below_the_minimum_of_the_programme_waits(fake_provider, settings):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)
    settings.PAYOUT_MINIMUM = {"INR": part.share + Decimal("0.01")}

    below = plan()
    settings.PAYOUT_MINIMUM = {"INR": part.share}
    at = plan()

    assert reasons(below) == [(part.vendor_id, Obstacle.BELOW_MINIMUM)]
    assert (at.planned, Payout.objects.get().amount) == (1, part.share)


def test_group_that_owes_more_than_it_is_due_is_left_out(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)
    owe(part, str(part.share + 5))

    run = plan()

    assert reasons(run) == [(part.vendor_id, Obstacle.NOTHING_DUE)]
    assert run.skipped[0].amount == Decimal("-5.00")


def test_payout_never_pushes_the_balance_below_zero(fake_provider):
    (part,) = sold(fake_provider)
    (later,) = sold(fake_provider, part.vendor, is_payable=False)
    bank_account(part.vendor)
    owe(later, str(later.share + 30))

    run = plan()

    assert reasons(run) == [(part.vendor_id, Obstacle.ABOVE_BALANCE)]
    assert vendor_balance(part.vendor, "INR").payable == part.share - 30


def test_sale_that_is_not_delivered_or_held_is_not_paid(fake_provider):
    (part,) = sold(fake_provider, is_payable=False)
    bank_account(part.vendor)

    run = plan()

    assert (run.planned, run.skipped) == (0, ())
    assert not payable_entries(timezone.now()).exists()


def test_debt_of_one_sale_is_carried_into_the_transfer_of_another(fake_provider):
    (old,) = sold(fake_provider)
    (new,) = sold(fake_provider, old.vendor)
    stripe_account(old.vendor, fake_provider)
    owe(old, str(old.share + 40))

    plan()

    transfer = Transfer.objects.get()
    assert (transfer.vendor_order, transfer.amount) == (new, new.share - 40)
    assert PayoutItem.objects.filter(transfer=transfer).count() == 3
    assert -sum(item.entry.amount for item in transfer.items.all()) == transfer.amount


@pytest.mark.fault(43)
def test_second_transfer_of_a_sale_is_not_taken_from_a_charge_that_has_sent_on_everything(fake_provider):
    (part,) = sold(fake_provider)
    account = stripe_account(part.vendor, fake_provider)
    attempt = part.order.attempts.get()
    earlier = Payout.objects.create(
        vendor=part.vendor, account=account, currency="INR", amount=1, state="paid"
    )
    Transfer.objects.create(
        payout=earlier,
        vendor_order=part,
        key=f"transfer:{part.number}",
        amount=attempt.amount_received - 1,
        currency="INR",
        charge_id=attempt.charge_id,
        state="succeeded",
        provider_id="tr_1",
        next_try_at=timezone.now(),
    )

    plan()

    second = Transfer.objects.get(state="waiting")
    assert (second.key, second.charge_id) == (f"transfer:{part.number}:2", "")


@pytest.mark.fault(43)
def test_database_refuses_transfers_above_their_charge(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan()
    transfer = Transfer.objects.get()
    above = part.order.attempts.get().amount_received - transfer.amount + Decimal("0.01")

    with pytest.raises(IntegrityError, match="transfers would be more than charge"), transaction.atomic():
        Transfer.objects.create(
            payout=transfer.payout,
            vendor_order=part,
            key="transfer:above",
            amount=above,
            currency="INR",
            charge_id=transfer.charge_id,
            next_try_at=timezone.now(),
        )

    assert Transfer.objects.count() == 1


def test_one_groups_trouble_is_not_anothers(fake_provider, monkeypatch):
    good, bad = (sold(fake_provider)[0] for _ in range(2))
    for part in (good, bad):
        bank_account(part.vendor)
    real = payouts.due_payouts

    def fails_for_bad(now, vendor_pks):
        if bad.vendor_id in vendor_pks:
            raise RuntimeError("this group's rows are strange")
        return real(now, vendor_pks)

    monkeypatch.setattr(payouts, "due_payouts", fails_for_bad)

    run = plan()

    assert (run.planned, run.failed_vendors) == (1, (bad.vendor_id,))
    assert Payout.objects.get().vendor == good.vendor


def test_run_takes_as_many_queries_for_ten_groups_as_for_one(fake_provider):
    def queries_of_a_run(groups):
        for part in sold(fake_provider, *(VendorFactory() for _ in range(groups))):
            stripe_account(part.vendor, fake_provider)
        with CaptureQueriesContext(connection) as caught:
            assert plan().planned == groups
        return len(caught)

    assert queries_of_a_run(1) == queries_of_a_run(10)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_pay_a_group_once(fake_provider, monkeypatch, is_guarded):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    failures = []
    monkeypatch.setattr(payouts, "due_payouts", pausing(payouts.due_payouts))
    if not is_guarded:
        monkeypatch.setattr(payouts, "_lock_vendors", lambda _pks: None)

    race(lambda: failures.extend(plan().failed_vendors), contenders=2)

    # Without the lock both plan the same payout, and only the database's last line stops the second.
    assert failures == ([] if is_guarded else [part.vendor_id])
    assert Payout.objects.count() == Transfer.objects.count() == 1


def test_money_that_came_by_bank_goes_by_bank_though_the_group_is_paid_by_transfers(fake_provider):
    part = sold_by_bank()
    (by_card,) = sold(fake_provider, part.vendor)
    details = bank_account(part.vendor, active_from=timezone.now() - timedelta(days=2))
    stripe_account(part.vendor, fake_provider)

    run = plan()

    payout = Payout.objects.get()
    assert (run.planned, run.skipped) == (1, ())
    assert (payout.account, payout.amount) == (details, part.share + by_card.share)
    assert payout.batch is not None
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("restriction", [None, "returned by the bank"], ids=["no bank account", "returned"])
def test_money_that_came_by_bank_waits_while_what_came_by_card_is_transferred(fake_provider, restriction):
    part = sold_by_bank()
    (by_card,) = sold(fake_provider, part.vendor)
    stripe_account(part.vendor, fake_provider)
    if restriction is not None:
        before = timezone.now() - timedelta(days=2)
        bank_account(part.vendor, active_from=before, restriction=restriction)

    run = plan()
    make_waiting_transfers()
    again = plan()

    transfer = Transfer.objects.get()
    assert (transfer.vendor_order, transfer.amount, transfer.state) == (by_card, by_card.share, "succeeded")
    assert run.planned == 1
    assert reasons(run) == reasons(again) == [(part.vendor_id, Obstacle.NEEDS_BANK)]
    assert again.skipped[0].amount == part.share
    assert not Notice.objects.filter(kind="staff_alert").exists()


def test_what_belongs_to_no_sale_is_not_transferred_in_a_currency_that_is_not_charged(fake_provider):
    part = sold(fake_provider, is_payable=False)[0]
    stripe_account(part.vendor, fake_provider)
    payable, bank = ledger.Account.VENDOR_PAYABLE, ledger.Account.BANK
    amounts = [ledger.Amount(payable, Decimal(-100), part.vendor), ledger.Amount(bank, Decimal(100))]
    ledger.post(source_type="test", source_id=1, kind="came back", currency="USD", amounts=amounts)

    assert reasons(plan()) == [(part.vendor_id, Obstacle.NEEDS_BANK)]

    bank_account(part.vendor, active_from=timezone.now() - timedelta(days=2))
    assert plan().planned == 1
    assert Payout.objects.get().batch.currency == "USD"


def test_own_minimum_counts_in_the_currency_that_is_charged_alone(fake_provider, settings):
    (part,) = sold(fake_provider)
    bank_account(part.vendor, minimum=Decimal("2000.00"))

    assert reasons(plan()) == [(part.vendor_id, Obstacle.BELOW_MINIMUM)]

    settings.CHARGE_CURRENCY = "USD"
    assert plan().planned == 1


def test_cash_noted_yesterday_comes_off_what_came_by_card(fake_provider):
    (by_card,) = sold(fake_provider)
    bank_account(by_card.vendor)
    in_cash = sent(cash_order((a_listing("800.00", vendor=by_card.vendor), 1)).vendor_orders.get())
    collect_cash(in_cash, actor=PersonFactory())

    run = plan()

    owed = in_cash.commission + in_cash.commission_tax
    assert owed > 0
    assert (run.planned, run.skipped) == (1, ())
    assert Payout.objects.get().amount == by_card.share - owed
