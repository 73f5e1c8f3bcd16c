"""Orders of a group: lists, accepting, handing over, and what is refused."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from orders.models import Shipment, VendorOrder, VendorOrderEvent
from tests.dashboard.given import member_of, paid_part, paid_parts, queries_of
from tests.support.sale import a_listing, placed_order, stock_of
from vendors.models import Membership

pytestmark = pytest.mark.django_db

State = VendorOrder.State
COURIER = {"carrier": "courier", "courier_name": "Bhutan Post", "tracking_number": "EE123456789BT"}
VEHICLE = {
    "carrier": "vehicle",
    "vehicle_number": "BP-1-A1234",
    "driver_name": "Karma",
    "driver_phone": "17 65 43 21",
}


def address(part, action="detail"):
    return reverse(f"dashboard-order-{action}", args=[part.number])


def events_of(part):
    rows = VendorOrderEvent.objects.filter(vendor_order=part).order_by("pk")
    return [(row.to_state, row.actor_id) for row in rows if row.to_state != State.AWAITING_PAYMENT]


def shipped_notices():
    return Notice.objects.filter(kind="vendor_order_shipped").count()


def test_list_shows_paid_orders_of_the_group_only(desk, listing):
    mine = paid_part(listing, 2)
    foreign = paid_part(a_listing())
    unpaid = placed_order((listing, 1)).vendor_orders.get()

    page = desk.get(reverse("dashboard-order-list"))

    assert page.status_code == 200
    assert [row.number for row in page.context["rows"]] == [mine.number]
    assert foreign.number not in page.content.decode()
    assert unpaid.number not in page.content.decode()


def test_list_is_narrowed_by_state(desk, listing):
    new, accepted = paid_part(listing), paid_part(listing)
    desk.post(address(accepted, "accept"))

    page = desk.get(reverse("dashboard-order-list"), {"show": "pack"})

    assert [row.number for row in page.context["rows"]] == [accepted.number]
    counts = {tab.name: tab.count for tab in page.context["tabs"]}
    assert counts == {"": 2, "new": 1, "pack": 1, "all": 2}
    assert new.number not in page.content.decode()


def test_page_shows_goods_delivery_and_buyer_of_the_own_part_only(desk, listing):
    other = a_listing(title="Foreign honey")
    mine, theirs = paid_parts((listing, 2), (other, 1), phone="+97517123456")

    page = desk.get(address(mine))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Red rice" in text
    assert "Foreign honey" not in text
    assert theirs.number not in text
    for words in ("Dema", "Norzin Lam 12", "Thimphu", "+97517123456", mine.delivery_name):
        assert words in text
    assert [(line.title, line.quantity) for line in page.context["page"].lines] == [("Red rice", 2)]
    assert page["Cache-Control"].count("no-store") == 1


def test_unpaid_order_is_not_there(desk, listing):
    part = placed_order((listing, 1)).vendor_orders.get()

    statuses = [
        desk.get(address(part)).status_code,
        desk.post(address(part, "accept")).status_code,
        desk.post(address(part, "ship"), COURIER).status_code,
    ]

    part.refresh_from_db()
    assert statuses == [404, 404, 404]
    assert part.state == State.AWAITING_PAYMENT


@pytest.mark.parametrize("role", Membership.Role.values)
def test_every_role_accepts_and_hands_over(client, listing, role):
    part = paid_part(listing, 2)
    member = member_of(listing.vendor, role)
    client.force_login(member)

    accepted = client.post(address(part, "accept"))
    shipped = client.post(address(part, "ship"), COURIER)

    part.refresh_from_db()
    assert (accepted.status_code, accepted.url) == (302, address(part))
    assert (shipped.status_code, shipped.url) == (302, address(part))
    assert part.state == State.SHIPPED
    assert events_of(part) == [
        (State.NEW, None),
        (State.ACCEPTED, member.pk),
        (State.SHIPPED, member.pk),
    ]
    assert stock_of(listing) == (8, 0)


def test_accepting_twice_is_accepting_once(desk, chair, listing):
    part = paid_part(listing)

    first = desk.post(address(part, "accept"), follow=True)
    second = desk.post(address(part, "accept"), follow=True)

    part.refresh_from_db()
    assert part.state == State.ACCEPTED
    assert events_of(part) == [(State.NEW, None), (State.ACCEPTED, chair.pk)]
    assert "Accepted. Pack it now" in first.content.decode()
    assert "You had accepted it already." in second.content.decode()


def test_handing_over_twice_sends_one_shipment_and_one_notice(desk, listing):
    part = paid_part(listing, 3)
    desk.post(address(part, "accept"))

    first = desk.post(address(part, "ship"), VEHICLE, follow=True)
    second = desk.post(address(part, "ship"), COURIER, follow=True)

    shipment = Shipment.objects.get(vendor_order=part)
    assert (shipment.carrier, shipment.vehicle_number, shipment.driver_name, shipment.driver_phone) == (
        "vehicle",
        "BP-1-A1234",
        "Karma",
        "+97517654321",
    )
    assert shipped_notices() == 1
    assert stock_of(listing) == (7, 0)
    assert "The buyer is told." in first.content.decode()
    assert "It had been handed over already." in second.content.decode()


def test_handing_over_before_accepting_is_refused_with_words(desk, listing):
    part = paid_part(listing, 2)

    page = desk.post(address(part, "ship"), COURIER, follow=True)

    part.refresh_from_db()
    assert part.state == State.NEW
    assert "Accept the order first" in page.content.decode()
    assert not Shipment.objects.exists()
    assert shipped_notices() == 0
    assert stock_of(listing) == (10, 2)


def test_cancelled_order_is_not_accepted(desk, listing):
    part = paid_part(listing)
    VendorOrder.objects.filter(pk=part.pk).update(state=State.CANCELLED)

    page = desk.post(address(part, "accept"), follow=True)

    part.refresh_from_db()
    assert part.state == State.CANCELLED
    assert "The order is cancelled by now" in page.content.decode()
    assert events_of(part) == [(State.NEW, None)]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        (
            {"carrier": "courier", "courier_name": "Bhutan Post"},
            "tracking_number",
            "Write the number that stands",
        ),
        ({"carrier": "courier", "tracking_number": "   "}, "tracking_number", "Write the number that stands"),
        (
            {"carrier": "vehicle", "driver_name": "Karma"},
            "vehicle_number",
            "Write the number of the bus or taxi.",
        ),
        ({**VEHICLE, "driver_phone": "ask at the shop"}, "driver_phone", "This is no phone number."),
        ({**COURIER, "tracking_number": "x" * 61}, "tracking_number", "at most 60 characters"),
        ({"carrier": "pigeon", "tracking_number": "1"}, "carrier", "Select a valid choice."),
        ({}, "carrier", "Choose how the goods go."),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(desk, listing, typed, field, words):
    part = paid_part(listing)
    desk.post(address(part, "accept"))

    page = desk.post(address(part, "ship"), typed)

    part.refresh_from_db()
    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert f'href="#id_{field}"' in text
    for value in typed.values():
        assert value.strip() in text
    assert part.state == State.ACCEPTED
    assert not Shipment.objects.exists()
    assert shipped_notices() == 0
    assert stock_of(listing) == (10, 1)


def test_fields_of_the_other_way_are_left_out(desk, listing):
    part = paid_part(listing)
    desk.post(address(part, "accept"))

    nonsense = {"driver_phone": "no number at all", "vehicle_number": "x" * 31}
    desk.post(address(part, "ship"), {**VEHICLE, **COURIER, **nonsense})

    shipment = Shipment.objects.get(vendor_order=part)
    assert (shipment.tracking_number, shipment.vehicle_number, shipment.driver_phone) == (
        "EE123456789BT",
        "",
        "",
    )


def test_address_of_the_form_leads_back_to_the_order(desk, listing):
    part = paid_part(listing)

    answer = desk.get(address(part, "ship"))

    assert (answer.status_code, answer.url) == (302, address(part))


@pytest.mark.parametrize(("days", "is_shown"), [(13, True), (15, False)], ids=["still needed", "past"])
def test_buyer_is_hidden_fourteen_days_after_delivery(desk, listing, days, is_shown):
    part = paid_part(listing, phone="+97517123456")
    delivered_at = timezone.now() - timedelta(days=days)
    VendorOrder.objects.filter(pk=part.pk).update(state=State.DELIVERED, delivered_at=delivered_at)

    text = desk.get(address(part)).content.decode()

    assert ("Norzin Lam 12" in text) is is_shown
    assert ("+97517123456" in text) is is_shown


@pytest.mark.parametrize("show", ["", "new"])
def test_list_takes_as_many_queries_for_twenty_orders_as_for_one(desk, listing, show):
    paid_part(listing)
    list_page = f"{reverse('dashboard-order-list')}?show={show}"
    of_one = queries_of(desk, list_page)
    for _ in range(19):
        paid_part(a_listing(vendor=listing.vendor), 2)

    of_twenty = queries_of(desk, list_page)

    assert len(desk.get(list_page).context["rows"]) == 20
    assert of_one == of_twenty <= 9


@pytest.mark.django_db(transaction=True)
def test_order_that_somebody_else_holds_is_answered_with_busy(client):
    listing = a_listing()
    client.force_login(member_of(listing.vendor))
    part = paid_part(listing)
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            VendorOrder.objects.select_for_update().get(pk=part.pk)
            is_held.set()
            may_go.wait(timeout=30)
        connections.close_all()

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert is_held.wait(timeout=30)
    page = client.post(address(part, "accept"))
    may_go.set()
    holder.join(timeout=30)

    part.refresh_from_db()
    assert page.status_code == 503
    assert "Nothing has been changed." in page.content.decode()
    assert part.state == State.NEW
    assert client.post(address(part, "accept")).status_code == 302


def test_a_page_that_offered_packages_sends_nothing_when_they_were_opened_meanwhile(desk, listing):
    part = paid_part(listing, 2)
    desk.post(address(part, "accept"))

    page = desk.post(address(part, "ship"), {**COURIER, "by_package": "1"})

    part.refresh_from_db()
    assert page.status_code == 200
    assert "Choose at least one package." in page.content.decode()
    assert (part.state, part.shipments.count(), shipped_notices()) == (State.ACCEPTED, 0, 0)
