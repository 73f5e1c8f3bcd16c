"""Helpers of the services on parts of orders."""

from datetime import UTC, datetime

import pytest

from orders.errors import ReasonNeeded
from orders.services.parts import earlier, goods_words, require_reason, stock_units
from tests.orders.services.parts_of_sales import released_part
from tests.support.sale import a_listing

EARLY, LATE = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(EARLY, LATE, EARLY), (LATE, EARLY, EARLY), (None, LATE, LATE)]
)
def test_the_earlier_time_counts(first, second, expected):
    assert earlier(first, second) == expected


def test_a_reason_is_needed_and_loses_its_blanks():
    assert require_reason("  torn ") == "torn"
    with pytest.raises(ReasonNeeded):
        require_reason(" \n")


@pytest.mark.django_db
def test_lines_without_units_are_neither_named_nor_counted():
    listing = a_listing()
    part, _member = released_part((listing, 2), (a_listing(vendor=listing.vendor), 1))
    first, second = part.lines.order_by("pk")

    units = {first: 2, second: 0}

    assert goods_words(units) == f"2 x {first.title} {first.size_label}".strip()
    assert stock_units(units) == {first.stockrecord_id: 2}
