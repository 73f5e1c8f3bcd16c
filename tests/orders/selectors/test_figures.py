"""Figures of a group: goods sold by month, listing and place, without what came back; nobody is found out."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from orders.models import Line, Order, ShippingAddress, VendorOrder
from orders.selectors.figures import figures
from tests.dashboard.given import paid_part
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

THIMPHU = ZoneInfo("Asia/Thimphu")
NOW = datetime(2026, 11, 28, 12, tzinfo=THIMPHU)


def sold(listing, units=1, *, on, state="Thimphu", email="dema@example.org"):
    """A paid order, handed to the group at that time, of a buyer of that place."""
    part = paid_part(listing, units, email=email)
    Order.objects.filter(pk=part.order_id).update(released_at=on, paid_at=on)
    ShippingAddress.objects.filter(order=part.order).update(state=state)
    return part


def shown(listing, **asked):
    return figures(listing.vendor, now=NOW, zone=THIMPHU, **asked)


def words(rows):
    return [(row.words, row.units, row.amount) for row in rows]


def test_sales_stand_in_the_month_of_the_groups_own_clock_and_what_came_back_is_taken_off():
    rice = a_listing(title="Red rice", units=50)
    # In Thimphu it is November already.
    sold(rice, 2, on=datetime(2026, 10, 31, 19, tzinfo=ZoneInfo("UTC")))
    short = sold(rice, 4, on=datetime(2025, 12, 1, 1, tzinfo=THIMPHU))
    Line.objects.filter(vendor_order=short).update(cancelled_quantity=1, returned_quantity=1)
    sold(rice, 9, on=datetime(2025, 11, 30, 23, tzinfo=THIMPHU))
    gone = sold(rice, 5, on=NOW)
    VendorOrder.objects.filter(pk=gone.pk).update(state="cancelled")
    sold(a_listing(title="Honey"), 7, on=NOW)
    paid_part(rice, 1, email="late@example.org")
    Order.objects.filter(guest_email="late@example.org").update(
        released_at=None, paid_at=None, status="expired"
    )

    found = shown(rice)

    assert [row.units for row in found.months] == [2, *[0] * 10, 2]
    assert [str(found.months[place].day) for place in (0, 11)] == ["2025-12-01", "2026-11-01"]
    assert words(found.listings) == [("Red rice", 4, Decimal("1000.00"))]
    assert (found.amount, found.units, found.currency) == (Decimal("1000.00"), 4, "INR")


def test_places_of_few_buyers_are_shown_together_however_they_are_written():
    rice = a_listing(units=50)
    for number in range(3):
        sold(rice, on=NOW, state="Thimphu", email=f"buyer{number}@example.org")
    sold(rice, on=NOW, state=" thimphu ", email="buyer0@example.org")
    for _number in range(4):
        sold(rice, on=NOW, state="Haa", email="only@example.org")
    sold(rice, on=NOW, state="Gasa", email="other@example.org")

    found = shown(rice)

    assert [(row.words.casefold(), row.units) for row in found.places] == [
        ("thimphu", 4),
        ("other places", 5),
    ]


def test_many_sales_take_as_many_queries_as_one(django_assert_num_queries):
    rice = a_listing(units=50)
    sold(rice, on=NOW)
    with django_assert_num_queries(4):
        shown(rice)
    for number in range(4):
        sold(rice, on=NOW, state=f"Place {number}")
    sold(a_listing(vendor=rice.vendor, title="Honey"), on=NOW)

    with django_assert_num_queries(4):
        found = shown(rice, currency="nonsense")

    assert (len(found.listings), found.currencies) == (2, ["INR"])
