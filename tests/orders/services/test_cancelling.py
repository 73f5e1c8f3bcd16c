"""Goods that cannot be supplied: stock goes back once, the buyer hears of it once, and the money is looked for."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.lib import queue
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.errors import ReasonNeeded, UnitsNotThere
from orders.models import Line, VendorOrder
from orders.services.cancelling import cancel, supply_short
from orders.services.fulfilment import accept, ship
from tests.factories.vendors import VendorFactory
from tests.orders.services.parts_of_sales import COURIER, released_part, seen, shipped_part
from tests.support.race import race
from tests.support.sale import a_listing, notice_kinds, placed_order, stock_of

pytestmark = pytest.mark.django_db

WHY = "Two stoles were torn"


@pytest.fixture
def sent(monkeypatch, django_capture_on_commit_callbacks):
    """Tasks that were queued, once `django_capture_on_commit_callbacks` has run."""
    found = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: found.append((task, keys)))
    return found


def two_lines():
    vendor = VendorFactory()
    return a_listing(vendor=vendor), a_listing(vendor=vendor, price="80.00")


def test_missing_units_are_noted_their_stock_is_free_and_the_buyer_hears_of_it(
    sent, django_capture_on_commit_callbacks
):
    stole, honey = two_lines()
    part, member = released_part((stole, 3), (honey, 1))
    line = part.lines.get(product=stole)

    with django_capture_on_commit_callbacks(execute=True):
        said = supply_short(part, {line.pk: 2}, actor=member, reason=f" {WHY} ")

    assert said is True
    assert seen(part) == ("new", [(3, 2, 0), (1, 0, 0)])
    assert (stock_of(stole), stock_of(honey)) == ((10, 1), (10, 1))
    notice = Notice.objects.get()
    assert (notice.kind, notice.context["reason"]) == ("part_short", WHY)
    assert notice.context["goods"].startswith(f"2 x {line.title}")
    assert ("payments.refund_owed", {"order_pk": part.order_id}) in sent


def test_said_twice_it_is_said_once():
    stole, honey = two_lines()
    part, member = released_part((stole, 3), (honey, 1))
    line = part.lines.get(product=stole)
    supply_short(part, {line.pk: 2}, actor=member, reason=WHY)

    again = [supply_short(part, {line.pk: units}, actor=member, reason=WHY) for units in (2, 1, 0)]

    assert again == [False, False, False]
    assert (seen(part)[1], stock_of(stole)) == ([(3, 2, 0), (1, 0, 0)], (10, 1))
    assert notice_kinds() == ["part_short email"]


def test_a_second_shortage_counts_what_was_said_before():
    stole, honey = two_lines()
    part, member = released_part((stole, 3), (honey, 1))
    line = part.lines.get(product=stole)
    supply_short(part, {line.pk: 1}, actor=member, reason=WHY)

    supply_short(part, {line.pk: 2}, actor=member, reason=WHY)

    assert (seen(part)[1], stock_of(stole)) == ([(3, 2, 0), (1, 0, 0)], (10, 1))
    assert notice_kinds() == ["part_short email"] * 2


def test_when_everything_is_missing_the_vendor_order_is_cancelled():
    stole, honey = two_lines()
    part, member = released_part((stole, 3), (honey, 1))
    supply_short(part, {part.lines.get(product=stole).pk: 1}, actor=member, reason=WHY)
    before = timezone.now()

    supply_short(part, {line.pk: line.quantity for line in part.lines.all()}, actor=member, reason=WHY)

    assert seen(part) == ("cancelled", [(3, 3, 0), (1, 1, 0)])
    assert (stock_of(stole), stock_of(honey)) == ((10, 0), (10, 0))
    assert notice_kinds() == ["part_cancelled email", "part_short email"]
    part.refresh_from_db()
    assert before <= part.payable_from - timedelta(days=7) <= timezone.now()


@pytest.mark.parametrize("moves", [0, 1])
def test_a_cancelled_vendor_order_frees_its_stock_and_its_money_is_looked_for_once(
    sent, django_capture_on_commit_callbacks, moves
):
    listing = a_listing()
    part, member = released_part((listing, 2))
    for move in [accept][:moves]:
        move(part, actor=member)

    with django_capture_on_commit_callbacks(execute=True):
        said = [cancel(part, actor=None, reason="Not accepted in time") for _try in range(3)]

    assert said == [True, False, False]
    assert (seen(part), stock_of(listing)) == (("cancelled", [(2, 2, 0)]), (10, 0))
    event = part.events.last()
    assert (event.to_state, event.actor, event.reason) == ("cancelled", None, "Not accepted in time")
    assert [task for task in sent if task[0] == "payments.refund_owed"] == [
        ("payments.refund_owed", {"order_pk": part.order_id})
    ]
    assert notice_kinds() == ["part_accepted email"] * moves + ["part_cancelled email"]


def test_goods_that_have_left_can_neither_be_short_nor_cancelled():
    listing = a_listing()
    part, member = shipped_part((listing, 2))

    with pytest.raises(IllegalTransition):
        cancel(part, actor=member, reason=WHY)
    with pytest.raises(IllegalTransition):
        supply_short(part, {part.lines.get().pk: 1}, actor=member, reason=WHY)

    assert (seen(part), stock_of(listing), notice_kinds()) == (("shipped", [(2, 0, 0)]), (8, 0), [])


def test_an_order_that_is_not_paid_is_not_cancelled_by_its_group():
    listing = a_listing()
    part = placed_order((listing, 2)).vendor_orders.get()

    with pytest.raises(IllegalTransition):
        cancel(part, actor=None, reason=WHY)

    assert (seen(part), stock_of(listing)) == (("awaiting_payment", [(2, 0, 0)]), (10, 2))


def test_without_a_reason_or_with_wrong_units_nothing_changes():
    listing = a_listing()
    part, member = released_part((listing, 2))
    other, _member = released_part((a_listing(), 1))
    line, foreign = part.lines.get(), other.lines.get()

    with pytest.raises(ReasonNeeded):
        cancel(part, actor=member, reason="  ")
    with pytest.raises(ReasonNeeded):
        supply_short(part, {line.pk: 1}, actor=member, reason="")
    for wrong in ({line.pk: 3}, {foreign.pk: 1}, {line.pk: -1}):
        with pytest.raises(UnitsNotThere):
            supply_short(part, wrong, actor=member, reason=WHY)

    assert (seen(part), seen(other)) == (("new", [(2, 0, 0)]), ("new", [(1, 0, 0)]))
    assert (stock_of(listing), notice_kinds()) == ((10, 2), [])


def test_only_what_can_be_supplied_leaves_the_store():
    stole, honey = two_lines()
    part, member = released_part((stole, 3), (honey, 1))
    accept(part, actor=member)
    supply_short(
        part,
        {part.lines.get(product=stole).pk: 1, part.lines.get(product=honey).pk: 1},
        actor=member,
        reason=WHY,
    )

    ship(part, COURIER, actor=member)

    assert (stock_of(stole), stock_of(honey)) == ((8, 0), (10, 0))


@pytest.mark.django_db(transaction=True)
def test_cancelled_by_many_at_once_its_stock_goes_back_once():
    listing = a_listing()
    part, member = released_part((listing, 2))

    outcomes = race(lambda: cancel(part, actor=member, reason=WHY), contenders=6)

    assert outcomes == [None] * 6
    assert (seen(part), stock_of(listing)) == (("cancelled", [(2, 2, 0)]), (10, 0))
    assert part.events.filter(to_state="cancelled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_shipped_and_cancelled_at_once_only_one_happens():
    listing = a_listing()
    part, member = released_part((listing, 2))
    accept(part, actor=member)
    turns = iter([lambda: cancel(part, actor=member, reason=WHY), lambda: ship(part, COURIER, actor=member)])

    outcomes = race(lambda: next(turns)(), contenders=2)

    assert sorted(type(outcome) for outcome in outcomes if outcome) == [IllegalTransition]
    assert (seen(part)[0], stock_of(listing)) in (("shipped", (8, 0)), ("cancelled", (10, 0)))


def test_the_database_refuses_more_units_back_than_were_ordered():
    part, _member = released_part((a_listing(), 2))

    with pytest.raises(IntegrityError, match="order_line_gives_back"), transaction.atomic():
        Line.objects.update(cancelled_quantity=2, returned_quantity=1)

    assert VendorOrder.objects.get().state == "new"
    assert seen(part)[1] == [(2, 0, 0)]
