"""Any two steps of a group at the same moment, each of them twice: units, packages and stock agree afterwards."""

from itertools import combinations_with_replacement

import pytest

from marketplace.lib.states import IllegalTransition
from orders.errors import OrderError
from orders.models import PackageLine, VendorOrder
from orders.services.cancelling import cancel, cancel_by_buyer, supply_short
from orders.services.fulfilment import accept, ship
from orders.services.packing import pack, unpack
from tests.orders.services.parts_of_sales import COURIER, released_part
from tests.support.race import race
from tests.support.sale import a_listing, stock_of

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = {
    "pack": lambda part, key, member: pack(part, {key: 2}, seen=1, actor=member),
    "open": lambda part, key, member: unpack(part, 1, actor=member),
    "send one package": lambda part, key, member: ship(part, COURIER, actor=member, packages=[1]),
    "send everything": lambda part, key, member: ship(part, COURIER, actor=member, seen=1),
    "short of two": lambda part, key, member: supply_short(part, {key: 2}, actor=member, reason="wet"),
    "short of all": lambda part, key, member: supply_short(part, {key: 5}, actor=member, reason="wet"),
    "cancel": lambda part, key, member: cancel(part, actor=member, reason="wet"),
}
ANSWERS = {
    "yes": lambda part, key, member: accept(part, actor=member),
    "no": lambda part, key, member: cancel(part, actor=member, reason="wet"),
    "fewer": lambda part, key, member: supply_short(part, {key: 2}, actor=member, reason="wet"),
    "the buyer's no": lambda part, key, member: cancel_by_buyer(part, actor=None),
}


def check(part, listing):
    """What must agree, whatever was done in whatever order."""
    state, line = VendorOrder.objects.get(pk=part.pk).state, part.lines.get()
    rows = PackageLine.objects.filter(package__vendor_order=part)
    assert sum(row.quantity for row in rows) == line.packed_quantity
    gone = rows.filter(package__shipment__isnull=False)
    assert sum(row.quantity for row in gone) == line.shipped_quantity
    assert stock_of(listing) == (10 - line.shipped_quantity, line.to_send)
    assert (state == "cancelled") == (line.cancelled_quantity == 5)
    assert (state == "shipped") == (line.to_send == 0 and line.shipped_quantity > 0)


def run(steps, part, listing, member):
    """All contenders at once; whoever comes too late must be told so in words."""
    key = part.lines.get().pk
    waiting = list(steps)

    outcomes = race(lambda: waiting.pop()(part, key, member), contenders=len(steps))

    assert all(isinstance(each, OrderError | IllegalTransition) for each in outcomes if each), outcomes
    check(part, listing)


# In one test each, because emptying the tables takes longer than a race.
def test_two_steps_at_the_same_moment_leave_units_and_stock_agreeing():
    for first, second in combinations_with_replacement(STEPS.values(), 2):
        listing = a_listing()
        part, member = released_part((listing, 5))
        accept(part, actor=member)
        pack(part, {part.lines.get().pk: 3}, seen=0, actor=member)

        run([first, second] * 2, part, listing, member)


def test_two_answers_at_the_same_moment_have_one_result():
    for first, second in combinations_with_replacement(ANSWERS.values(), 2):
        listing = a_listing()
        part, member = released_part((listing, 5))

        run([first, second] * 2, part, listing, member)
