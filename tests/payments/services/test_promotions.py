"""Discounts in the ledger: who pays for them, and what goes back when goods do."""

from decimal import Decimal

import pytest
from django.db.models import Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Line, OrderDiscount, OrderLineDiscount, Shipment
from orders.offers.models import ConditionalOffer
from orders.services import cancelling
from orders.services.fulfilment import ShipmentData, accept, ship
from payments.domain.carrying import Part
from payments.models import CashCollection, LedgerEntry, Payout, Refund
from payments.services import attempts, payouts
from payments.services.cash import cash_owed, collect_cash
from payments.services.cash_taken_back import take_back_cash
from payments.services.deciding import request_refund
from payments.services.owed import refund_owed
from payments.services.receipts import match
from payments.services.settling import settle
from payments.services.shares import Asked, OrderShares
from tests.factories.offers import an_offer
from tests.factories.orders import TaxRateFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import a_receipt, a_transfer, cash_order, sent
from tests.payments.services.test_reconciling_rails import differences
from tests.support.refunds import balances, everything, paid_order, parts_of
from tests.support.sale import a_listing, ledger, placed_order

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def _rate(settings):
    settings.COMMISSION_RATE = D("0.1000")
    settings.FOUR_EYES_ABOVE = {"INR": 1_000_000}


def two_payers(provider):
    """A paid order of two groups: the first gives 20 % itself, the programme 10 % of both."""
    first, second = VendorFactory(), VendorFactory()
    an_offer(payer=first, percent=D(20))
    an_offer(percent=D(10))
    goods = (a_listing("100.00", vendor=first), 1), (a_listing("33.35", vendor=second), 3)
    return paid_order(provider, *goods)


def refunded(order, asked):
    """A refund of some of it for goodwill."""
    actor = PersonFactory(is_superuser=True)
    return request_refund(order, asked, reason=Refund.Reason.GOODWILL, remark="kind", actor=actor)


def test_the_group_earns_as_if_the_programmes_discount_had_not_been_given(fake_provider):
    order, _attempt = two_payers(fake_provider)

    first, second = parts_of(order)
    # 100.00 less its own 20.00, at 10 % commission; 100.05 in full.
    assert [-amount for account, amount in ledger()["released"] if account == "vendor_payable"] == [
        D("150.04"),
        D("132.00"),
    ]
    assert (first.share, second.share) == (D("132.00"), D("150.04"))
    assert balances()["promotion"] == D("18.01")
    assert balances()["commission"] == D("-18.01")
    assert order.total_incl_tax == D("282.04")
    assert not differences()


def test_goods_that_come_back_are_paid_back_at_what_was_paid_and_the_programme_has_its_part_again(
    fake_provider,
):
    order, _attempt = two_payers(fake_provider)
    line = parts_of(order)[1].lines.get()

    refund = refunded(order, Asked({line.pk: 1}))

    item = refund.items.get()
    assert (refund.amount, item.promotion, item.commission, item.share) == (
        D("30.01"),
        D("3.34"),
        D("3.34"),
        D("30.01"),
    )
    assert balances()["promotion"] == D("14.67")
    assert not differences()


def test_a_whole_refund_leaves_nothing_of_the_discount(fake_provider):
    order, attempt = two_payers(fake_provider)

    refund = refunded(order, everything(order))

    assert refund.amount == order.total_incl_tax
    assert set(balances()) == {"provider_clearing", "refund_clearing"}
    assert not differences()
    assert OrderShares(order, attempt).rest() == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    prices=st.lists(st.integers(100, 99_999), min_size=1, max_size=3),
    units=st.lists(st.integers(1, 7), min_size=3, max_size=3),
    percent=st.integers(1, 90),
    own=st.integers(1, 90),
    order_of_units=st.randoms(use_true_random=False),
)
def test_unit_by_unit_everything_goes_back_to_the_last_one(
    fake_provider, prices, units, percent, own, order_of_units
):
    vendor = VendorFactory()
    an_offer(percent=D(percent), max_money=D(900_000), vendor=vendor)
    an_offer(payer=vendor, percent=D(own))
    goods = [
        (a_listing(str(D(price).scaleb(-2)), vendor=vendor), count)
        for price, count in zip(prices, units, strict=False)
    ]
    order, attempt = paid_order(fake_provider, *goods)
    todo = [line for line in order.lines.all() for _unit in range(line.quantity)]
    order_of_units.shuffle(todo)

    refunds = [refunded(order, Asked({line.pk: 1})) for line in todo]
    refunds.append(refunded(order, Asked({}, [part.pk for part in parts_of(order)])))

    assert sum(refund.amount for refund in refunds) == order.total_incl_tax
    postings = Q(posting__source_type="order", posting__source_id=order.pk) | Q(
        posting__source_type="refund", posting__source_id__in=[refund.pk for refund in refunds]
    )
    left = LedgerEntry.objects.filter(postings).values("account").annotate(sum=Sum("amount"))
    assert {row["account"]: row["sum"] for row in left if row["sum"]} == {
        "customer_unapplied": order.total_incl_tax,
        "refund_clearing": -order.total_incl_tax,
    }
    assert OrderShares(order, attempt).rest() == []


def test_what_a_group_cannot_supply_takes_its_part_of_the_discount_along(fake_provider):
    order, _attempt = two_payers(fake_provider)
    part = parts_of(order)[1]

    cancelling.cancel(part, actor=PersonFactory(), reason="frost")
    refund_owed(order.pk)

    assert Refund.objects.get().amount == D("150.04")
    assert balances()["promotion"] == D("8.00")
    assert balances(vendor=part.vendor) == {}
    assert not differences()


@pytest.fixture
def cash_everywhere(monkeypatch):
    """As before cash was refused where the programme gives a discount: what stands in the books must still add up."""
    monkeypatch.setattr(attempts, "ways_for_order", lambda _order: ["cash_on_delivery"])


def test_cash_is_taken_after_the_discount_and_the_programme_owes_the_group_its_part(cash_everywhere):
    vendor = VendorFactory()
    an_offer(vendor=vendor, percent=D(20))
    part = cash_order((a_listing("100.00", vendor=vendor), 3)).vendor_orders.get()
    missing = {part.lines.get().pk: 1}
    accept(part, actor=PersonFactory())
    cancelling.supply_short(part, missing, actor=PersonFactory(), reason="frost")
    data = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")
    ship(part, data, actor=PersonFactory())

    owed = cash_owed(part)
    collect_cash(part, actor=PersonFactory())

    assert (owed.amount, owed.promotion, owed.commission) == (D("220.00"), D("40.00"), D("20.00"))
    # It holds 220.00, and has earned 200.00 with 60.00 for delivery, less 20.00 commission.
    assert balances(vendor=vendor) == {"vendor_payable": D("-20.00")}
    assert balances()["promotion"] == D("40.00")
    assert not differences()


def test_cash_noted_by_mistake_takes_the_programmes_part_back(cash_everywhere):
    vendor = VendorFactory()
    an_offer(vendor=vendor, percent=D(20))
    part = sent(cash_order((a_listing("100.00", vendor=vendor), 3)).vendor_orders.get())
    collect_cash(part, actor=PersonFactory())

    take_back_cash(CashCollection.objects.get(), actor=PersonFactory(finance=True), reason="not yet")

    assert balances() == {}
    assert not differences()


def test_cash_of_a_group_that_pays_for_the_discount_itself():
    vendor = VendorFactory()
    an_offer(payer=vendor, percent=D(20))
    part = sent(cash_order((a_listing("100.00", vendor=vendor), 3)).vendor_orders.get())

    collect_cash(part, actor=PersonFactory())

    assert balances(vendor=vendor) == {"vendor_payable": D("24.00")}
    assert "promotion" not in balances()
    assert not differences()


def test_a_bank_transfer_of_the_sum_after_the_discount_releases_the_order():
    vendor = VendorFactory()
    an_offer(vendor=vendor, percent=D(20))
    attempt = a_transfer(placed_order((a_listing("100.00", vendor=vendor), 1)))

    match(a_receipt("140.00"), attempt, actor=PersonFactory(is_superuser=True))
    settle(attempt.pk)

    assert balances(vendor=vendor) == {"vendor_payable": D("-150.00")}
    assert balances()["promotion"] == D("20.00")
    assert not differences()


def test_a_discount_above_what_the_group_keeps_is_paid_out_without_naming_the_charge(fake_provider):
    vendor = VendorFactory()
    an_offer(vendor=vendor, percent=D(90))
    order, attempt = paid_order(fake_provider, (a_listing("100.00", vendor=vendor), 1))
    part = parts_of(order)[0]

    sales = payouts._Sales([(Payout(vendor=vendor), Part(part.pk, part.share, ()))])

    assert (attempt.amount_received, part.share) == (D("70.00"), D("150.00"))
    assert sales.charge_for(Part(part.pk, part.share, ())) == ""
    assert sales.charge_for(Part(part.pk, D("70.00"), ())) == attempt.charge_id


def test_the_tax_of_the_commission_is_of_the_commission_that_is_taken(fake_provider):
    TaxRateFactory()
    vendor = VendorFactory()
    an_offer(payer=vendor, percent=D(50))

    order, _attempt = paid_order(fake_provider, (a_listing("100.00", vendor=vendor), 1))

    part = parts_of(order)[0]
    assert (part.commission, part.commission_tax, part.share) == (D("5.00"), D("0.90"), D("104.10"))
    assert not differences()


@pytest.mark.parametrize(
    ("table", "change", "key"),
    [
        (OrderDiscount, {"amount": D("10.01")}, "orders:{number}:offers"),
        (OrderLineDiscount, {"amount": D("10.01")}, "orders:{number}:line:{line}:offers"),
        (Line, {"discount": D("10.01")}, "orders:{number}:line:{line}:offers"),
        (ConditionalOffer, {"num_applications": 2}, "offers:{offer}"),
        (ConditionalOffer, {"total_discount": D("9.99")}, "offers:{offer}"),
    ],
)
def test_a_seeded_paisa_in_a_discount_is_found(fake_provider, table, change, key):
    offer = an_offer()
    order, _attempt = paid_order(fake_provider, (a_listing("100.00"), 1))
    names = {"number": order.number, "line": order.lines.get().pk, "offer": offer.pk}
    assert not differences()

    table.objects.update(**change)

    assert key.format(**names) in differences()
