"""Steps of an order on its page: no, fewer, packages, arrival; each sent twice, each too late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from orders.models import Package, Shipment, VendorOrder
from orders.services import fulfilment
from tests.dashboard.given import paid_part, queries_of
from tests.support.sale import a_listing, placed_order, stock_of

pytestmark = pytest.mark.django_db

State = VendorOrder.State
COURIER = {"carrier": "courier", "tracking_number": "EE123456789BT"}


def address(part, action="detail"):
    return reverse(f"dashboard-order-{action}", args=[part.number])


def units(part, *counts):
    keys = part.lines.order_by("pk").values_list("pk", flat=True)
    return {f"units-{key}": count for key, count in zip(keys, counts, strict=True)}


def state_of(part):
    return VendorOrder.objects.get(pk=part.pk).state


@pytest.fixture
def accepted(listing, chair):
    """A paid order of five units to which the group has said yes."""
    part = paid_part(listing, 5)
    fulfilment.accept(part, actor=chair)
    Notice.objects.all().delete()
    return part


def test_saying_no_asks_why_and_changes_nothing_before(desk, listing):
    part = paid_part(listing, 2)

    shown = desk.get(address(part, "decline"))
    refused = desk.post(address(part, "decline"), {"reason": "other", "words": " "})

    assert "₹560" in shown.content.decode()
    assert "Write the reason. The buyer reads it." in refused.content.decode()
    assert (state_of(part), stock_of(listing)) == (State.NEW, (10, 2))


def test_no_is_said_once_and_the_buyer_reads_why_in_the_own_language(desk, listing):
    part = paid_part(listing, 2, language="hi")
    no = {"reason": "sold_out", "words": "The mice were faster."}

    first = desk.post(address(part, "decline"), no, follow=True)
    again = desk.post(address(part, "decline"), no, follow=True)

    assert (state_of(part), stock_of(listing)) == (State.CANCELLED, (10, 0))
    assert "Cancelled. The buyer is told" in first.content.decode()
    assert "It had been cancelled already." in again.content.decode()
    told = Notice.objects.get(kind="part_cancelled")
    assert told.context["reason"].endswith("The mice were faster.")
    assert part.events.last().actor is not None


def test_no_comes_too_late_once_goods_have_left(desk, accepted):
    desk.post(address(accepted, "ship"), COURIER)

    page = desk.post(address(accepted, "decline"), {"reason": "sold_out"}, follow=True)

    assert state_of(accepted) == State.SHIPPED
    assert "Nothing has been changed." in page.content.decode()
    assert desk.get(address(accepted, "decline")).url == address(accepted)


def test_fewer_are_sent_and_the_rest_is_owed_once(desk, listing):
    part = paid_part(listing, 5)
    fewer = {**units(part, 3), "reason": "damaged"}

    first = desk.post(address(part, "short"), fewer, follow=True)
    again = desk.post(address(part, "short"), fewer, follow=True)

    assert list(part.lines.values_list("cancelled_quantity", flat=True)) == [2]
    assert stock_of(listing) == (10, 3)
    assert "the money for what is missing goes back" in first.content.decode()
    assert "Nothing more is missing than you had said." in again.content.decode()
    assert Notice.objects.filter(kind="part_short").count() == 1
    assert "2 not supplied" in desk.get(address(part)).content.decode()


def test_with_none_of_anything_the_order_is_cancelled(desk, listing):
    part = paid_part(listing, 5)

    desk.post(address(part, "short"), {**units(part, 0), "reason": "sold_out"})

    assert (state_of(part), stock_of(listing)) == (State.CANCELLED, (10, 0))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ("6", "There are 5 at most."),
        ("-1", "There cannot be fewer than none."),
        ("two", "in figures"),
        ("", "0 if none"),
    ],
)
def test_a_number_that_cannot_be_is_named_and_stays(desk, listing, count, words):
    part = paid_part(listing, 5)
    (name,) = units(part, 0)

    page = desk.post(address(part, "short"), {name: count, "reason": "damaged", "words": "wet"})

    text = page.content.decode()
    assert words in text
    assert f'href="#id_{name}"' in text
    assert f'value="{count}"' in text or not count
    assert "wet" in text
    assert (state_of(part), stock_of(listing)) == (State.NEW, (10, 5))


def test_all_goes_into_one_package_with_one_press(desk, accepted):
    packed = {**units(accepted, 5), "seen": 0}

    first = desk.post(address(accepted, "pack"), packed, follow=True)
    again = desk.post(address(accepted, "pack"), packed, follow=True)

    assert (state_of(accepted), Package.objects.count()) == (State.PACKED, 1)
    assert "Packed." in first.content.decode()
    assert "You had packed it already." in again.content.decode()
    assert "Package 1" in again.content.decode()


def test_who_packs_beside_another_keeps_what_was_typed(desk, accepted):
    desk.post(address(accepted, "pack"), {**units(accepted, 2), "seen": 0})

    refused = desk.post(address(accepted, "pack"), {**units(accepted, 1), "seen": 0})
    text = refused.content.decode()
    packed = Package.objects.count()
    data = refused.context["pack_form"].data
    desk.post(address(accepted, "pack"), {**units(accepted, 1), "seen": data["seen"]})

    (name,) = units(accepted, 0)
    assert (refused.status_code, packed) == (200, 1)
    assert "Somebody has packed meanwhile." in text
    assert (data[name], 'value="1"' in text) == ("1", True)
    assert [line.quantity for box in Package.objects.all() for line in box.lines.all()] == [2, 1]


def test_an_old_page_does_nothing_to_a_package_that_was_packed_anew(desk, accepted):
    desk.post(address(accepted, "pack"), {**units(accepted, 5), "seen": 0})
    desk.post(address(accepted, "unpack"), {"package": 1})
    desk.post(address(accepted, "pack"), {**units(accepted, 3), "seen": 1})

    opened = desk.post(address(accepted, "unpack"), {"package": 1}, follow=True)
    sent = desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1, "packages": [1]})

    assert "was opened already. Nothing has been changed." in opened.content.decode()
    assert "This package is not there any more." in sent.content.decode()
    assert 'value="EE123456789BT"' in sent.content.decode()
    assert list(Package.objects.values_list("place", "shipment")) == [(2, None)]


def test_everything_is_not_sent_from_a_page_older_than_the_last_package(desk, accepted):
    seen = desk.get(address(accepted)).context["ship_form"]["seen"].value()
    desk.post(address(accepted, "pack"), {**units(accepted, 3), "seen": 0})

    page = desk.post(address(accepted, "ship"), {**COURIER, "seen": seen})

    text = page.content.decode()
    assert ("Somebody has packed meanwhile." in text, 'value="EE123456789BT"' in text) == (True, True)
    assert 'name="by_package"' in text
    assert (Shipment.objects.count(), state_of(accepted)) == (0, State.ACCEPTED)


def test_packages_leave_one_by_one(desk, accepted, listing):
    desk.post(address(accepted, "pack"), {**units(accepted, 2), "seen": 0})
    desk.post(address(accepted, "pack"), {**units(accepted, 3), "seen": 1})

    page = desk.get(address(accepted))
    desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1, "packages": [1]})
    half = (state_of(accepted), stock_of(listing))
    second = {"carrier": "vehicle", "vehicle_number": "BP-1-A1234", "by_package": 1, "packages": [2]}
    desk.post(address(accepted, "ship"), second)
    again = desk.post(address(accepted, "ship"), second, follow=True)

    assert page.content.decode().count('name="packages"') == 2
    assert half == (State.PACKED, (8, 3))
    assert (state_of(accepted), stock_of(listing), Shipment.objects.count()) == (State.SHIPPED, (5, 0), 2)
    assert "It had been handed over already." in again.content.decode()
    assert Shipment.objects.get(carrier="vehicle").code in again.content.decode()


@pytest.mark.parametrize(
    ("days", "words"), [(0, "left to send the rest"), (15, "The time to send the rest is over")]
)
def test_the_clock_of_the_rest_stands_on_the_order_in_the_list_and_among_what_is_to_be_done(
    desk, accepted, days, words
):
    desk.post(address(accepted, "pack"), {**units(accepted, 2), "seen": 0})
    desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1, "packages": [1]})
    Shipment.objects.update(shipped_at=timezone.now() - timedelta(days=days))

    pages = [desk.get(address(accepted)), desk.get(reverse("dashboard-order-list"))]
    home = desk.get(reverse("dashboard-home")).content.decode()

    assert all(words in page.content.decode() for page in pages)
    assert "left to send the rest" in home
    assert "left to answer" not in home


def test_a_package_must_be_chosen(desk, accepted):
    desk.post(address(accepted, "pack"), {**units(accepted, 2), "seen": 0})

    page = desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1})

    assert "Choose at least one package." in page.content.decode()
    assert not Shipment.objects.exists()


def test_a_package_that_another_member_has_sent_is_told(desk, accepted):
    desk.post(address(accepted, "pack"), {**units(accepted, 2), "seen": 0})
    desk.post(address(accepted, "pack"), {**units(accepted, 3), "seen": 1})
    desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1, "packages": [1]})

    page = desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1, "packages": [1, 2]}, follow=True)

    assert "One of these packages has left already" in page.content.decode()
    assert 'value="EE123456789BT"' in page.content.decode()
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize("place", ["1", "7", "", "x", "99999999999999999999"])
def test_opening_a_package_twice_or_none_does_no_harm(desk, accepted, place):
    desk.post(address(accepted, "pack"), {**units(accepted, 5), "seen": 0})

    for _try in range(2):
        page = desk.post(address(accepted, "unpack"), {"package": place}, follow=True)

    assert page.status_code == 200
    assert state_of(accepted) == (State.ACCEPTED if place == "1" else State.PACKED)


def test_the_group_notes_once_that_the_buyer_has_it(desk, accepted):
    early = desk.post(address(accepted, "delivered"), follow=True)
    desk.post(address(accepted, "ship"), COURIER)

    for _try in range(2):
        page = desk.post(address(accepted, "delivered"), follow=True)

    assert "Nothing has been changed." in early.content.decode()
    assert state_of(accepted) == State.DELIVERED
    assert "It had been noted already." in page.content.decode()
    assert Notice.objects.filter(kind="vendor_order_delivered").count() == 1


@pytest.mark.parametrize("action", ["decline", "short", "pack", "unpack", "delivered", "slip"])
def test_an_unpaid_order_is_not_there(desk, listing, action):
    part = placed_order((listing, 1)).vendor_orders.get()

    assert desk.get(address(part, action)).status_code in (404, 405)
    assert desk.post(address(part, action)).status_code in (404, 405)


def test_the_page_takes_as_many_queries_for_five_packages_as_for_one(desk, accepted):
    desk.post(address(accepted, "pack"), {**units(accepted, 1), "seen": 0})
    of_one = queries_of(desk, address(accepted))
    for place in range(1, 5):
        desk.post(address(accepted, "pack"), {**units(accepted, 1), "seen": place})
    desk.post(address(accepted, "ship"), {**COURIER, "by_package": 1, "packages": [1]})

    assert queries_of(desk, address(accepted)) <= of_one + 1


def test_the_list_says_what_is_to_be_done(desk, listing, chair):
    new, packed, sent = (paid_part(listing) for _order in range(3))
    for part in (packed, sent):
        fulfilment.accept(part, actor=chair)
    desk.post(address(packed, "pack"), {**units(packed, 1), "seen": 0})
    fulfilment.ship(
        sent, fulfilment.ShipmentData(carrier=Shipment.Carrier.COURIER, tracking_number="1"), actor=chair
    )

    page = desk.get(reverse("dashboard-order-list"))

    assert [row.number for row in page.context["rows"]] == [new.number, packed.number]
    counts = {tab.name: tab.count for tab in page.context["tabs"]}
    assert counts == {"": 2, "new": 1, "hand-over": 1, "way": 1, "all": 3}
    assert "left to answer" in page.content.decode()
    on_the_way = desk.get(reverse("dashboard-order-list"), {"show": "way"})
    assert [row.number for row in on_the_way.context["rows"]] == [sent.number]


def test_other_groups_goods_stand_on_no_paper(desk, listing):
    other = a_listing(title="Foreign honey")
    paid_part(other)

    text = desk.get(reverse("dashboard-orders-csv")).content.decode()

    assert "Foreign honey" not in text
