"""The clock of goods in pieces: reminded at 7 days, the rest given up at 14, counted from the last shipment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from marketplace.lib import queue
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import PackageGone
from orders.models import Shipment, VendorOrder
from orders.services.cancelling import supply_short
from orders.services.fulfilment import ShipmentData, accept, ship
from orders.services.packing import pack
from orders.services.receiving import receive_by_code
from orders.services.rest_clock import keep_rest_clock
from tests.orders.services.parts_of_sales import COURIER, released_part, seen
from tests.support.race import pausing, race
from tests.support.sale import a_listing, notice_kinds, stock_of

pytestmark = pytest.mark.django_db

BUS = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234", driver_name="Karma")


def part_in_pieces(listing, *, is_paid=True):
    """Five units of which two have left and one lies packed; the member; the key of the line. Nobody was told."""
    part, member = released_part((listing, 5), is_paid=is_paid)
    accept(part, actor=member)
    key = part.lines.get().pk
    pack(part, {key: 2}, seen=0, actor=member)
    ship(part, BUS, actor=member, packages=[1])
    pack(part, {key: 1}, seen=1, actor=member)
    Notice.objects.all().delete()
    return part, member, key


def after_last(part, **time):
    """A moment so long after the last shipment."""
    return part.shipments.last().shipped_at + timedelta(**time)


def test_nothing_happens_before_the_reminder_is_due():
    listing = a_listing()
    part, _member, _key = part_in_pieces(listing)

    done = keep_rest_clock(after_last(part, days=6, hours=23))

    assert done == (0, 0)
    assert (seen(part), stock_of(listing), notice_kinds()) == (("accepted", [(5, 0, 0)]), (8, 3), [])


def test_the_group_is_reminded_once_with_goods_and_deadline():
    part, _member, _key = part_in_pieces(a_listing())

    done = [keep_rest_clock(after_last(part, days=7, minutes=place)) for place in range(3)]

    assert done == [(1, 0), (0, 0), (0, 0)]
    notice = Notice.objects.filter(kind="rest_reminder").first()
    until = timezone.localtime(after_last(part, days=14), timezone.get_fixed_timezone(360))
    assert notice.context["until"] == f"{until:%Y-%m-%d %H:%M}"
    assert notice.context["goods"].split(" x ")[0] == "3"
    assert set(notice_kinds()) == {"rest_reminder email"}


def test_the_rest_is_given_up_once_and_only_the_rest(monkeypatch, django_capture_on_commit_callbacks):
    listing = a_listing()
    part, _member, _key = part_in_pieces(listing)
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append((task, keys)))

    with django_capture_on_commit_callbacks(execute=True):
        done = [keep_rest_clock(after_last(part, days=14, minutes=place)) for place in range(2)]

    assert done == [(0, 1), (0, 0)]
    assert (seen(part), stock_of(listing)) == (("shipped", [(5, 3, 0)]), (8, 0))
    assert list(part.packages.values_list("place", flat=True)) == [1]
    event = part.events.last()
    assert (event.to_state, event.actor, event.reason) == ("shipped", None, "the rest was not sent in time")
    assert set(notice_kinds()) == {"part_short email", "rest_given_up email"}
    told = Notice.objects.get(kind="part_short").context
    assert (told["goods"].split(" x ")[0], told["reason"]) == ("3", "It was not sent in time.")
    assert sent.count(("payments.refund_owed", {"order_pk": part.order_id})) == 1


def test_what_was_received_already_is_delivered_with_the_end_of_the_rest():
    part, _member, _key = part_in_pieces(a_listing())
    receive_by_code(part.number, part.shipments.get().code)

    keep_rest_clock(after_last(part, days=14))

    part.refresh_from_db()
    assert (part.state, part.delivered_at is not None, part.payable_from is not None) == (
        "delivered",
        True,
        True,
    )


def test_at_the_door_the_rest_is_not_owed_and_the_cash_is_awaited():
    part, _member, _key = part_in_pieces(a_listing(), is_paid=False)

    done = keep_rest_clock(after_last(part, days=14))

    assert (done, seen(part)) == ((0, 1), ("shipped", [(5, 3, 0)]))


def test_another_shipment_gives_the_rest_new_time_and_a_reminder_of_its_own():
    part, member, _key = part_in_pieces(a_listing())
    first = after_last(part, days=7)
    keep_rest_clock(first)
    ship(part, COURIER, actor=member, packages=[2])
    Shipment.objects.filter(carrier="courier").update(shipped_at=first)
    Notice.objects.all().delete()

    done = [keep_rest_clock(first + timedelta(days=days)) for days in (6, 7, 8, 14)]

    assert done == [(0, 0), (1, 0), (0, 0), (0, 1)]
    assert seen(part) == ("shipped", [(5, 2, 0)])
    assert "rest_reminder email" in notice_kinds()


@pytest.mark.parametrize("days", [7, 14, 1000])
def test_what_has_left_or_was_said_to_be_missing_is_left_alone(days):
    gone, member, _key = part_in_pieces(a_listing())
    ship(gone, COURIER, actor=member)
    short, member, key = part_in_pieces(a_listing())
    supply_short(short, {key: 3}, actor=member, reason="broken")
    whole, member = released_part((a_listing(), 2))
    accept(whole, actor=member)
    Notice.objects.all().delete()

    assert keep_rest_clock(timezone.now() + timedelta(days=days)) == (0, 0)
    assert [seen(part)[0] for part in (gone, short, whole)] == ["shipped", "shipped", "accepted"]
    assert notice_kinds() == []


def test_times_stand_in_the_settings(settings):
    settings.REST_REMINDER_DAYS, settings.REST_WITHIN_DAYS = 1, 2
    part, _member, _key = part_in_pieces(a_listing())

    done = [keep_rest_clock(after_last(part, hours=hours)) for hours in (23, 24, 47, 48)]

    assert done == [(0, 0), (1, 0), (0, 0), (0, 1)]


@pausing
def lost_lock(vendor_order):
    """The part as it was read, without any lock on it, when everybody has read it."""
    return VendorOrder.objects.select_related("order__user", "vendor").get(pk=vendor_order.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_a_shipment_beside_the_clock_has_one_result(is_guarded, monkeypatch):
    """Whoever comes first counts. The control shows that without the lock only constraints keep units from both."""
    listing = a_listing()
    part, member, _key = part_in_pieces(listing)
    late = after_last(part, days=14)
    if not is_guarded:
        monkeypatch.setattr("orders.services.fulfilment.lock_part", lost_lock)
        monkeypatch.setattr("orders.services.cancelling.lock_part", lost_lock)
    calls = [lambda: ship(part, COURIER, actor=member)] * 2 + [lambda: keep_rest_clock(late)] * 3

    outcomes = race(lambda: calls.pop()(), contenders=5)

    line = part.lines.get()
    gone, given_up = line.shipped_quantity, line.cancelled_quantity
    if is_guarded:
        assert (gone, given_up) in ((5, 0), (2, 3))
        assert {type(each) for each in outcomes if each} <= {IllegalTransition, PackageGone}
        assert (seen(part)[0], stock_of(listing)) == ("shipped", (10 - gone, 0))
    else:
        # All have counted three units to go: whoever writes second is stopped by the table alone.
        assert IntegrityError in {type(each) for each in outcomes}
