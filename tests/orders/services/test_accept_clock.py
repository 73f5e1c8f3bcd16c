"""The accept clock: reminded at 48 hours, given up at 96, the other parts go on; each once, whoever comes first."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.lib import queue
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.models import VendorOrder
from orders.services.accept_clock import keep_accept_clock
from orders.services.fulfilment import accept
from orders.services.releasing import lock_order, release
from tests.factories.vendors import MembershipFactory
from tests.orders.services.parts_of_sales import released_part, seen
from tests.support.race import pausing, race
from tests.support.sale import a_listing, notice_kinds, placed_order, stock_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """Tasks that were queued, once `django_capture_on_commit_callbacks` has run."""
    found = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: found.append((task, keys)))
    return found


def after(part, **time):
    """A moment so long after the part was handed to its group."""
    return VendorOrder.objects.get(pk=part.pk).released_at + timedelta(**time)


def test_nothing_happens_before_the_reminder_is_due():
    listing = a_listing()
    part, _member = released_part((listing, 2))

    done = keep_accept_clock(after(part, hours=47, minutes=59))

    assert done == (0, 0)
    assert (seen(part), stock_of(listing), notice_kinds()) == (("new", [(2, 0, 0)]), (10, 2), [])


def test_the_group_is_reminded_once_with_its_deadline():
    part, member = released_part((a_listing(), 2))

    done = [keep_accept_clock(after(part, hours=48, minutes=place)) for place in range(3)]

    assert done == [(1, 0), (0, 0), (0, 0)]
    notices = Notice.objects.filter(kind="accept_reminder")
    assert {notice.address for notice in notices} >= {member.email}
    until = timezone.localtime(after(part, hours=96), timezone.get_fixed_timezone(360))
    assert notices[0].context["until"] == f"{until:%Y-%m-%d %H:%M}"
    assert seen(part) == ("new", [(2, 0, 0)])


def test_what_nobody_answered_is_given_up_once_and_its_money_is_owed(
    sent, django_capture_on_commit_callbacks
):
    listing = a_listing()
    part, _member = released_part((listing, 2))

    with django_capture_on_commit_callbacks(execute=True):
        done = [keep_accept_clock(after(part, hours=96, minutes=place)) for place in range(2)]

    assert done == [(0, 1), (0, 0)]
    assert (seen(part), stock_of(listing)) == (("cancelled", [(2, 2, 0)]), (10, 0))
    event = part.events.last()
    assert (event.actor, event.reason) == (None, "not accepted in time")
    assert set(notice_kinds()) == {"part_not_accepted email", "sale_not_accepted email"}
    assert ("payments.refund_owed", {"order_pk": part.order_id}) in sent


def test_the_other_parts_of_the_order_go_on():
    silent, awake = a_listing(), a_listing()
    order = placed_order((silent, 1), (awake, 1))
    with transaction.atomic():
        release(lock_order(order.pk))
    late, answered = order.vendor_orders.order_by("pk")
    accept(answered, actor=MembershipFactory(vendor=awake.vendor).user)

    keep_accept_clock(after(late, hours=96))

    assert (seen(late)[0], seen(answered)[0]) == ("cancelled", "accepted")
    assert (stock_of(silent), stock_of(awake)) == ((10, 0), (10, 1))


@pytest.mark.parametrize("hours", [48, 96, 1000])
def test_what_was_answered_is_left_alone(hours):
    part, member = released_part((a_listing(), 1))
    accept(part, actor=member)
    Notice.objects.all().delete()

    assert keep_accept_clock(after(part, hours=hours)) == (0, 0)
    assert (seen(part)[0], notice_kinds()) == ("accepted", [])


def test_times_stand_in_the_settings(settings):
    settings.ACCEPT_REMINDER_HOURS, settings.ACCEPT_WITHIN_HOURS = 1, 2
    part, _member = released_part((a_listing(), 1))

    done = [keep_accept_clock(after(part, minutes=minutes)) for minutes in (59, 60, 119, 120)]

    assert done == [(0, 0), (1, 0), (0, 0), (0, 1)]


@pausing
def lost_lock(vendor_order):
    """The part as it was read, without any lock on it, when everybody has read it."""
    return VendorOrder.objects.select_related("order__user", "vendor").get(pk=vendor_order.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_a_yes_beside_the_clock_has_one_result(is_guarded, monkeypatch):
    """Whoever comes first counts. The control shows that without the lock a part is both accepted and given up."""
    listing = a_listing()
    part, member = released_part((listing, 1))
    late = after(part, hours=96)
    if not is_guarded:
        monkeypatch.setattr("orders.services.fulfilment.lock_part", lost_lock)
        monkeypatch.setattr("orders.services.cancelling.lock_part", lost_lock)
    calls = [lambda: accept(part, actor=member)] * 3 + [lambda: keep_accept_clock(late)] * 3

    outcomes = race(lambda: calls.pop()(), contenders=6)

    moves = [event.to_state for event in part.events.order_by("pk")][2:]
    if is_guarded:
        refused = [type(each) for each in outcomes if each]
        state, units = seen(part)
        assert moves == [state]
        assert refused == ([IllegalTransition] * 3 if state == "cancelled" else [])
        assert units == [(1, 1 if state == "cancelled" else 0, 0)]
        assert stock_of(listing) == (10, 0 if state == "cancelled" else 1)
    else:
        assert {"accepted", "cancelled"} <= set(moves)
