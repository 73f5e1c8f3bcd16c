"""What each sale says about its money: amount, day and reason, as the ledger and the payouts stand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from orders.models import VendorOrder
from payments.domain.promise import PromiseReason
from payments.models import PayoutAccount, PayoutBatch
from payments.selectors.payouts import next_run
from payments.selectors.promises import payout_promise, payout_promises
from payments.services import ledger
from payments.services.batches import approve, export, hand_in
from payments.services.payout_accounts import clear_restriction
from payments.services.payouts import plan_payouts
from payments.services.settlements import BankAnswer, return_line, settle_line
from payments.services.transfers import make_waiting_transfers
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, owe, sold, sold_by_bank, stripe_account
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

Reason = PromiseReason
DELIVERED = datetime(2026, 10, 7, 15, 0, tzinfo=UTC)
SOON_AFTER = DELIVERED + timedelta(days=1)


def said(sale, now=None):
    """Amount, day and reason of a sale's promise."""
    fresh = VendorOrder.objects.get(pk=sale.pk)
    promise = payout_promises([fresh], now=now)[fresh.pk]
    return promise.amount, promise.on, promise.reason


@pytest.fixture
def sale(fake_provider):
    """Sold by a group of Bhutan that is paid by bank; delivered on 7 October 2026, payable seven days later."""
    (part,) = sold(fake_provider, is_payable=False)
    part.delivered_at, part.payable_from = DELIVERED, DELIVERED + timedelta(days=7)
    part.save()
    bank_account(part.vendor, active_from=DELIVERED - timedelta(days=30))
    return part


def test_delivered_sale_names_amount_day_and_reason(sale):
    promise = payout_promises([sale], now=SOON_AFTER)[sale.pk]

    assert (promise.amount, promise.currency, promise.on, promise.reason) == (
        sale.share,
        "INR",
        date(2026, 10, 14),
        Reason.DELIVERED,
    )
    assert promise.words == f"₹{sale.share} on 14 Oct, because delivered 7 Oct + 7 days"
    assert promise.is_dated


def test_run_of_the_promised_day_pays_what_was_promised(sale):
    promise = payout_promises([sale], now=SOON_AFTER)[sale.pk]
    run = next_run(sale.payable_from)

    early = plan_payouts(run - timedelta(days=1))
    planned = plan_payouts(run)

    assert (early.planned, planned.planned) == (0, 1)
    assert run.date() == promise.on
    assert PayoutBatch.objects.get().total == promise.amount


@pytest.mark.parametrize(
    ("country", "payable_from", "on"),
    [
        ("BT", datetime(2026, 10, 14, 10, 0, tzinfo=UTC), date(2026, 10, 14)),
        ("BT", datetime(2026, 10, 14, 16, 30, tzinfo=UTC), date(2026, 10, 14)),
        ("BT", datetime(2026, 10, 14, 16, 31, tzinfo=UTC), date(2026, 10, 15)),
        ("TH", datetime(2026, 10, 14, 16, 30, tzinfo=UTC), date(2026, 10, 14)),
        ("IN", datetime(2026, 10, 13, 20, 0, tzinfo=UTC), date(2026, 10, 14)),
    ],
)
def test_day_is_that_of_the_run_in_the_groups_country(sale, country, payable_from, on):
    region = RegionFactory() if country == "BT" else RegionFactory(code=country, level="country", parent=None)
    if country != "BT":
        sale.vendor.home_region = region
        sale.vendor.save()
    sale.payable_from = payable_from
    sale.save()

    assert said(sale, SOON_AFTER)[1] == on


def test_sale_confirmed_by_the_buyer_says_so(sale):
    sale.confirmed_at = sale.payable_from = datetime(2026, 10, 9, 8, 0, tzinfo=UTC)
    sale.save()

    promise = payout_promises([sale], now=SOON_AFTER)[sale.pk]

    assert (promise.on, promise.reason) == (date(2026, 10, 9), Reason.CONFIRMED)
    assert promise.words == f"₹{sale.share} on 9 Oct, because the buyer confirmed on 9 Oct"


def test_sale_that_was_not_delivered_waits_without_a_day(sale):
    sale.delivered_at = sale.payable_from = None
    sale.save()

    assert said(sale) == (sale.share, None, Reason.WAITS_FOR_DELIVERY)


def test_order_that_was_not_paid_promises_nothing_by_a_day(fake_provider):
    part = placed_order((a_listing(), 1)).vendor_orders.get()

    assert said(part) == (part.share, None, Reason.NOT_PAID_YET)


def test_disputed_sale_is_held_and_the_others_are_not(fake_provider):
    first, second = (sold(fake_provider)[0] for _ in range(2))
    for part in (first, second):
        bank_account(part.vendor)
    ledger.post(
        source_type="test",
        source_id=1,
        kind="held",
        currency="INR",
        amounts=[
            ledger.Amount(ledger.Account.VENDOR_PAYABLE, first.share, first.vendor, first),
            ledger.Amount(ledger.Account.VENDOR_HELD, -first.share, first.vendor, first),
        ],
    )

    assert said(first) == (first.share, None, Reason.HELD)
    assert said(second)[2] == Reason.DELIVERED


def test_sale_refunded_whole_says_that_nothing_comes(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)
    owe(part, str(part.share))

    assert said(part) == (0, None, Reason.REFUNDED)


def test_partly_refunded_sale_promises_the_rest(sale):
    owe(sale, "30.00")

    assert said(sale, SOON_AFTER) == (sale.share - 30, date(2026, 10, 14), Reason.DELIVERED)


def test_sale_says_how_its_bank_payout_goes(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    drafted = payout_promise(part)
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    sent = payout_promise(part)
    settle_line(batch.payouts.get(), BankAnswer(True, "BOB-77", timezone.now().date()))
    paid = payout_promise(part)

    assert [promise.reason for promise in (drafted, sent, paid)] == [
        Reason.UNDER_WAY,
        Reason.UNDER_WAY,
        Reason.PAID,
    ]
    assert [promise.amount for promise in (drafted, sent, paid)] == [part.share] * 3
    assert "waits for its approval" in drafted.words
    assert "on its way" in sent.words
    assert (paid.paid, paid.reference) == (part.share, "BOB-77")
    assert paid.words.endswith("reference BOB-77.")


def test_sale_says_that_the_bank_sent_it_back_and_then_that_it_was_paid_again(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)

    def one_batch():
        plan_payouts(timezone.now())
        batch = PayoutBatch.objects.get(state="draft")
        hand_in(batch, actor=PersonFactory())
        approve(batch, actor=PersonFactory())
        export(batch)
        return batch.payouts.get()

    return_line(one_batch(), BankAnswer(False, "R1", timezone.now().date(), "account closed"))
    returned = payout_promise(part)
    clear_restriction(PayoutAccount.objects.get())
    settle_line(one_batch(), BankAnswer(True, "BOB-2", timezone.now().date()))
    paid = payout_promise(part)

    assert (returned.amount, returned.reason, returned.paid) == (part.share, Reason.RETURNED, 0)
    assert (paid.amount, paid.reason, paid.reference) == (part.share, Reason.PAID, "BOB-2")


def test_sale_paid_by_transfer_names_it(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()

    promise = payout_promise(part)

    assert (promise.amount, promise.reason, promise.reference) == (part.share, Reason.PAID, "tr_fake_1")


def test_sale_refunded_after_its_payout_comes_off_the_next(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()
    owe(part, "40.00")
    (new,) = sold(fake_provider, part.vendor, price="300.00")

    assert said(part) == (Decimal("-40.00"), None, Reason.OWED)
    assert said(new)[0] == new.share
    assert payout_promise(part).paid == part.share


def test_sale_whose_debt_a_payout_has_settled_says_so_and_not_that_it_was_sent(fake_provider):
    (part,) = sold(fake_provider)
    stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())
    make_waiting_transfers()
    owe(part, "30.00")
    sold(fake_provider, part.vendor)
    plan_payouts(timezone.now())

    words = payout_promise(part).words
    make_waiting_transfers()

    assert "\N{INDIAN RUPEE SIGN}30.00 came off the payout of" in words
    assert said(part)[::2] == (Decimal("-30.00"), Reason.TAKEN_OFF)


def test_sale_smaller_than_what_the_group_owes_is_set_off(fake_provider):
    (part,) = sold(fake_provider)
    (new,) = sold(fake_provider, part.vendor)
    bank_account(part.vendor)
    owe(part, str(part.share + new.share + 1))

    assert said(new) == (new.share, None, Reason.NETTED)


def test_sale_below_the_minimum_says_what_is_missing(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor, minimum=Decimal("1000.00"))

    promise = payout_promise(part)

    assert (promise.on, promise.reason) == (None, Reason.BELOW_MINIMUM)
    assert promise.words == (
        f"₹{part.share} waits until your sales come to ₹1,000.00 together; now they are ₹{part.share}."
    )


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        (None, Reason.NO_ACCOUNT),
        ({"restriction": "requirements.past_due"}, Reason.RESTRICTED),
        ({"cancelled_at": timezone.now()}, Reason.NO_ACCOUNT),
    ],
    ids=["none", "restricted", "withdrawn"],
)
def test_sale_of_a_group_that_cannot_be_paid_says_what_to_do(fake_provider, account, reason):
    (part,) = sold(fake_provider)
    if account is not None:
        bank_account(part.vendor, **account)

    assert said(part) == (part.share, None, reason)


def test_sale_waits_for_new_details_only_when_no_old_ones_count(fake_provider):
    (part,) = sold(fake_provider)
    counts_from = timezone.now() + timedelta(days=2)
    bank_account(part.vendor, active_from=counts_from)
    waits = said(part)
    bank_account(part.vendor)

    assert waits[1:] == (next_run(counts_from).date(), Reason.DETAILS_WAIT)
    assert said(part)[2] == Reason.DELIVERED


def test_sale_names_the_day_of_the_bank_and_not_that_of_the_import(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor)
    plan_payouts(timezone.now())
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    yesterday = timezone.now().date() - timedelta(days=1)

    settle_line(batch.payouts.get(), BankAnswer(True, "BOB-1", yesterday))

    assert said(part) == (part.share, yesterday, Reason.PAID)


def test_sale_says_that_an_earlier_payout_must_end_before_the_next_run_pays_it(fake_provider):
    (first,) = sold(fake_provider)
    bank_account(first.vendor)
    plan_payouts(timezone.now())
    (second,) = sold(fake_provider, first.vendor)
    (later,) = sold(fake_provider, first.vendor)
    VendorOrder.objects.filter(pk=later.pk).update(payable_from=timezone.now() + timedelta(days=5))

    plan_payouts(next_run(timezone.now()))

    assert said(second) == (second.share, None, Reason.AFTER_ANOTHER)
    assert said(later)[2] == Reason.DELIVERED
    settle_all(first.vendor)
    assert said(second)[2] == Reason.DELIVERED


def settle_all(vendor):
    batch = PayoutBatch.objects.get()
    hand_in(batch, actor=PersonFactory())
    approve(batch, actor=PersonFactory())
    export(batch)
    for payout in vendor.payouts.all():
        settle_line(payout, BankAnswer(True, "BOB-1", timezone.now().date()))


def test_promises_are_made_in_the_language_of_the_page(sale):
    with translation.override("hi"):
        promise = payout_promises([sale], now=SOON_AFTER)[sale.pk]

    assert (promise.amount, promise.on) == (sale.share, date(2026, 10, 14))


def test_twenty_sales_take_as_many_queries_as_one(fake_provider):
    parts = [part for _ in range(5) for part in sold(fake_provider, *(VendorFactory() for _ in range(4)))]
    for part in parts:
        bank_account(part.vendor)
    plan_payouts(timezone.now())

    counts = []
    for some in (parts[:1], parts):
        with CaptureQueriesContext(connection) as caught:
            payout_promises(some)
        counts.append(len(caught))

    assert counts[0] == counts[1] <= 10


def test_sale_not_yet_delivered_says_how_many_days_after(fake_provider, settings):
    (part,) = sold(fake_provider, is_payable=False)
    bank_account(part.vendor)
    week = payout_promise(part)
    settings.HOLD_DAYS = 1
    day = payout_promise(part)

    assert week.words == "₹290.00, 7 days after the goods are delivered."
    assert day.words == "₹290.00, 1 day after the goods are delivered."
    assert (week.on, week.reason) == (None, Reason.WAITS_FOR_DELIVERY)


def test_sale_waits_while_the_account_that_its_bank_sent_money_back_from_is_not_cleared(fake_provider):
    (part,) = sold(fake_provider)
    bank_account(part.vendor, restriction="returned by the bank: account closed")

    promise = payout_promise(part)

    assert (promise.on, promise.reason) == (None, Reason.RESTRICTED)
    assert "your bank sent a payout back" in promise.words


@pytest.mark.parametrize("has_bank", [True, False], ids=["bank too", "stripe alone"])
def test_sale_that_was_paid_by_bank_goes_by_bank_or_says_what_is_missing(fake_provider, has_bank):
    part = sold_by_bank()
    stripe_account(part.vendor, fake_provider)
    if has_bank:
        bank_account(part.vendor, active_from=timezone.now() - timedelta(days=2))

    promise = payout_promise(part)

    assert (promise.on is not None, promise.reason) == (
        has_bank,
        Reason.DELIVERED if has_bank else Reason.NEEDS_BANK,
    )
