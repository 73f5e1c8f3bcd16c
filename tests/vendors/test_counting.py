"""Counting the store: a number that was written down never undoes what was sold or sent meanwhile."""

import threading

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.vendors import StockRecordFactory
from tests.support.race import pause, race
from vendors.models import StockRecord
from vendors.services import stock
from vendors.services.stock import CountRefused, set_in_stock


def units_of(record):
    row = StockRecord.objects.get(pk=record.pk)
    return row.num_in_stock, row.num_allocated


def careless_count(pk, units, *, seen):
    """The control: look, then write the number."""
    if StockRecord.objects.get(pk=pk).num_in_stock != seen:
        raise CountRefused(0, 0)
    StockRecord.objects.filter(pk=pk).update(num_in_stock=units)
    return True


def careless_step(pk, units, *, seen):
    """The control: add the difference, whatever is there."""
    StockRecord.objects.filter(pk=pk).update(num_in_stock=F("num_in_stock") + units - seen)
    return True


@pytest.mark.django_db
def test_count_is_written_and_what_is_reserved_stays_reserved():
    record = StockRecordFactory(num_in_stock=10, num_allocated=4)

    changed = set_in_stock(record.pk, 6, seen=10)

    assert changed is True
    assert units_of(record) == (6, 4)


@pytest.mark.django_db
def test_same_count_again_changes_nothing():
    record = StockRecordFactory(num_in_stock=10)

    outcomes = [set_in_stock(record.pk, 12, seen=10) for _ in range(2)]

    assert outcomes == [True, False]
    assert units_of(record) == (12, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("there", "reserved", "units", "seen"),
    [(8, 0, 12, 10), (10, 4, 3, 10), (10, 1, 0, 10)],
    ids=["moved meanwhile", "fewer than reserved", "none left"],
)
def test_count_that_does_not_fit_is_refused_with_the_numbers(there, reserved, units, seen):
    record = StockRecordFactory(num_in_stock=there, num_allocated=reserved)

    with pytest.raises(CountRefused) as refused:
        set_in_stock(record.pk, units, seen=seen)

    assert (refused.value.in_stock, refused.value.reserved) == (there, reserved)
    assert units_of(record) == (there, reserved)


@pytest.mark.django_db
def test_less_than_nothing_is_no_count():
    record = StockRecordFactory()

    with pytest.raises(ValueError, match="at least 0"):
        set_in_stock(record.pk, -1, seen=10)

    assert units_of(record) == (10, 0)


@pytest.mark.django_db
def test_record_that_is_gone_is_not_found():
    with pytest.raises(StockRecord.DoesNotExist):
        set_in_stock(999_999_999, 1, seen=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("count", "left"), [(set_in_stock, 7), (careless_count, 12)], ids=["guarded", "control"]
)
def test_goods_that_leave_while_somebody_counts_are_not_put_back(count, left):
    record = StockRecordFactory(num_in_stock=10, num_allocated=3)
    has_left = threading.Event()

    @transaction.atomic
    def leave():
        stock.consume({record.pk: 3})
        has_left.set()
        # Until the count has begun and waits for the row.
        pause()

    def count_beside():
        assert has_left.wait(timeout=30)
        count(record.pk, 12, seen=10)

    calls = [leave, count_beside]

    outcomes = race(lambda: calls.pop()(), contenders=2)

    assert units_of(record) == (left, 0)
    refused = [type(outcome) for outcome in outcomes if outcome]
    assert refused == ([CountRefused] if count is set_in_stock else [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("count", "there"), [(set_in_stock, 11), (careless_step, 18)], ids=["guarded", "control"]
)
def test_button_pressed_eight_times_at_once_counts_once(count, there):
    record = StockRecordFactory(num_in_stock=10)

    outcomes = race(lambda: count(record.pk, 11, seen=10), contenders=8)

    assert outcomes == [None] * 8
    assert units_of(record) == (there, 0)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(
    there=st.integers(0, 30),
    reserved=st.integers(0, 30),
    units=st.integers(0, 40),
    seen=st.integers(0, 30),
)
def test_count_leaves_what_was_counted_or_what_was_there(there, reserved, units, seen):
    record = StockRecordFactory(num_in_stock=there, num_allocated=min(reserved, there))
    before = units_of(record)
    fits = (seen == there and units >= before[1]) or units == there

    try:
        set_in_stock(record.pk, units, seen=seen)
    except CountRefused:
        assert not fits
        assert units_of(record) == before
    else:
        assert fits
        assert units_of(record) == (units, before[1])
