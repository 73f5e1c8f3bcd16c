"""Cash at hand-over: handed to the groups unpaid, taken once for each part, what was not supplied is not owed."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.models import Line, Order, VendorOrder
from orders.services import releasing
from payments.errors import CashNotDue, OrderNotPayable, WayNotOffered
from payments.models import CashCollection, LedgerPosting, PaymentAttempt, Refund
from payments.services import cash
from payments.services.attempts import start_payment
from payments.services.cash import alert_about_overdue_cash, cash_owed, close_finished_orders, collect_cash
from payments.services.expiring import expire_orders, sweep_attempts
from payments.services.owed import orders_owing, refund_owed
from payments.services.settling import Outcome, settle
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import D, allow_cash, balances, cash_order, sent
from tests.payments.services.test_reconciling_rails import differences
from tests.support.race import race
from tests.support.sale import a_listing, ledger, notice_kinds, placed_order, states_of, stock_of

pytestmark = pytest.mark.django_db


def part_of(order):
    return order.vendor_orders.get()


def collected(part):
    return collect_cash(part, actor=PersonFactory())


def test_an_order_for_cash_is_handed_to_its_groups_and_nothing_is_posted():
    listing = a_listing()

    order = cash_order((listing, 2))

    attempt = PaymentAttempt.objects.get()
    assert states_of(order) == ("pay_on_delivery", ["new"])
    assert (order.paid_at, order.released_at is not None) == (None, True)
    assert (attempt.state, attempt.amount_received) == ("session_open", D(0))
    assert attempt.page_url.endswith(f"/checkout/return/{order.number}/")
    assert stock_of(listing) == (10, 2)
    assert not LedgerPosting.objects.exists()
    assert notice_kinds() == ["order_on_delivery email", "order_placed email"]


def test_asked_again_the_order_is_handed_over_once_and_never_expires():
    order = cash_order()
    attempt = PaymentAttempt.objects.get()
    Order.objects.update(reserved_until=timezone.now() - timedelta(days=1))
    PaymentAttempt.objects.update(created_at=timezone.now() - timedelta(days=1))

    outcomes = [settle(attempt.pk), sweep_attempts(), expire_orders()]

    assert outcomes == [Outcome.ALREADY, 0, 0]
    assert states_of(order) == ("pay_on_delivery", ["new"])
    with pytest.raises(OrderNotPayable):
        start_payment(order)


def test_a_buyer_whose_browser_stopped_is_served_by_the_sweeper():
    order = placed_order()
    allow_cash(part_of(order).vendor)
    start_payment(order, "cash_on_delivery")
    PaymentAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=4))

    released, again = sweep_attempts(), sweep_attempts()

    assert (released, again) == (1, 0)
    assert states_of(order) == ("pay_on_delivery", ["new"])


def test_cash_is_refused_where_one_of_the_groups_does_not_take_it():
    first, second = VendorFactory(), VendorFactory()
    order = placed_order((a_listing(vendor=first), 1), (a_listing(vendor=second), 1))
    allow_cash(first)

    with pytest.raises(WayNotOffered):
        start_payment(order, "cash_on_delivery")

    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"] * 2)
    assert not PaymentAttempt.objects.exists()


def test_cash_taken_delivers_the_part_pays_the_order_and_makes_the_commission_owed(settings):
    part = sent(part_of(cash_order()))

    noted, again = collected(part), collected(part)

    part.refresh_from_db()
    order, attempt = Order.objects.get(), PaymentAttempt.objects.get()
    collection = CashCollection.objects.get()
    assert (noted, again) == (True, False)
    assert (order.status, order.paid_at is not None, part.state) == ("paid", True, "delivered")
    assert part.payable_from == part.delivered_at
    assert (collection.amount, collection.currency) == (D(310), "INR")
    assert (attempt.state, attempt.amount_received) == ("succeeded", D(310))
    assert ledger() == {
        "collected": [
            ("vendor_payable", D(-290)),
            ("commission", D(-20)),
            ("vendor_payable", D(310)),
        ]
    }
    assert balances() == {"vendor_payable": D(20), "commission": D(-20)}
    assert notice_kinds().count("cash_taken email") == 1


def test_units_that_were_not_supplied_are_not_owed_and_bear_no_commission():
    part = sent(part_of(cash_order((a_listing(price="99.99"), 3))))
    Line.objects.update(cancelled_quantity=1, packed_quantity=2, shipped_quantity=2)

    owed = cash_owed(part)
    collected(part)

    assert (owed.amount, owed.commission) == (D("259.98"), D("16.00"))
    assert CashCollection.objects.get().amount == D("259.98")
    assert balances() == {"vendor_payable": D("16.00"), "commission": D("-16.00")}


@pytest.mark.parametrize("state", ["new", "accepted", "packed", "cancelled", "returned"])
def test_no_cash_is_taken_before_the_goods_have_left_or_after_they_came_back(state):
    part = part_of(cash_order())
    VendorOrder.objects.update(state=state)

    with pytest.raises(CashNotDue):
        collected(part)

    assert not CashCollection.objects.exists()
    assert not LedgerPosting.objects.exists()
    assert states_of(part.order) == ("pay_on_delivery", [state])


def test_no_cash_is_taken_for_an_order_that_was_paid_otherwise(fake_provider):
    attempt = start_payment(placed_order())
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    part = sent(part_of(attempt.order))

    with pytest.raises(CashNotDue):
        collected(part)

    assert not CashCollection.objects.exists()


def test_the_order_is_paid_when_its_last_part_is():
    first, second = VendorFactory(), VendorFactory()
    order = cash_order((a_listing(vendor=first), 1), (a_listing(vendor=second), 2))
    parts = [sent(part) for part in order.vendor_orders.order_by("pk")]

    collected(parts[0])
    between = Order.objects.get().status
    collected(parts[1])

    attempt = PaymentAttempt.objects.get()
    assert (between, Order.objects.get().status) == ("pay_on_delivery", "paid")
    assert (attempt.state, attempt.amount_received) == ("succeeded", D(870))


def test_an_order_whose_other_part_was_cancelled_is_found_paid():
    first, second = VendorFactory(), VendorFactory()
    order = cash_order((a_listing(vendor=first), 1), (a_listing(vendor=second), 2))
    parts = list(order.vendor_orders.order_by("pk"))
    collected(sent(parts[0]))
    VendorOrder.objects.filter(pk=parts[1].pk).update(state="cancelled")

    closed, again = close_finished_orders(), close_finished_orders()

    attempt = PaymentAttempt.objects.get()
    assert (closed, again) == (1, 0)
    assert (Order.objects.get().status, attempt.state, attempt.amount_received) == (
        "paid",
        "succeeded",
        D(310),
    )


def test_an_order_of_which_nothing_came_is_cancelled():
    order = cash_order()
    VendorOrder.objects.update(state="cancelled")

    closed = close_finished_orders()

    assert closed == 1
    assert Order.objects.get(pk=order.pk).status == "cancelled"
    assert PaymentAttempt.objects.get().state == "failed"
    assert not LedgerPosting.objects.exists()


def come_back(part, units):
    """Goods of a part that came back at the door, beside a free delivery."""
    sent(part)
    VendorOrder.objects.filter(pk=part.pk).update(
        delivery_price=0, total=F("goods_total") - F("discount_total")
    )
    Line.objects.filter(vendor_order=part).update(returned_quantity=units)
    part.refresh_from_db()
    return part


def test_an_order_of_which_everything_came_back_before_its_cash_is_cancelled():
    part = come_back(part_of(cash_order((a_listing(), 2))), units=2)
    with pytest.raises(CashNotDue):
        collected(part)

    closed, again = close_finished_orders(), close_finished_orders()

    assert (closed, again, Order.objects.get().status) == (1, 0, "cancelled")
    assert PaymentAttempt.objects.get().state == "failed"
    assert not LedgerPosting.objects.exists()


def test_a_part_of_which_everything_came_back_does_not_keep_the_others_order_open(settings):
    settings.DELIVERED_BY_TIME_DAYS = 14
    PersonFactory(finance=True)
    first, second = VendorFactory(), VendorFactory()
    order = cash_order((a_listing(vendor=first), 1), (a_listing(vendor=second), 2))
    kept, back = order.vendor_orders.order_by("pk")
    come_back(back, units=2)
    much_later = timezone.now() + timedelta(days=90)

    assert (alert_about_overdue_cash(much_later), close_finished_orders()) == (0, 0)
    collected(sent(kept))

    assert Order.objects.get().status == "paid"
    assert PaymentAttempt.objects.get().amount_received == D(310)


def discounted(part, discount):
    """A part of one line with a discount on its goods that the group gives, beside a free delivery."""
    left = F("goods_total") - D(discount)
    VendorOrder.objects.filter(pk=part.pk).update(
        delivery_price=0, discount_total=discount, total=left, commission_base=left
    )
    part.lines.update(discount=discount)
    part.refresh_from_db()
    return part


def test_the_discount_of_units_that_did_not_come_is_not_taken_off_the_others():
    part = sent(discounted(part_of(cash_order((a_listing(price="100.00"), 3))), "240.00"))
    Line.objects.update(cancelled_quantity=2, packed_quantity=1, shipped_quantity=1)

    owed = cash_owed(part)
    closed = close_finished_orders()
    collected(part)

    assert (owed.amount, closed) == (D("20.00"), 0)
    assert CashCollection.objects.get().amount == D("20.00")
    assert Order.objects.get().status == "paid"


def test_an_order_of_which_less_than_a_paisa_is_owed_closes_without_a_payment():
    part = sent(discounted(part_of(cash_order((a_listing(price="0.01"), 3))), "0.02"))
    Line.objects.update(cancelled_quantity=2, packed_quantity=1, shipped_quantity=1)
    Line.objects.update(commission=0, commission_tax=0)
    assert cash_owed(part).amount == 0
    with pytest.raises(CashNotDue):
        collected(part)

    closed, again = close_finished_orders(), close_finished_orders()

    assert (closed, again, PaymentAttempt.objects.get().state) == (1, 0, "failed")
    assert Order.objects.get().status == "cancelled"
    assert not LedgerPosting.objects.exists()


def test_a_unit_that_the_buyer_kept_is_still_waited_for():
    come_back(part_of(cash_order((a_listing(), 2))), units=1)

    assert close_finished_orders() == 0
    assert Order.objects.get().status == "pay_on_delivery"


def test_orders_that_go_on_are_left_alone():
    cash_order()

    assert close_finished_orders() == 0
    assert Order.objects.get().status == "pay_on_delivery"


@pytest.mark.django_db(transaction=True)
def test_cash_noted_by_many_at_once_is_noted_once():
    part = sent(part_of(cash_order()))
    member = PersonFactory()

    outcomes = race(lambda: collect_cash(part, actor=member), contenders=6)

    assert outcomes == [None] * 6
    assert CashCollection.objects.count() == 1
    assert LedgerPosting.objects.count() == 1
    assert PaymentAttempt.objects.get().amount_received == D(310)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_only_the_database_keeps_the_second_note_out(monkeypatch):
    part = sent(part_of(cash_order()))
    member = PersonFactory()
    meet = threading.Barrier(2)

    def owed_together(row):
        meet.wait(timeout=30)
        return cash_owed(row)

    monkeypatch.setattr(cash, "lock_order", lambda pk: Order.objects.get(pk=pk))
    monkeypatch.setattr(cash, "_lock_attempt", lambda _order: PaymentAttempt.objects.get())
    monkeypatch.setattr(cash, "cash_owed", owed_together)
    monkeypatch.setattr(
        cash.VendorOrder.objects, "select_for_update", lambda **_named: VendorOrder.objects.all()
    )

    outcomes = race(lambda: collect_cash(part, actor=member), contenders=2)

    assert [type(each) for each in outcomes if each] == [IntegrityError]


def test_the_hand_over_moves_only_goods_that_have_left():
    part = part_of(cash_order())

    with pytest.raises(IllegalTransition):
        releasing.deliver_part(part, actor=PersonFactory())

    part.refresh_from_db()
    assert (part.state, part.delivered_at) == ("new", None)


def test_cash_is_noted_for_a_part_that_counted_as_completed_before():
    part = sent(part_of(cash_order()))
    later = timezone.now() + timedelta(days=7)
    VendorOrder.objects.update(state="completed", delivered_at=timezone.now(), payable_from=later)

    noted = collected(part)

    part.refresh_from_db()
    assert (noted, part.state, Order.objects.get().status) == (True, "completed", "paid")
    # What the group owes of it is netted at once.
    assert part.payable_from <= timezone.now()
    assert balances() == {"vendor_payable": D(20), "commission": D(-20)}


def test_the_office_hears_once_of_cash_that_nobody_noted(settings):
    settings.DELIVERED_BY_TIME_DAYS = 14
    officer = PersonFactory(finance=True)
    part = sent(part_of(cash_order()))
    sent(part_of(placed_order_released()))
    in_time = part.shipments.get().shipped_at + timedelta(days=part.delivery_days_max + 14)

    found = [alert_about_overdue_cash(in_time + timedelta(seconds=late)) for late in (0, 1, 2)]

    part.refresh_from_db()
    alerts = list(Notice.objects.filter(kind="staff_alert").values_list("person", "context__subject"))
    subject = f"nobody noted the cash for {part.number}, which must have come by now"
    assert (found, part.state, alerts) == ([0, 1, 1], "shipped", [(officer.pk, subject)])


def placed_order_released():
    """An order that was paid otherwise."""
    order = placed_order()
    with transaction.atomic():
        releasing.release(releasing.lock_order(order.pk))
    return order


def test_what_came_back_before_its_cash_was_taken_is_owed_to_nobody():
    vendor = VendorFactory(commission_rate=D("0.1000"))
    part = sent(part_of(cash_order((a_listing(vendor=vendor), 2))))
    Line.objects.filter(vendor_order=part).update(returned_quantity=1)
    part.refresh_from_db()

    collected(part)

    assert CashCollection.objects.get().amount == D(310)
    assert list(orders_owing()) == []
    refund_owed(part.order_id)
    assert not Refund.objects.exists()
    assert differences() == set()

    Line.objects.filter(vendor_order=part).update(returned_quantity=2)

    assert list(orders_owing()) == [part.order_id]
    refund_owed(part.order_id)
    assert Refund.objects.get().amount == D(250)
    assert differences() == set()
