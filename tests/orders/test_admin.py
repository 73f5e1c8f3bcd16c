"""Orders in the admin: found by number, read by those who may, changed by nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order, OrderEvent, Shipment, VendorOrder
from orders.services import fulfilment, releasing
from orders.services.fulfilment import ShipmentData
from tests.factories.people import PersonFactory
from tests.support.sale import GUEST_EMAIL, a_listing, placed_order

pytestmark = pytest.mark.django_db

ORDERS = reverse("admin:order_order_changelist")
PARTS = reverse("admin:order_vendororder_changelist")


@pytest.fixture(params=["finance", "officer", "superuser"])
def staff(request, client):
    """A browser in which somebody has signed in who may read orders."""
    client.force_login(PersonFactory(**{request.param: True}))
    return client


@pytest.fixture
def finance(client):
    """A browser in which a finance officer has signed in."""
    client.force_login(PersonFactory(finance=True))
    return client


def page_of(row):
    return reverse(f"admin:order_{row._meta.model_name}_change", args=[row.pk])


def shipped_part(order):
    order.refresh_from_db()
    releasing.release(order)
    part = order.vendor_orders.get()
    actor = PersonFactory()
    fulfilment.accept(part, actor=actor)
    sent = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234", driver_name="Karma")
    fulfilment.ship(part, sent, actor=actor)
    return part


@pytest.mark.parametrize("typed", ["{number}", "{small}", "{plain}", "{number}-1", "{start}"])
def test_order_is_found_by_its_number_however_typed(finance, typed):
    order, other = placed_order(), placed_order()
    words = typed.format(
        number=order.number,
        small=f" {order.number.lower()} ",
        plain=order.number.replace("-", " "),
        start=order.number[:7].lower(),
    )

    text = finance.get(ORDERS, {"q": words}).content.decode()

    assert order.number in text
    assert other.number not in text


def test_a_whole_order_is_not_for_who_works_in_some_places_only(client):
    order = placed_order()
    client.force_login(PersonFactory(officer=True))

    statuses = [client.get(page).status_code for page in (page_of(order), ORDERS)]

    assert statuses == [403, 403]


def test_page_shows_parts_lines_moves_and_buyer(finance):
    staff = finance
    order = placed_order((a_listing(title="Red rice"), 2), phone="+97517123456")
    part = shipped_part(order)

    text = staff.get(page_of(order)).content.decode()

    for words in (
        order.number,
        part.number,
        part.vendor.name,
        "Red rice",
        GUEST_EMAIL,
        "Norzin Lam 12",
        "560.00",
    ):
        assert words in text
    assert "awaiting_payment" in text


def test_page_of_a_part_shows_shipment_and_moves(staff):
    part = shipped_part(placed_order())

    text = staff.get(page_of(part)).content.decode()

    for words in (part.number, part.order.number, "BP-1-A1234", "Karma", "accepted", "shipped"):
        assert words in text


def test_lists_name_no_buyer(finance):
    order = placed_order(phone="+97517123456")

    text = finance.get(ORDERS).content.decode() + finance.get(PARTS).content.decode()

    assert order.number in text
    for contact in (GUEST_EMAIL, "Dema", "Norzin Lam", "17123456"):
        assert contact not in text


def test_nobody_adds_changes_or_deletes(staff):
    order = placed_order()
    part = order.vendor_orders.get()
    moves = OrderEvent.objects.count()

    statuses = [
        staff.post(page_of(row), {"status": "paid", "state": "new", "number": "mine"}).status_code
        for row in (order, part)
    ]
    statuses += [
        staff.post(f"{page_of(row)[:-7]}delete/", {"post": "yes"}).status_code for row in (order, part)
    ]
    statuses += [staff.get(f"{address}add/").status_code for address in (ORDERS, PARTS)]
    staff.post(ORDERS, {"action": "delete_selected", "_selected_action": order.pk, "post": "yes"})

    order.refresh_from_db()
    part.refresh_from_db()
    assert statuses == [403] * 6
    assert (order.status, part.state) == (Order.Status.AWAITING_PAYMENT, VendorOrder.State.AWAITING_PAYMENT)
    assert OrderEvent.objects.count() == moves


@pytest.mark.parametrize("trait", ["moderator", "staff"])
def test_staff_without_the_right_see_no_order(client, trait):
    order = placed_order()
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {client.get(address).status_code for address in (ORDERS, PARTS, page_of(order))}

    assert statuses == {403}


def test_shopper_is_led_to_the_sign_in_of_the_admin(client):
    client.force_login(PersonFactory())

    answer = client.get(ORDERS)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("address", [ORDERS, PARTS])
def test_lists_take_as_many_queries_for_twenty_as_for_one(finance, address):
    placed_order()
    of_one = queries_of(finance, address)
    for _ in range(19):
        placed_order((a_listing(), 1), (a_listing(), 1))

    assert queries_of(finance, address) == of_one


def test_page_takes_as_many_queries_for_many_lines_as_for_one(finance):
    small, large = placed_order(), placed_order(*((a_listing(), 1) for _ in range(8)))

    assert queries_of(finance, page_of(large)) == queries_of(finance, page_of(small))


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
