"""Stock: reserved, given back and used up, all of it or none."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.vendors import StockRecordFactory
from tests.support.race import race
from tests.support.unguarded_stock import unguarded_take, without_the_check_constraint
from vendors.errors import InsufficientStock
from vendors.models import StockRecord
from vendors.services import stock

__all__ = ["without_the_check_constraint"]

SERVICES = [stock.reserve, stock.release, stock.consume]


def units_of(*records):
    return [
        (record.num_in_stock, record.num_allocated)
        for record in StockRecord.objects.filter(pk__in=[record.pk for record in records]).order_by("pk")
    ]


@pytest.mark.django_db
def test_reserving_giving_back_and_using_up_move_the_units():
    first, second = StockRecordFactory(), StockRecordFactory(num_in_stock=4)
    wanted = {first.pk: 3, second.pk: 4}

    stock.reserve(wanted)
    after_reserve = units_of(first, second)
    stock.release({first.pk: 1})
    after_release = units_of(first, second)
    stock.consume({first.pk: 2, second.pk: 4})

    assert after_reserve == [(10, 3), (4, 4)]
    assert after_release == [(10, 2), (4, 4)]
    assert units_of(first, second) == [(8, 0), (0, 0)]


@pytest.mark.django_db
def test_one_short_record_reserves_nothing_and_every_short_one_is_named():
    enough = StockRecordFactory()
    short, gone = StockRecordFactory(last_unit=True), StockRecordFactory(sold_out=True)

    with pytest.raises(InsufficientStock) as refused:
        stock.reserve({gone.pk: 1, enough.pk: 1, short.pk: 2})

    assert refused.value.stock_record_ids == [short.pk, gone.pk]
    assert units_of(enough, short, gone) == [(10, 0), (1, 0), (1, 1)]


@pytest.mark.django_db
def test_a_record_that_does_not_exist_is_short():
    with pytest.raises(InsufficientStock) as refused:
        stock.reserve({999_999_999: 1})

    assert refused.value.stock_record_ids == [999_999_999]


@pytest.mark.django_db
@pytest.mark.parametrize("service", [stock.release, stock.consume])
def test_no_more_is_given_back_or_used_up_than_is_reserved(service):
    first, second = StockRecordFactory(num_allocated=2), StockRecordFactory(num_allocated=1)

    with pytest.raises(InsufficientStock) as refused:
        service({first.pk: 2, second.pk: 2})

    assert refused.value.stock_record_ids == [second.pk]
    assert units_of(first, second) == [(10, 2), (10, 1)]


@pytest.mark.django_db
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("units", [0, -1])
def test_no_units_or_fewer_are_a_mistake_of_the_caller(service, units):
    record = StockRecordFactory(num_allocated=5)

    with pytest.raises(ValueError, match="at least 1"):
        service({record.pk: units})

    assert units_of(record) == [(10, 5)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("in_stock", "allocated"), [(10, 11), (-1, 0), (0, 1), (10, -1)], ids=["oversold", "-1", "0", "given"]
)
def test_the_database_refuses_more_reserved_than_there_is(in_stock, allocated):
    record = StockRecordFactory()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE partner_stockrecord SET num_in_stock = %s, num_allocated = %s WHERE id = %s",
            [in_stock, allocated, record.pk],
        )

    assert units_of(record) == [(10, 0)]


@pytest.mark.django_db
def test_the_database_refuses_a_second_stock_record_of_a_listing():
    record = StockRecordFactory()

    with pytest.raises(IntegrityError, match="stock_record_one_per_product"), transaction.atomic():
        StockRecordFactory(product=record.product)

    assert StockRecord.objects.count() == 1


@pytest.mark.django_db
@given(
    moves=st.lists(st.tuples(st.sampled_from(SERVICES), st.integers(min_value=1, max_value=6)), max_size=12)
)
@settings(max_examples=50)
def test_in_any_order_of_moves_units_neither_appear_nor_vanish(moves):
    record = StockRecordFactory(num_in_stock=7)
    in_stock, allocated = 7, 0

    for service, units in moves:
        try:
            service({record.pk: units})
        except InsufficientStock:
            continue
        in_stock -= units if service is stock.consume else 0
        allocated += units if service is stock.reserve else -units

    assert units_of(record) == [(in_stock, allocated)]
    assert 0 <= allocated <= in_stock


@pytest.mark.fault(31)
@pytest.mark.django_db(transaction=True)
def test_the_last_unit_is_reserved_once():
    record = StockRecordFactory(last_unit=True)

    outcomes = race(lambda: stock.reserve({record.pk: 1}), contenders=8)

    assert outcomes.count(None) == 1
    assert units_of(record) == [(1, 1)]


@pytest.mark.parametrize(("guarded", "sold"), [(True, 1), (False, 8)], ids=["guarded", "control"])
def test_the_guard_alone_stops_overselling(guarded, sold, monkeypatch, without_the_check_constraint):
    record = StockRecordFactory(last_unit=True)
    if not guarded:
        monkeypatch.setattr(stock, "_take", unguarded_take(contenders=8))

    outcomes = race(lambda: stock.reserve({record.pk: 1}), contenders=8)

    assert outcomes.count(None) == sold
    assert units_of(record) == [(1, sold)]


@pytest.mark.django_db(transaction=True)
def test_the_constraint_alone_stops_overselling(monkeypatch):
    record = StockRecordFactory(last_unit=True)
    monkeypatch.setattr(stock, "_take", unguarded_take(contenders=8))

    outcomes = race(lambda: stock.reserve({record.pk: 1}), contenders=8)

    refused = [outcome for outcome in outcomes if outcome]
    assert len(refused) == 7
    assert all("stock_record_never_oversold" in str(error) for error in refused)
    assert units_of(record) == [(1, 1)]


@pytest.mark.parametrize(("sorts", "reserved"), [(True, 2), (False, 1)], ids=["sorted", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_orders_in_opposing_order_cannot_deadlock(sorts, reserved, monkeypatch):
    first, second = StockRecordFactory(), StockRecordFactory()
    wishes = [{first.pk: 1, second.pk: 1}, {second.pk: 1, first.pk: 1}]
    both_hold_one, mine = threading.Barrier(2), threading.local()
    take = stock._take

    def take_and_wait(pk, wanted, note):
        taken = take(pk, wanted, note)
        if not hasattr(mine, "has_waited"):
            mine.has_waited = True
            both_hold_one.wait(timeout=30)
        return taken

    if not sorts:
        monkeypatch.setattr(stock, "sorted", list, raising=False)
        monkeypatch.setattr(stock, "_take", take_and_wait)

    outcomes = race(lambda: stock.reserve(wishes.pop()), contenders=2)

    assert outcomes.count(None) == reserved
    assert ["deadlock detected" in str(outcome) for outcome in outcomes if outcome] == [True] * (2 - reserved)
    assert units_of(first, second) == [(10, reserved), (10, reserved)]
