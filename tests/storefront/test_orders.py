"""Orders belong to their buyer: by account, by this session, by a signed link, by number and contact."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from orders.models import Order, Shipment, ShippingAddress, VendorOrder
from orders.services.cancelling import supply_short
from orders.services.fulfilment import ShipmentData, accept, confirm_received, ship
from orders.services.notifying import status_key
from orders.services.packing import pack
from orders.services.releasing import lock_order, release
from storefront.views import orders
from tests.factories.people import PersonFactory
from tests.support.sale import GUEST_EMAIL, a_listing, placed_order, started_attempt

pytestmark = pytest.mark.django_db

Country = get_model("address", "Country")


BY_BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")


def paid(order):
    release(lock_order(order.pk))
    return Order.objects.get(pk=order.pk)


def address(order):
    return f"/orders/{order.number}/"


def test_a_stranger_sees_no_order(client):
    order = placed_order()

    assert client.get(address(order)).status_code == 404
    client.force_login(PersonFactory())
    assert client.get(address(order)).status_code == 404
    assert client.post(f"{address(order)}pay/").status_code == 404


def test_the_buyer_sees_the_own_order_only(client):
    buyer = PersonFactory()
    own, other = placed_order(user=buyer), placed_order(user=PersonFactory())
    client.force_login(buyer)

    assert client.get(address(own)).status_code == 200
    assert client.get(address(other)).status_code == 404
    assert [order.number for order in client.get("/account/").context["page"]] == [own.number]


def test_the_signed_link_lets_a_guest_in_and_loses_its_key(client):
    order = placed_order()

    answer = client.get(address(order), {"key": status_key(order)})

    assert answer["Location"] == address(order)
    assert client.get(address(order)).status_code == 200


@pytest.mark.parametrize("key", ["", "x", "a:b"])
def test_a_wrong_key_opens_nothing(client, key):
    assert client.get(address(placed_order()), {"key": key}).status_code == 404


def test_the_key_of_one_order_opens_no_other(client):
    first, second = placed_order(), placed_order()

    assert client.get(address(second), {"key": status_key(first)}).status_code == 404


@pytest.mark.parametrize("contact", [GUEST_EMAIL, GUEST_EMAIL.upper(), f" {GUEST_EMAIL} "])
def test_number_and_contact_lead_to_the_order_however_they_are_typed(client, contact):
    order = placed_order()

    answer = client.post(
        "/orders/find/", {"number": order.number.lower().replace("-", " "), "contact": contact}
    )

    assert answer["Location"] == address(order)
    assert client.get(address(order)).status_code == 200


def test_a_phone_number_is_a_contact_too(client):
    order = placed_order(email="", phone="+97517123456")

    assert client.post("/orders/find/", {"number": order.number, "contact": "17 12 34 56"}).status_code == 302


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        ("right", "other@example.org"),
        ("wrong", GUEST_EMAIL),
        ("", ""),
        ("right", ""),
        ("right", "17123456"),
        ("right", "@"),
    ],
)
def test_what_does_not_match_is_said_alike_and_opens_nothing(client, number, contact):
    order = placed_order()
    typed = {"right": order.number, "wrong": "0000-0000-00", "": ""}[number]

    answer = client.post("/orders/find/", {"number": typed, "contact": contact})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert client.get(address(order)).status_code == 404


def test_the_page_follows_each_group(client):
    order = placed_order()
    client.get(address(order), {"key": status_key(order)})
    assert "We wait for your payment." in client.get(address(order)).content.decode()

    part = paid(order).vendor_orders.get()
    html = client.get(address(order)).content.decode()
    assert "Paid. Thank you." in html
    assert "Waiting for the group to say yes" in html

    member = PersonFactory()
    accept(part, actor=member)
    vehicle = ShipmentData(
        carrier=Shipment.Carrier.VEHICLE,
        vehicle_number="BP-1-A1234",
        driver_name="Karma",
        driver_phone="+97517654321",
    )
    ship(part, vehicle, actor=member)
    html = client.get(address(order)).content.decode()
    assert "On the way" in html
    assert "Your order is on its way." in html
    assert "BP-1-A1234" in html
    assert 'href="tel:+97517654321"' in html


def test_the_buyer_reads_what_is_missing_and_the_code_only_until_the_goods_are_there(client):
    order = paid(placed_order((a_listing(), 3)))
    part = order.vendor_orders.get()
    client.get(address(order), {"key": status_key(order)})
    accept(part, actor=PersonFactory())
    supply_short(part, {part.lines.get().pk: 2}, actor=PersonFactory(), reason="It was damaged.")
    ship(
        part,
        BY_BUS,
        actor=PersonFactory(),
    )
    code = part.shipments.get().code

    on_the_way = client.get(address(order)).content.decode()
    confirm_received(part, actor=None)
    there = client.get(address(order)).content.decode()

    assert "2 not supplied" in on_the_way
    assert code in on_the_way
    assert "2 not supplied" in there
    assert "Your order has come." in there
    assert "Your order has come." not in on_the_way
    assert code not in there


def knots(client, order):
    """State and words of each knot of the one part's line."""
    return [(step.state, step.words) for step in client.get(address(order)).context["parts"][0].steps]


def test_the_line_of_steps_says_what_is_being_done_and_never_ahead_of_it(client):
    order = paid(placed_order((a_listing(title="Honey"), 3)))
    part, member = order.vendor_orders.get(), PersonFactory()
    client.get(address(order), {"key": status_key(order)})
    new = knots(client, order)
    accept(part, actor=member)
    accepted = knots(client, order)
    part.refresh_from_db()
    pack(part, {part.lines.get().pk: 1}, seen=part.last_package, actor=member)
    ship(part, BY_BUS, actor=member, packages=[1])
    begun, page = knots(client, order), client.get(address(order)).text
    ship(part, BY_BUS, actor=member)
    sent = knots(client, order)

    before = [("done", "Paid"), ("done", "Accepted by the group")]
    after = [("later", "Handed over"), ("later", "With you")]
    assert new == [before[0], ("now", "Waiting for the group to say yes"), *after]
    assert accepted == [*before, ("now", "Being packed"), *after]
    assert begun == [*before, ("done", "Handed over in part"), ("now", "The rest is being packed"), after[1]]
    assert "A part of it is on the way" in page
    assert re.search(r"Still to come: <span>2 \u00d7 Honey</span>", page)
    assert sent == [*before, ("done", "Handed over"), ("now", "On the way"), after[1]]


def test_the_buyer_reads_where_to_pick_it_up_until_it_is_there(client):
    order = paid(placed_order())
    part = order.vendor_orders.get()
    VendorOrder.objects.filter(pk=part.pk).update(pick_up_address="Bus station, Paro")
    client.get(address(order), {"key": status_key(order)})
    waiting = client.get(address(order)).text
    VendorOrder.objects.filter(pk=part.pk).update(state=VendorOrder.State.DELIVERED)
    fetched = client.get(address(order)).text

    assert "<span>You pick it up here: <strong>Bus station, Paro</strong></span>" in waiting
    assert "Where it goes" not in waiting
    assert "You pick it up here" not in fetched


def test_coming_back_from_the_payment_page_settles_and_shows_the_order(client, fake_provider):
    order = placed_order()
    attempt = started_attempt(order)
    fake_provider.pay(attempt.session_id)

    for _ in range(2):
        answer = client.get(f"/checkout/return/{order.number}/")
        assert answer["Location"] == address(order)

    assert Order.objects.get(pk=order.pk).status == Order.Status.PAID


@pytest.mark.parametrize(
    ("country", "said"), [("BT", "6 January 2026, 02:00"), ("DE", "5 January 2026, 20:00")]
)
def test_times_are_those_of_the_country_that_the_order_goes_to(client, country, said):
    order = placed_order()
    Order.objects.update(date_placed=datetime(2026, 1, 5, 20, tzinfo=UTC))
    code = Country.objects.get_or_create(iso_3166_1_a2=country)[0]
    ShippingAddress.objects.update(country=code)
    client.get(address(order), {"key": status_key(order)})

    assert said in client.get(address(order)).content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


def test_coming_back_unpaid_settles_nothing(client, fake_provider):
    order = placed_order()
    started_attempt(order)

    client.get(f"/checkout/return/{order.number}/")

    assert Order.objects.get(pk=order.pk).status == Order.Status.AWAITING_PAYMENT


def test_paying_again_for_a_paid_order_only_shows_it(client, fake_provider):
    order = paid(placed_order())
    client.get(address(order), {"key": status_key(order)})

    answer = client.post(f"{address(order)}pay/")

    assert answer["Location"] == address(order)
    assert fake_provider.calls == []


def test_an_unknown_number_is_404_everywhere(db):
    for path in ("/orders/0000-0000-00/", "/checkout/return/0000-0000-00/"):
        assert Client().get(path, follow=True).status_code == 404


def test_a_stranger_does_not_learn_from_the_way_back_whether_an_order_exists(db):
    answers = [
        Client().get(f"/checkout/return/{number}/") for number in (placed_order().number, "0000-0000-00")
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [Client().get(answer["Location"]).status_code for answer in answers] == [404, 404]


def test_whoever_comes_back_again_and_again_asks_the_provider_no_more(client, fake_provider, monkeypatch):
    monkeypatch.setattr(orders, "RETURN_BY_ADDRESS", replace(orders.RETURN_BY_ADDRESS, tries=2))
    order = placed_order()
    started_attempt(order)

    asked = []
    for _ in range(4):
        fake_provider.calls.clear()
        assert client.get(f"/checkout/return/{order.number}/")["Location"] == address(order)
        asked.append(bool(fake_provider.calls))

    assert asked == [True, True, False, False]


@pytest.mark.parametrize("number", ["%00", "a%00b", "0000-0000-00%00"])
def test_a_number_that_no_database_can_hold_is_404_everywhere(admin_client, number):
    pages = (f"/orders/{number}/", f"/orders/{number}/?key=x", f"/checkout/return/{number}/")

    assert [admin_client.get(page).status_code for page in pages] == [404, 404, 404]
    assert admin_client.post(f"/orders/{number}/pay/").status_code == 404


def test_pages_of_orders_answer_to_a_look_at_their_head(client):
    for name in ("order-received", "order-find"):
        assert client.head(reverse(name)).status_code == 200


def test_the_buyer_says_the_code_also_after_strangers_have_guessed_too_often(client):
    order = paid(placed_order())
    part = order.vendor_orders.get()
    accept(part, actor=PersonFactory())
    bus = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")
    ship(part, bus, actor=PersonFactory())
    Shipment.objects.update(wrong_codes=10)
    said = {"number": part.number, "code": part.shipments.get().code}

    stranger = client.post(reverse("order-received"), said)
    client.get(address(order), {"key": status_key(order)})
    client.post(reverse("order-received"), said)

    assert "do not belong together" in stranger.content.decode()
    assert order.vendor_orders.get().state == "delivered"
