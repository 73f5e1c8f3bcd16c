"""The buyer reads when each part comes, until when its group answers, why something does not come, and what goes back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from orders.models import Order, Shipment, VendorOrder
from orders.services.cancelling import cancel, cancel_by_buyer, cancel_unanswered, give_up_rest, supply_short
from orders.services.fulfilment import ShipmentData, accept, confirm_received, ship
from orders.services.notifying import status_key
from orders.services.releasing import lock_order, release, release_unpaid
from payments.models import Refund
from payments.selectors.given_back import GivenBack, given_back_parts
from payments.services.owed import refund_owed
from storefront.order_days import answer_by, expected_words
from storefront.templatetags.shop import away, day_away
from tests.factories.people import PersonFactory
from tests.support.refunds import paid_order
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

State = VendorOrder.State
PAID_AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")


def part_of_a_sale(state, *, sent=(), **changes):
    """A part promised for 2 to 5 days after it was paid. sent: (when a shipment left, whether its code was said)."""
    part = placed_order().vendor_orders.get()
    paid_at = None if state == State.AWAITING_PAYMENT else PAID_AT
    fields = {"delivery_days_min": 2, "delivery_days_max": 5, "released_at": paid_at, **changes}
    VendorOrder.objects.filter(pk=part.pk).update(state=state, **fields)
    for number, (at, is_received) in enumerate(sent):
        Shipment.objects.create(
            vendor_order=part,
            carrier=Shipment.Carrier.VEHICLE,
            vehicle_number=f"BP-{number}",
            shipped_at=at,
            received_at=at if is_received else None,
        )
    return VendorOrder.objects.select_related("vendor__home_region").get(pk=part.pk)


def paid(order):
    release(lock_order(order.pk))
    return Order.objects.get(pk=order.pk)


def page_of(client, order):
    address = f"/orders/{order.number}/"
    client.get(address, {"key": status_key(order)})
    return client.get(address)


@pytest.mark.parametrize(
    ("state", "now", "words"),
    [
        (State.AWAITING_PAYMENT, datetime(2026, 11, 28, 12, tzinfo=UTC), "arrives 30 November to 3 December"),
        (State.NEW, datetime(2026, 11, 28, 12, tzinfo=UTC), "arrives 30 November to 3 December"),
        (State.ACCEPTED, datetime(2026, 12, 1, 12, tzinfo=UTC), "arrives 1 to 3 December"),
        (State.PACKED, datetime(2026, 12, 3, 12, tzinfo=UTC), "arrives on 3 December"),
        (State.PACKED, datetime(2026, 12, 4, 12, tzinfo=UTC), "late: expected by 3 December"),
        (State.DELIVERED, datetime(2026, 12, 1, 12, tzinfo=UTC), ""),
        (State.COMPLETED, datetime(2026, 12, 1, 12, tzinfo=UTC), ""),
        (State.CANCELLED, datetime(2026, 12, 1, 12, tzinfo=UTC), ""),
        (State.RETURNED, datetime(2026, 12, 1, 12, tzinfo=UTC), ""),
    ],
)
def test_days_are_said_until_the_goods_are_there(state, now, words):
    assert expected_words(part_of_a_sale(state), now) == words


def test_the_days_count_anew_from_the_last_shipment_that_is_still_to_come():
    first = datetime(2026, 12, 1, 9, tzinfo=UTC)
    second = datetime(2026, 12, 7, 9, tzinfo=UTC)
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)

    both = part_of_a_sale(State.SHIPPED, sent=[(first, False), (second, False)])
    one = part_of_a_sale(State.SHIPPED, sent=[(first, False), (second, True)])

    assert expected_words(both, now) == "arrives 9 to 12 December"
    assert expected_words(one, now) == "late: expected by 6 December"


def test_a_day_is_the_day_of_the_country_that_the_goods_come_from():
    # 20:00 in Greenwich is the next day there.
    part = part_of_a_sale(State.NEW, released_at=datetime(2026, 12, 1, 20, tzinfo=UTC))

    assert expected_words(part, datetime(2026, 12, 1, 21, tzinfo=UTC)) == "arrives 4 to 7 December"


def test_what_is_fetched_is_ready():
    part = part_of_a_sale(State.ACCEPTED, pick_up_address="Paro bazaar", delivery_days_max=2)

    assert expected_words(part, PAID_AT) == "ready on 30 November"


def test_an_answer_is_waited_for_while_the_part_is_new(settings):
    settings.ACCEPT_WITHIN_HOURS = 96

    assert answer_by(part_of_a_sale(State.NEW)) == PAID_AT + timedelta(hours=96)
    assert answer_by(part_of_a_sale(State.ACCEPTED)) is None
    assert answer_by(part_of_a_sale(State.AWAITING_PAYMENT)) is None


def test_the_page_says_the_days_at_each_step(client):
    order = placed_order()
    waiting = page_of(client, order).context["parts"][0]
    part = paid(order).vendor_orders.get()
    new = page_of(client, order).context["parts"][0]
    accept(part, actor=PersonFactory())
    accepted = page_of(client, order)
    ship(part, BUS, actor=PersonFactory())
    sent = page_of(client, order).context["parts"][0]
    confirm_received(part, actor=None)
    there = page_of(client, order).context["parts"][0]

    assert all(step.expected.startswith("arrives ") for step in (waiting, new, sent))
    assert f"<strong>Being packed</strong><br>{new.expected}" in accepted.content.decode()
    assert there.expected == ""


def test_the_page_says_what_goes_back_when_the_group_does_not_answer(client):
    order = paid(placed_order())

    html = page_of(client, order).content.decode()

    assert "The group has 3\N{NO-BREAK SPACE}days, 23\N{NO-BREAK SPACE}hours more to answer" in html
    assert "If it does not, ₹310.00 goes back to you." in html


def test_who_pays_at_the_door_gets_nothing_back(client):
    order = placed_order()
    release_unpaid(lock_order(order.pk))

    html = page_of(client, order).content.decode()

    assert "If it does not, this part is cancelled and costs nothing." in html
    assert "goes back to you. </p>" not in html


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda part: cancel(part, actor=PersonFactory(), reason="Our hive is empty."), "Our hive is empty."),
        (lambda part: cancel_by_buyer(part, actor=None), "You cancelled it."),
        (
            lambda part: cancel_unanswered(part, now=timezone.now() + timedelta(days=9)),
            "The group did not answer in time.",
        ),
    ],
)
def test_why_a_part_was_cancelled_stands_on_the_page(client, how, words):
    order = paid(placed_order())
    how(order.vendor_orders.get())

    answer = page_of(client, order)

    assert answer.context["parts"][0].reason == words
    assert words in answer.content.decode()


def test_the_sum_that_goes_back_stands_beside_its_part_until_it_has_left(client, fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing(), 3))
    part = order.vendor_orders.get()
    supply_short(part, {part.lines.get().pk: 2}, actor=PersonFactory(), reason="It was damaged.")
    refund_owed(order.pk)

    decided = page_of(client, order).content.decode()
    Refund.objects.update(state=Refund.State.SUCCEEDED)
    sent = page_of(client, order).content.decode()

    assert "₹500.00 goes back to you." in decided
    assert "₹500.00 was sent back to you." in sent
    # Of ₹810.00 that much is left, should the group not answer.
    assert "If it does not, ₹310.00 goes back to you." in sent


def test_what_failed_and_was_sent_again_was_sent_once(fake_provider):
    order, _attempt = paid_order(fake_provider)
    part = order.vendor_orders.get()
    cancel(part, actor=PersonFactory(), reason="Sold out.")
    refund_owed(order.pk)
    first = Refund.objects.get()

    Refund.objects.update(state=Refund.State.FAILED)
    failed = given_back_parts(order)
    Refund.objects.create(
        attempt=first.attempt,
        again_for=first,
        key="again",
        amount=first.amount,
        currency=first.currency,
        reason=Refund.Reason.AGAIN,
        state=Refund.State.SUCCEEDED,
        next_try_at=timezone.now(),
    )

    assert failed == {part.pk: GivenBack(on_its_way=Decimal("310.00"))}
    assert given_back_parts(order) == {part.pk: GivenBack(sent=Decimal("310.00"))}


def test_what_a_second_person_has_not_agreed_to_is_not_promised(fake_provider):
    order, _attempt = paid_order(fake_provider)
    cancel(order.vendor_orders.get(), actor=PersonFactory(), reason="Sold out.")
    refund_owed(order.pk)

    Refund.objects.update(state=Refund.State.PROPOSED)

    assert given_back_parts(order) == {}


def test_when_it_was_paid_is_said_as_a_day_and_as_how_long_ago(client):
    order = paid(placed_order())
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - timedelta(days=2, hours=3, minutes=1))

    html = page_of(client, order).content.decode()

    assert ", 2\N{NO-BREAK SPACE}days ago</time>" in html
    # The step itself was noted just now.
    assert ", less than a minute ago</time>" in html.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(days=4, hours=2, minutes=1), "in 4 days, 2 hours"),
        (timedelta(days=-4, hours=-2, minutes=-1), "4 days ago"),
        (timedelta(seconds=-1), "less than a minute ago"),
    ],
)
def test_a_moment_is_said_as_how_far_off_it_is_before_and_behind(offset, words):
    at = timezone.now() + offset

    assert away(at).replace("\N{NO-BREAK SPACE}", " ") == words
    assert day_away(at) == f"{date_format(timezone.localtime(at), 'j F Y')} ({away(at)})"
    assert day_away(None) == ""


def test_the_list_of_orders_says_how_long_ago_each_was_placed(client):
    buyer = PersonFactory()
    order = paid(placed_order(user=buyer))
    Order.objects.filter(pk=order.pk).update(date_placed=timezone.now() - timedelta(days=3, minutes=1))
    client.force_login(buyer)

    assert "(3 days ago)" in client.get("/account/").text.replace("\N{NO-BREAK SPACE}", " ")


def test_two_parts_have_come_only_when_both_have(client):
    order = paid(placed_order((a_listing(), 1), (a_listing(), 1)))
    first, second = order.vendor_orders.order_by("pk")
    VendorOrder.objects.filter(pk=first.pk).update(state=State.DELIVERED)
    one = page_of(client, order).text
    VendorOrder.objects.filter(pk=second.pk).update(state=State.COMPLETED)
    both = page_of(client, order).text

    assert "Paid. Thank you." in one
    assert "Your order has come." not in one
    assert "Your order has come." in both


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("part_refunded", "A part of what you paid has been sent back."),
        ("refunded", "Money of this order has been sent back."),
    ],
)
def test_a_part_of_the_money_is_not_said_to_be_all_of_it(client, status, words):
    order = paid(placed_order())
    Order.objects.filter(pk=order.pk).update(status=status)

    assert words in page_of(client, order).text


def words_of_line(client, order):
    (part,) = page_of(client, order).context["parts"]
    return [(line.warning, line.reason) for line in part.lines]


def test_a_line_that_came_short_says_why_as_it_was_noted_last(client, fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing(), 3))
    part = order.vendor_orders.get()
    line = part.lines.get()
    supply_short(part, {line.pk: 1}, actor=PersonFactory(), reason="It was damaged.")
    supply_short(part, {line.pk: 2}, actor=PersonFactory(), reason="Mice came, sorry.")
    # Said before: nothing changes.
    supply_short(part, {line.pk: 2}, actor=PersonFactory(), reason="Another word.")

    html = " ".join(page_of(client, order).text.split())

    line.refresh_from_db()
    assert (line.cancelled_quantity, line.short_reason) == (2, "Mice came, sorry.")
    assert "2 not supplied: <span>Mice came, sorry.</span>" in html
    assert "damaged" not in html


def test_the_rest_that_was_not_sent_in_time_says_so_in_the_language_of_the_page(client, fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing(), 3))
    part = order.vendor_orders.get()
    accept(part, actor=PersonFactory())
    Shipment.objects.create(vendor_order=part, carrier="vehicle", vehicle_number="BP-1", shipped_at=PAID_AT)

    assert give_up_rest(part, now=PAID_AT + timedelta(days=400))

    assert page_of(client, order).text.count("It was not sent in time.") == 1
    assert "यह समय पर नहीं भेजा गया।" in client.get(f"/hi/orders/{order.number}/").text


def test_a_part_that_is_cancelled_whole_says_why_once_and_not_on_its_lines(client, fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing(), 3))
    part = order.vendor_orders.get()
    supply_short(part, {part.lines.get().pk: 3}, actor=PersonFactory(), reason="It was damaged.")

    assert words_of_line(client, order) == [("", "")]
    assert page_of(client, order).text.count("It was damaged.") == 1
