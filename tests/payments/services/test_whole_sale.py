"""A sale from basket to shipment: what goes in comes out, to the smallest coin, and everybody hears of it."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.models import Notice
from notices.services.sending import send_waiting
from orders.errors import NotEnoughUnits
from orders.models import Shipment
from orders.services.baskets import add_to_basket
from orders.services.fulfilment import ShipmentData, accept, ship
from orders.services.placing import place_order
from payments.domain.minor_units import to_minor
from payments.models import LedgerEntry
from payments.providers.base import ProviderRequestRejected
from payments.services.attempts import start_payment
from payments.services.expiring import expire_orders
from payments.services.refunds import make_waiting_refunds
from payments.services.settling import Outcome, settle
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    filled_basket,
    let_reservation_end,
    open_shop,
    placed_order,
    started_attempt,
    states_of,
    stock_of,
)

pytestmark = pytest.mark.django_db

prices = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999.99"), places=2)
delivery_prices = st.decimals(min_value=Decimal("0.00"), max_value=Decimal("500.00"), places=2)
rates = st.decimals(min_value=0, max_value=1, places=4)
groups = st.tuples(
    delivery_prices, rates, st.lists(st.tuples(prices, st.integers(1, 7)), min_size=1, max_size=3)
)


@pytest.mark.fault(48)
@given(sale=st.lists(groups, min_size=1, max_size=3))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_parts_charge_and_ledger_sum_to_the_same_smallest_coin(fake_provider, sale):
    open_shop()
    goods, vendors = [], []
    for delivery, rate, lines in sale:
        vendors.append(VendorFactory(commission_rate=rate))
        DeliveryMethodFactory(vendor=vendors[-1], price=delivery)
        goods += [(a_listing(price=price, vendor=vendors[-1]), units) for price, units in lines]
    total = sum((price * units for _, _, lines in sale for price, units in lines), Decimal())
    total += sum(delivery for delivery, _, _ in sale)
    basket = filled_basket(*goods)

    order = place_order(basket, checkout_data(basket))
    attempt = start_payment(order)
    fake_provider.pay(attempt.session_id)
    outcome = settle(attempt.pk)

    assert outcome == Outcome.RELEASED
    assert order.total_incl_tax == total
    lines = fake_provider.requests[attempt.session_id].lines
    assert sum(to_minor(line.amount, "INR") for line in lines) == to_minor(total, "INR")
    entries = LedgerEntry.objects.filter(posting__source_type="order", posting__source_id=order.pk)
    owed = dict(entries.filter(vendor__isnull=False).values_list("vendor", "amount"))
    commission = entries.filter(account="commission").aggregate(sum=Sum("amount", default=Decimal()))["sum"]
    assert sum(owed.values()) + commission == -total
    assert [stock_of(listing)[1] for listing, _units in goods] == [units for _listing, units in goods]


def test_every_value_that_a_notice_shows_is_given_to_it(fake_provider, mailoutbox):
    PersonFactory(finance=True)
    vendor = VendorFactory(email="khoma@example.org", phone="+97517000001")
    chair = MembershipFactory(vendor=vendor).user
    sold = placed_order((a_listing(vendor=vendor), 1), phone="+97517123456")
    attempt = started_attempt(sold)
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    part = sold.vendor_orders.get()
    accept(part, actor=chair)
    ship(part, ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1"), actor=chair)
    wrong = placed_order(phone="+97517123456")
    attempt = started_attempt(wrong)
    fake_provider.pay(attempt.session_id, amount_received=Decimal("1.00"))
    settle(attempt.pk)
    fake_provider.fail_next("refund_payment", ProviderRequestRejected("no"))
    make_waiting_refunds()
    let_reservation_end(wrong)

    expire_orders()

    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds == {
        "new_sale",
        "order_expired",
        "order_paid",
        "order_placed",
        "part_accepted",
        "payment_returned",
        "staff_alert",
        "vendor_order_shipped",
    }
    folder = Path(project_settings.BASE_DIR) / "templates" / "notices"
    for notice in Notice.objects.all():
        template = (folder / f"{notice.kind}.{notice.channel}.txt").read_text(encoding="utf-8")
        words = set(re.findall(r"\{\{ *([a-z_]+) *\}\}", template))
        assert words <= {*notice.context, "site_name"}, notice.kind
        assert all(notice.context[word] for word in words - {"site_name", "offers"}), notice.kind
    assert send_waiting() == Notice.objects.count()


def test_a_guest_buys_of_three_groups_and_the_last_unit_of_one_is_gone_for_the_next(fake_provider):
    last = a_listing(units=1)
    goods = [(a_listing(), 2), (a_listing(), 1), (last, 1)]
    order = placed_order(*goods)
    attempt = started_attempt(order)
    fake_provider.pay(attempt.session_id)

    settle(attempt.pk)

    assert states_of(order) == ("paid", ["new", "new", "new"])
    assert [part.total for part in order.vendor_orders.order_by("pk")] == [
        Decimal("560.00"),
        Decimal("310.00"),
        Decimal("310.00"),
    ]
    assert attempt.amount == Decimal("1180.00")
    assert stock_of(last) == (1, 1)
    with pytest.raises(NotEnoughUnits):
        add_to_basket(filled_basket(), last.pk, 1)
