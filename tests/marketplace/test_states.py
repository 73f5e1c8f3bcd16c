"""State machines: only the moves of the table, each written down once."""

import pytest
from django.db import models
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.models import Product
from marketplace.lib.states import IllegalTransition, Step, move, move_many
from orders.models import Order, OrderEvent, VendorOrder, VendorOrderEvent
from regions.models import Nomination
from tests.factories.people import PersonFactory
from tests.support.sale import placed_order
from vendors.models import Partner

pytestmark = pytest.mark.django_db

TABLES = {
    Order: Order.Status,
    VendorOrder: VendorOrder.State,
    Partner: Partner.State,
    Product: Product.State,
    Nomination: Nomination.State,
}
State = VendorOrder.State


def go(part, target, **named):
    return move(
        part, target, moves=VendorOrder.MOVES, event=VendorOrderEvent, subject_field="vendor_order", **named
    )


def stored(part):
    return VendorOrder.objects.get(pk=part.pk).state


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_every_table_names_every_state_and_no_other(model):
    states = set(TABLES[model])

    assert set(model.MOVES) == states
    assert all(targets <= states for targets in model.MOVES.values())
    assert all(state not in targets for state, targets in model.MOVES.items())


def test_a_move_is_made_and_written_down_with_who_and_why():
    actor = PersonFactory()
    part = placed_order().vendor_orders.get()

    moved = go(part, State.CANCELLED, actor=actor, reason="closed", on_behalf_of="Khoma weavers")

    event = part.events.last()
    assert (moved, stored(part), part.state) == (True, "cancelled", "cancelled")
    assert (event.from_state, event.to_state, event.actor, event.reason, event.on_behalf_of) == (
        "awaiting_payment",
        "cancelled",
        actor,
        "closed",
        "Khoma weavers",
    )


def test_a_row_that_is_there_already_is_left_as_it_is():
    part = placed_order().vendor_orders.get()
    before = part.events.count()

    moved = go(part, State.AWAITING_PAYMENT)

    assert (moved, part.events.count()) == (False, before)


@pytest.mark.parametrize(
    "target", [*sorted(set(State) - VendorOrder.MOVES[State.NEW] - {State.NEW}), "nonsense", ""]
)
def test_a_move_that_is_not_in_the_table_is_refused_and_changes_nothing(target):
    part = placed_order().vendor_orders.get()
    go(part, State.NEW, also={"released_at": timezone.now()})
    before = part.events.count()

    with pytest.raises(IllegalTransition) as refused:
        go(part, target)

    assert (refused.value.current, refused.value.target) == ("new", target)
    assert (stored(part), part.state, part.events.count()) == ("new", "new", before)


def test_other_fields_that_change_with_the_state_are_written_by_the_same_statement():
    order = placed_order()
    now = order.date_placed

    move(
        order,
        Order.Status.PAID,
        moves=Order.MOVES,
        event=OrderEvent,
        subject_field="order",
        state_field="status",
        also={"paid_at": now, "released_at": now},
    )

    saved = Order.objects.get()
    assert (saved.status, saved.paid_at) == ("paid", now)


@given(wishes=st.lists(st.sampled_from(list(State)), max_size=10))
@settings(max_examples=40)
def test_any_wishes_end_in_a_state_that_the_events_lead_to(wishes):
    part = VendorOrder.objects.first() or placed_order().vendor_orders.get()
    VendorOrder.objects.update(state=State.AWAITING_PAYMENT, released_at=timezone.now())
    part.refresh_from_db()
    start = part.events.count()

    for wish in wishes:
        try:
            go(part, wish)
        except IllegalTransition:
            continue

    steps = list(part.events.all())[start:]
    assert all(step.to_state in VendorOrder.MOVES[step.from_state] for step in steps)
    walked = [State.AWAITING_PAYMENT, *(step.to_state for step in steps)]
    assert [step.from_state for step in steps] == walked[:-1]
    assert stored(part) == walked[-1]


def test_events_are_of_a_model_that_orders_them_by_time():
    assert issubclass(VendorOrderEvent, models.Model)
    assert VendorOrderEvent._meta.ordering == ["created_at", "pk"]


def test_many_moves_are_made_together_or_none_where_one_is_not_of_the_table():
    actor = PersonFactory()
    one, two = (placed_order().vendor_orders.get() for _each in range(2))
    paid = Step(one, State.NEW, reason="paid", also={"released_at": timezone.now()})
    steps = [paid, Step(two, State.CANCELLED, reason="closed")]
    how = {"moves": VendorOrder.MOVES, "event": VendorOrderEvent, "subject_field": "vendor_order"}

    with pytest.raises(IllegalTransition):
        move_many([*steps, Step(two, State.SHIPPED)], **how)
    assert [stored(part) for part in (one, two)] == ["awaiting_payment"] * 2
    move_many([], **how)
    move_many(steps, actor=actor, **how)

    assert [stored(part) for part in (one, two)] == ["new", "cancelled"]
    assert VendorOrder.objects.get(pk=two.pk).released_at is None
    event = two.events.last()
    assert (event.from_state, event.to_state, event.actor, event.reason) == (
        "awaiting_payment",
        "cancelled",
        actor,
        "closed",
    )
