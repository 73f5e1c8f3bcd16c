"""History of stock: every change is a row, rows add up to what is there, and none is ever edited."""

import contextlib

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.people import PersonFactory
from tests.factories.vendors import StockRecordFactory
from tests.support.race import race
from vendors.errors import InsufficientStock
from vendors.models import StockMovement, StockRecord
from vendors.services import stock
from vendors.services.stock import CountRefused


def history(record):
    """(why, change in store, change of reserved, in store, reserved, reference), oldest first."""
    rows = StockMovement.objects.filter(stock_record=record).order_by("pk")
    fields = ("why", "in_stock_change", "reserved_change", "in_stock", "reserved", "reference")
    return list(rows.values_list(*fields))


def sums(record):
    found = StockMovement.objects.filter(stock_record=record).aggregate(
        stock=Sum("in_stock_change", default=0), reserved=Sum("reserved_change", default=0)
    )
    return found["stock"], found["reserved"]


def units(record):
    row = StockRecord.objects.get(pk=record.pk)
    assert row.move_note is None
    return row.num_in_stock, row.num_allocated


@pytest.mark.django_db
def test_each_change_says_why_for_which_order_by_whom_and_what_was_there_afterwards():
    record, packer = StockRecordFactory(), PersonFactory()

    stock.reserve({record.pk: 3}, order="7K3M")
    stock.release({record.pk: 1}, order="7K3M-1", actor=packer)
    stock.consume({record.pk: 2}, order="7K3M-1", actor=packer)
    stock.set_in_stock(record.pk, 20, seen=8, actor=packer)
    stock.change_by(record.pk, -5, token="a", actor=packer)

    assert history(record) == [
        ("opened", 10, 0, 10, 0, ""),
        ("reserved", 0, 3, 10, 3, "7K3M"),
        ("released", 0, -1, 10, 2, "7K3M-1"),
        ("shipped", -2, -2, 8, 0, "7K3M-1"),
        ("counted", 12, 0, 20, 0, ""),
        ("changed", -5, 0, 15, 0, ""),
    ]
    actors = StockMovement.objects.order_by("pk").values_list("actor", flat=True)
    assert list(actors) == [None, None, *[packer.pk] * 4]


@pytest.mark.django_db
def test_what_is_written_past_the_services_is_in_the_history_too():
    record = StockRecordFactory()
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=4)

    assert history(record)[1:] == [("corrected", -6, 0, 4, 0, "")]


@pytest.mark.django_db
def test_refused_and_repeated_changes_leave_no_row():
    record = StockRecordFactory(last_unit=True)

    with pytest.raises(InsufficientStock):
        stock.reserve({record.pk: 2})
    with pytest.raises(CountRefused):
        stock.set_in_stock(record.pk, 5, seen=3)
    with pytest.raises(CountRefused):
        stock.change_by(record.pk, -2, token="b")
    done = [stock.set_in_stock(record.pk, 1, seen=1), stock.set_in_stock(record.pk, 1, seen=0)]

    assert done == [False, False]
    assert history(record) == [("opened", 1, 0, 1, 0, "")]


@pytest.mark.django_db
def test_history_costs_no_query_more():
    first, second = StockRecordFactory(), StockRecordFactory()

    with CaptureQueriesContext(connection) as captured:
        stock.reserve({first.pk: 1, second.pk: 1}, order="7K3M")

    assert [query["sql"].split()[0] for query in captured] == ["SAVEPOINT", "UPDATE", "UPDATE", "RELEASE"]


@pytest.mark.django_db
def test_the_database_refuses_to_edit_a_movement():
    record = StockRecordFactory()

    with pytest.raises(DatabaseError, match="not edited"), transaction.atomic():
        StockMovement.objects.filter(stock_record=record).update(in_stock_change=1)

    assert sums(record) == (10, 0)


SERVICES = ["reserve", "release", "consume", "set", "by", "raw"]


def apply(record, move, number, step):
    now = StockRecord.objects.get(pk=record.pk)
    if move == "set":
        stock.set_in_stock(record.pk, number, seen=now.num_in_stock)
    elif move == "by":
        stock.change_by(record.pk, number - 6 or 1, token=str(step % 7))
    elif move == "raw":
        StockRecord.objects.filter(pk=record.pk).update(num_in_stock=now.num_allocated + number)
    else:
        getattr(stock, move)({record.pk: number})


@pytest.mark.django_db
@given(moves=st.lists(st.tuples(st.sampled_from(SERVICES), st.integers(1, 11)), max_size=15))
@settings(max_examples=40)
def test_in_any_order_of_changes_the_movements_add_up_to_the_row(moves):
    record = StockRecordFactory(num_in_stock=7)

    for step, (move, number) in enumerate(moves):
        with contextlib.suppress(InsufficientStock, CountRefused):
            apply(record, move, number, step)
        assert sums(record) == units(record)


@pytest.mark.django_db
def test_relative_change_counts_once_for_each_form():
    record = StockRecordFactory()

    done = [stock.change_by(record.pk, 1, token=token) for token in ("a", "a", "b")]

    assert done == [True, False, True]
    assert units(record) == (12, 0)


@pytest.mark.django_db
def test_relative_change_takes_no_reserved_unit_and_adds_no_end():
    record = StockRecordFactory(num_in_stock=5, num_allocated=5)
    full = StockRecordFactory(num_in_stock=stock.MOST_UNITS)

    with pytest.raises(CountRefused) as refused:
        stock.change_by(record.pk, -1, token="a")
    with pytest.raises(CountRefused):
        stock.change_by(full.pk, 1, token="a")

    assert (refused.value.in_stock, refused.value.reserved) == (5, 5)
    assert (units(record), units(full)) == ((5, 5), (stock.MOST_UNITS, 0))


@pytest.mark.django_db(transaction=True)
def test_same_form_sent_eight_times_at_once_counts_once():
    record = StockRecordFactory()

    outcomes = race(lambda: stock.change_by(record.pk, 1, token="a"), contenders=8)

    assert outcomes == [None] * 8
    assert units(record) == (11, 0)


@pytest.mark.django_db(transaction=True)
def test_form_that_is_sent_eight_times_counts_eight_times_without_its_token():
    record, tokens = StockRecordFactory(), list("abcdefgh")

    race(lambda: stock.change_by(record.pk, 1, token=tokens.pop()), contenders=8)

    assert units(record) == (18, 0)
    assert sums(record) == (18, 0)


@pytest.mark.django_db
def test_the_database_refuses_a_second_movement_of_one_form():
    record = StockRecordFactory()
    note = {"why": "changed", "token": "a"}
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=11, move_note=note)

    with pytest.raises(IntegrityError, match="stock_movement_once_per_form"), transaction.atomic():
        StockRecord.objects.filter(pk=record.pk).update(num_in_stock=12, move_note=note)

    assert units(record) == (11, 0)
