"""A sale from the place's page to the goods on the bus, in a browser, with every process real."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from notices.models import Notice
from orders.models import Order, VendorOrder
from payments.models import PaymentAttempt, ProviderEvent
from tests.browser import steps
from tests.browser.goods import member_of, one_stall, three_stalls
from tests.factories.people import PersonFactory
from tests.support.services import wait_until
from vendors.models import StockRecord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOTAL = Decimal("5873.59")
IN_PAISE = 587_359


def state_of(order):
    return Order.objects.get(pk=order.pk).status


def parts_of(order):
    return {
        part.vendor.name: part for part in VendorOrder.objects.filter(order=order).select_related("vendor")
    }


def wait_until_paid(order, shop):
    wait_until(lambda: state_of(order) == Order.Status.PAID, explain=shop.last_words)


def wait_until_told(shop):
    waiting = Notice.objects.exclude(state=Notice.State.SENT)
    wait_until(lambda: Notice.objects.exists() and not waiting.exists(), explain=shop.last_words)


def assert_sold_once(order, stalls, shop):
    """All three groups have their part, the parts add up to what was charged, and stock is reserved once."""
    parts = parts_of(order)
    assert {name: (part.state, part.total) for name, part in parts.items()} == {
        stall.vendor.name: (VendorOrder.State.NEW, stall.total) for stall in stalls
    }
    order.refresh_from_db()
    charge = shop.charge()
    assert (charge["amount"], charge["currency"]) == (IN_PAISE, "inr")
    assert order.total_incl_tax == sum(part.total for part in parts.values()) == TOTAL
    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.amount_received, attempt.charge_id) == ("succeeded", TOTAL, charge["id"])
    reserved = dict(StockRecord.objects.values_list("product__title", "num_allocated"))
    assert reserved == {stall.listing.title: stall.quantity for stall in stalls}


def assert_told_once(shop, expected):
    """Every notice went out at the first try, and each is one mail. expected: kind and address of each."""
    wait_until_told(shop)
    assert set(Notice.objects.values_list("tries", flat=True)) == {1}
    rows = [(notice.kind, notice.address) for notice in Notice.objects.filter(channel="email")]
    assert sorted(rows) == sorted(expected)
    keys = Counter((mail["X-Notice-Key"], mail["To"]) for mail in shop.mails())
    assert set(keys.values()) == {1}
    assert sorted(address for _key, address in keys) == sorted(address for _kind, address in expected)


def told_after_payment(stalls):
    buyer = [(kind, steps.GUEST_EMAIL) for kind in ("order_placed", "order_paid")]
    return [*buyer, *(("new_sale", stall.vendor.email) for stall in stalls)]


def test_guest_buys_from_three_groups_and_one_of_them_sends_it_by_bus(shop, guest, visitors):
    stalls = three_stalls()
    weavers = stalls[0].vendor
    chair = member_of(weavers, email="chair@example.org").user

    order = steps.buy(guest, stalls, phone="17 12 34 56")
    assert steps.is_at_simulator(guest, shop)
    expect(guest.locator("#total")).to_have_text("₹5,873.59")
    steps.pay(guest)

    expect(guest).to_have_url(f"{shop.url}{order.get_absolute_url()}")
    expect(guest.get_by_text("Paid. Thank you.")).to_be_visible()
    for stall in stalls:
        part = guest.get_by_role("region", name=stall.vendor.name)
        expect(part.get_by_role("strong").filter(has_text="Waiting for the group to say yes")).to_be_visible()
    assert_sold_once(order, stalls, shop)

    # The group says yes and hands the goods to a bus.
    desk = visitors()
    part = parts_of(order)[weavers.name]
    desk.goto("/dashboard/")
    steps.sign_in(desk, chair.email)
    steps.accept_and_ship_by_bus(desk)
    expect(desk).to_have_url(f"{shop.url}{part.get_absolute_url()}")

    guest.reload()
    sent = guest.get_by_role("region", name=weavers.name)
    expect(sent.get_by_role("strong").filter(has_text="On the way")).to_be_visible()
    expect(sent.get_by_text("BP-1-A1234")).to_be_visible()
    expect(sent.get_by_text("Karma")).to_be_visible()
    states = {name: row.state for name, row in parts_of(order).items()}
    assert states == {
        weavers.name: VendorOrder.State.SHIPPED,
        stalls[1].vendor.name: VendorOrder.State.NEW,
        stalls[2].vendor.name: VendorOrder.State.NEW,
    }
    expected = [
        *told_after_payment(stalls),
        ("new_sale", chair.email),
        ("part_accepted", steps.GUEST_EMAIL),
        ("vendor_order_shipped", steps.GUEST_EMAIL),
    ]
    assert_told_once(shop, expected)
    by_phone = sorted(Notice.objects.filter(channel="sms").values_list("kind", "address"))
    kinds = ("order_paid", "order_placed", "part_accepted", "vendor_order_shipped")
    assert by_phone == [(kind, "+97517123456") for kind in kinds]
    assert len(shop.short_messages()) == len(kinds)


def test_order_is_released_by_the_event_when_the_browser_never_returns(shop, guest):
    stalls = three_stalls()
    order = steps.buy(guest, stalls)

    steps.pay_and_leave(guest)
    wait_until_paid(order, shop)

    assert_sold_once(order, stalls, shop)
    assert_told_once(shop, told_after_payment(stalls))


def test_order_is_released_by_the_sweeper_when_browser_and_event_are_lost(shop, guest):
    stalls = three_stalls()
    order = steps.buy(guest, stalls)
    shop.switches.control("webhooks", mode="lose")

    steps.pay_and_leave(guest)
    assert state_of(order) == Order.Status.AWAITING_PAYMENT
    PaymentAttempt.objects.update(created_at=timezone.now() - timedelta(minutes=10))
    shop.enqueue("payments.sweep_attempts")
    wait_until_paid(order, shop)

    assert ProviderEvent.objects.count() == 0
    assert_sold_once(order, stalls, shop)
    assert_told_once(shop, told_after_payment(stalls))


def test_card_that_is_declined_may_be_followed_by_one_that_is_not(shop, guest):
    order = steps.buy(guest, [one_stall()])

    steps.pay(guest, steps.IS_DECLINED)
    expect(guest.get_by_role("alert")).to_contain_text("declined")
    assert state_of(order) == Order.Status.AWAITING_PAYMENT
    steps.pay(guest)

    expect(guest.get_by_text("Paid. Thank you.")).to_be_visible()
    assert shop.charge()["amount"] == 136_980
    assert PaymentAttempt.objects.get().amount_received == Decimal("1369.80")


def test_registered_shopper_signs_in_on_the_way_and_finds_the_order_in_the_account(shop, guest):
    stall = one_stall()
    shopper = PersonFactory(email="sonam@example.org", name="Sonam Choden")

    steps.put_into_basket(guest, stall)
    guest.get_by_role("link", name="Go to checkout").click()
    guest.get_by_role("link", name="Have one? Sign in").click()
    steps.sign_in(guest, shopper.email)
    expect(guest.get_by_label("Name", exact=True)).to_have_value(shopper.name)
    expect(guest.get_by_label("E-mail")).to_have_value(shopper.email)
    steps.write_address(guest, email=shopper.email)
    steps.choose_deliveries(guest, [stall])
    steps.order_button(guest).click()
    steps.pay(guest)
    expect(guest.get_by_text("Paid. Thank you.")).to_be_visible()

    guest.goto("/account/")
    order = Order.objects.get()
    guest.get_by_role("link", name=order.number).click()
    expect(guest).to_have_url(f"{shop.url}{order.get_absolute_url()}")
    assert (order.user, order.status, order.total_incl_tax) == (shopper, Order.Status.PAID, stall.total)


def test_double_click_second_tab_and_back_button_make_one_order(shop, guest):
    stall = one_stall()
    steps.put_into_basket(guest, stall)
    steps.write_address(guest)
    steps.choose_deliveries(guest, [stall])
    other_tab = guest.context.new_page()
    other_tab.goto("/checkout/review/")

    steps.order_button(guest).dblclick()
    expect(guest.get_by_label("Card number")).to_be_visible()
    steps.order_button(other_tab).click()
    expect(other_tab.get_by_label("Card number")).to_be_visible()
    assert other_tab.url == guest.url
    guest.go_back()
    try_again = guest.get_by_role("button", name=re.compile("^Try again: pay "))
    expect(try_again).to_be_visible()
    try_again.click()
    expect(guest.get_by_label("Card number")).to_be_visible()

    assert guest.url == other_tab.url
    assert Order.objects.count() == PaymentAttempt.objects.count() == 1
    assert len(shop.switches.objects("checkout.session")) == 1
    assert StockRecord.objects.get().num_allocated == stall.quantity


def test_guest_without_javascript_comes_as_far_as_the_payment_page(shop, visitors):
    stall = one_stall()
    guest = visitors(java_script_enabled=False)

    steps.put_into_basket(guest, stall)
    guest.get_by_label(f"How many of {stall.listing.title}").fill("3")
    guest.get_by_role("button", name=re.compile("^Change.*Belt of Khoma")).click()
    guest.goto("/checkout/")
    guest.get_by_label("Country").select_option("IN")
    guest.get_by_role("button", name="Show the fields of this country").click()
    expect(guest.get_by_label("PIN code")).to_be_visible()
    guest.get_by_label("Country").select_option("BT")
    guest.get_by_role("button", name="Show the fields of this country").click()
    steps.write_address(guest)
    steps.choose_deliveries(guest, [stall])
    steps.order_button(guest).click()

    expect(guest.locator("#total")).to_have_text("₹2,009.95")
    assert Order.objects.get().total_incl_tax == 3 * Decimal("640.15") + stall.delivery.price
