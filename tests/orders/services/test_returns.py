"""Returns: asked once, answered, decided, moved on by the clock, refunded; and what may not be."""

import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.models import Product
from marketplace.lib import queue
from marketplace.lib.photos import PictureRefused
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import (
    AnswerReasonNeeded,
    NotNeutral,
    ReturnEmpty,
    ReturnNotNow,
    ReturnUnderWay,
    ReturnWordsNeeded,
    TooManyPhotos,
    UnitsNotThere,
)
from orders.models import Return, ReturnEvent, ReturnItem, ReturnPhoto, VendorOrder
from orders.services import returns
from orders.services.returning import take_back
from tests.dashboard.given import photo
from tests.factories.people import PersonFactory
from tests.orders.returned import asked_return, delivered_part, wish
from tests.orders.services.parts_of_sales import seen, shipped_part
from tests.support.race import race
from tests.support.sale import a_listing, notice_kinds
from tests.vendors.test_uploads import HOSTILE, files, media

__all__ = ["media"]

pytestmark = pytest.mark.django_db

State = Return.State


def moves(case):
    return list(case.events.values_list("to_state", flat=True))


def after(**time):
    return timezone.now() + timedelta(**time)


def test_a_return_is_asked_once_however_often_the_form_is_sent(media):
    part, _member = delivered_part()

    first = returns.ask(part, wish(part), photos=[photo(), photo()], actor=None)
    again = returns.ask(part, wish(part), photos=[photo()], actor=None)

    assert again == first
    assert (first.state, first.due_at.date()) == (State.ASKED, after(days=5).date())
    assert list(ReturnItem.objects.values_list("quantity", flat=True)) == [2]
    assert len(files(media / "private")) == ReturnPhoto.objects.count() == 2
    assert notice_kinds() == ["group_return_asked email", "return_asked email"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"units": 4}, UnitsNotThere),
        ({"units": -1}, UnitsNotThere),
        ({"units": 0}, ReturnEmpty),
        ({"reason": Return.Reason.OTHER, "words": " "}, ReturnWordsNeeded),
    ],
)
def test_what_cannot_go_back_is_refused_and_nothing_is_kept(media, changes, error):
    part, _member = delivered_part()

    with pytest.raises(error):
        returns.ask(part, wish(part, **changes), photos=[photo()], actor=None)

    assert (Return.objects.count(), files(media), notice_kinds()) == (0, [], [])


def test_units_that_came_back_or_are_asked_for_already_cannot_be_asked_for_again():
    part, member = delivered_part()
    line = part.lines.get()
    take_back(part, {line.pk: 1}, actor=member, reason="torn")

    with pytest.raises(UnitsNotThere):
        returns.ask(part, wish(part, 3), actor=None)
    returns.ask(part, wish(part, 2), actor=None)
    with pytest.raises(ReturnUnderWay):
        returns.ask(part, wish(part, 1, key="k2"), actor=None)

    assert Return.objects.count() == 1
    case = Return.objects.create(vendor_order=part, form_key="k3", reason="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnItem.objects.create(case=case, line=line, quantity=1)


def test_a_return_is_asked_for_from_delivery_until_the_days_are_over(settings):
    on_its_way, _member = shipped_part((a_listing(), 1))
    with pytest.raises(ReturnNotNow):
        returns.ask(on_its_way, wish(on_its_way, 1), actor=None)
    part, _member = delivered_part()
    VendorOrder.objects.filter(pk=part.pk).update(delivered_at=after(days=-14, minutes=-1))

    with pytest.raises(ReturnNotNow):
        returns.ask(part, wish(part), actor=None)
    VendorOrder.objects.filter(pk=part.pk).update(delivered_at=after(days=-14, minutes=1))

    assert returns.ask(part, wish(part), actor=None).state == State.ASKED


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_photo_is_refused_by_name_with_a_reason_and_nothing_is_kept(media, content):
    part = VendorOrder(pk=0)
    hostile = SimpleUploadedFile("torn.jpg", content, "image/jpeg")

    with pytest.raises(PictureRefused, match=r"^torn.jpg: .*\.$"):
        returns.ask(
            part,
            returns.ReturnData(form_key="k", units={1: 1}, reason="damaged"),
            photos=[hostile],
            actor=None,
        )

    assert (Return.objects.count(), files(media)) == (0, [])


def test_four_photos_are_kept_and_a_fifth_is_refused(media):
    part, _member = delivered_part()
    with pytest.raises(TooManyPhotos):
        returns.ask(part, wish(part), photos=[photo()] * 5, actor=None)
    assert files(media) == []

    case = returns.ask(part, wish(part), photos=[photo() for _each in range(4)], actor=None)

    names = set(case.photos.values_list("name", flat=True))
    assert len(names) == 4
    assert all(name.startswith("returns/") and "photo" not in name for name in names)


def test_goods_sent_back_and_received_are_recorded_and_the_money_is_looked_for(
    monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: sent.append((task, keys)))
    case, member = asked_return()

    said = [returns.agree(case, goods_stay=False, actor=member) for _try in range(2)]
    said += [returns.send_back(case, how="Bhutan Post EE1", actor=None) for _try in range(2)]
    with django_capture_on_commit_callbacks(execute=True):
        said += [returns.receive(case, actor=member) for _try in range(2)]

    assert said == [True, False] * 3
    case.refresh_from_db()
    assert (moves(case), case.sent_how, case.due_at) == (
        ["agreed", "sent", "closed"],
        "Bhutan Post EE1",
        None,
    )
    assert seen(case.vendor_order) == ("delivered", [(3, 0, 2)])
    assert ("payments.refund_owed", {"order_pk": case.vendor_order.order_id}) in sent
    assert notice_kinds() == ["goods_returned email", "group_return_sent email", "return_agreed email"]


def test_the_group_may_leave_the_goods_with_the_buyer_and_the_money_goes_back_likewise():
    case, member = asked_return(units=3)

    assert returns.agree(case, goods_stay=True, actor=member)

    case.refresh_from_db()
    assert (case.state, case.goods_stay) == (State.CLOSED, True)
    assert seen(case.vendor_order) == ("returned", [(3, 0, 3)])
    assert notice_kinds() == ["goods_kept email"]


@pytest.mark.parametrize(("stay", "state"), [(True, State.CLOSED), (False, State.AGREED)])
def test_what_spoils_is_not_sent_back_where_the_settings_say_so(settings, stay, state):
    settings.RETURN_PERISHABLES_STAY = stay
    listing = a_listing()
    part, member = delivered_part((listing, 3))
    Product.objects.filter(pk=listing.pk).update(is_perishable=True)
    case = returns.ask(part, wish(part), actor=None)
    assert case.goods_stay is stay

    returns.agree(case, goods_stay=False, actor=member)

    case.refresh_from_db()
    assert case.state == state


def test_a_no_needs_a_reason_and_the_buyer_who_objects_brings_it_to_the_office():
    case, member = asked_return()
    with pytest.raises(AnswerReasonNeeded):
        returns.refuse(case, reason=" ", actor=member)
    assert returns.refuse(case, reason="Worn already", actor=member)
    with pytest.raises(IllegalTransition):
        returns.agree(case, goods_stay=True, actor=member)
    with pytest.raises(ReturnWordsNeeded):
        returns.object_to(case, words="", actor=None)

    said = [returns.object_to(case, words="It is not", actor=None) for _try in range(2)]

    assert said == [True, False]
    assert list(case.events.values_list("to_state", "reason")) == [
        ("refused", "Worn already"),
        ("disputed", "It is not"),
    ]
    assert "return_refused email" in notice_kinds()
    assert Notice.objects.get(kind="return_refused").context["reason"] == "Worn already"
    assert seen(case.vendor_order) == ("delivered", [(3, 0, 0)])


@pytest.mark.parametrize(
    ("decide", "state", "returned"),
    [
        (lambda case, actor, why: returns.decide_for_group(case, actor=actor, reason=why), "declined", 0),
        (
            lambda case, actor, why: returns.decide_for_buyer(case, goods_stay=True, actor=actor, reason=why),
            "closed",
            2,
        ),
        (
            lambda case, actor, why: returns.decide_for_buyer(
                case, goods_stay=False, actor=actor, reason=why
            ),
            "agreed",
            0,
        ),
    ],
)
def test_the_office_decides_with_a_reason_and_never_about_its_own_group(decide, state, returned):
    case, member = asked_return()
    officer = PersonFactory(moderator=True)
    with pytest.raises(IllegalTransition):
        decide(case, officer, "seen")
    returns.move_overdue(after(days=6))
    with pytest.raises(AnswerReasonNeeded):
        decide(case, officer, "")
    with pytest.raises(NotNeutral):
        decide(case, member, "mine")

    said = [decide(case, officer, "The photos show it") for _try in range(2)]

    case.refresh_from_db()
    assert (said, case.state) == ([True, False], state)
    assert seen(case.vendor_order)[1] == [(3, 0, returned)]
    assert "group_return_decided email" in notice_kinds()


def test_the_clock_brings_silence_of_the_group_to_the_office_and_ends_silence_of_the_buyer():
    silent, _member = asked_return()
    unsent, member = asked_return()
    returns.agree(unsent, goods_stay=False, actor=member)
    unreceived, member = asked_return()
    returns.agree(unreceived, goods_stay=False, actor=member)
    returns.send_back(unreceived, how="", actor=None)
    unopposed, member = asked_return()
    returns.refuse(unopposed, reason="No", actor=member)
    cases = (silent, unsent, unreceived, unopposed)

    assert returns.move_overdue(after(days=5, minutes=-1)) == 0
    done = [returns.move_overdue(after(days=days)) for days in (5, 5, 7, 14, 30)]

    assert done == [1, 0, 1, 2, 0]
    assert [Return.objects.get(pk=case.pk).state for case in cases] == [
        "disputed",
        "withdrawn",
        "disputed",
        "declined",
    ]
    assert all(ReturnEvent.objects.filter(case=case, actor=None).exists() for case in cases)


def test_what_was_withdrawn_may_be_asked_for_again():
    case, _member = asked_return()
    assert [returns.withdraw(case, actor=None) for _try in range(2)] == [True, False]

    again = returns.ask(case.vendor_order, wish(case.vendor_order, key="k2"), actor=None)

    assert again != case


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_many_at_once_asks_once_and_refuses_nobody(is_guarded, monkeypatch):
    part, _member = delivered_part()
    if not is_guarded:
        monkeypatch.setattr(returns, "lock_part", both_read_first(read_part, readers=6))

    outcomes = race(lambda: returns.ask(part, wish(part), actor=None), contenders=6)

    # Without the lock the constraint still keeps the promise, but five people are shown an error.
    assert outcomes.count(None) == (6 if is_guarded else 1)
    assert Return.objects.count() == ReturnItem.objects.count() == 1


def read_part(part):
    """The vendor order as read, without waiting for anybody."""
    return VendorOrder.objects.select_related("order__user", "vendor").get(pk=part.pk)


def unlocked(case):
    """The return as read, without waiting for anybody."""
    return Return.objects.select_related("vendor_order__order", "vendor_order__vendor").get(pk=case.pk)


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_an_answer_beside_the_clock_leaves_one_of_them(is_guarded, monkeypatch):
    case, member = asked_return()
    if not is_guarded:
        monkeypatch.setattr(returns, "_lock", both_read_first(unlocked))
    calls = [
        lambda: returns.refuse(case, reason="No", actor=member),
        lambda: returns.move_overdue(after(days=6)),
    ]
    waiting = iter(calls)

    race(lambda: next(waiting)(), contenders=2)

    # Without the lock both find it asked for, and the history says two things at once.
    assert len(moves(case)) == (1 if is_guarded else 2)


def both_read_first(read, readers=2):
    """Reading that returns once all contenders have read."""
    barrier = threading.Barrier(readers)

    def waited(case):
        found = read(case)
        barrier.wait(timeout=30)
        return found

    return waited
