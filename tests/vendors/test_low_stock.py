"""Little is left: the group is told once, and again after a refill."""

import pytest

from notices.models import Notice
from tests.factories.catalogue import ListingFactory
from tests.factories.vendors import MembershipFactory, StockRecordFactory
from tests.support.race import race
from vendors.models import StockRecord
from vendors.services import low_stock, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    """Ten units of a listing on sale; the group's only member reads Hindi and has a phone."""
    found = StockRecordFactory(product__title="Red rice")
    MembershipFactory(
        vendor=found.partner, user__email=None, user__phone="+97517000001", user__preferred_language="hi"
    )
    return found


def told():
    return list(
        Notice.objects.filter(kind="stock_low").order_by("pk").values_list("context__count", flat=True)
    )


def sell(record, units):
    stock.reserve({record.pk: units})


def test_group_is_told_once_when_units_fall_to_its_number_and_again_after_a_refill(record):
    sell(record, 7)
    above = low_stock.tell_of_low_stock()
    sell(record, 1)
    first = [low_stock.tell_of_low_stock() for _ in range(2)]
    sell(record, 1)
    further = low_stock.tell_of_low_stock()
    stock.change_by(record.pk, 5, token="a")
    refilled = low_stock.tell_of_low_stock()
    sell(record, 5)
    again = [low_stock.tell_of_low_stock() for _ in range(2)]

    assert (above, first, further, refilled, again) == (0, [1, 0], 0, 0, [1, 0])
    assert told() == ["2", "1"]


def test_refill_and_fall_between_two_runs_are_told(record):
    sell(record, 9)
    low_stock.tell_of_low_stock()
    stock.change_by(record.pk, 5, token="a")
    sell(record, 5)

    assert low_stock.tell_of_low_stock() == 1
    assert told() == ["1", "1"]


def test_sale_that_was_given_up_before_the_run_is_not_told(record):
    sell(record, 9)
    stock.release({record.pk: 9})

    assert low_stock.tell_of_low_stock() == 0


def test_member_is_told_in_the_own_language_by_the_way_that_reaches(record):
    sell(record, 8)
    low_stock.tell_of_low_stock()

    notice = Notice.objects.get(kind="stock_low")
    assert (notice.channel, notice.address, notice.language) == ("sms", "+97517000001", "hi")
    assert notice.context["listing"] == "Red rice"


def test_number_of_the_size_counts_before_that_of_the_group(record):
    low_stock.set_threshold(record.pk, 5)
    low_stock.set_default(record.partner, 1)
    other = StockRecordFactory(product=ListingFactory(vendor=record.partner, stock=None))
    stock.reserve({record.pk: 5, other.pk: 8})
    first = low_stock.tell_of_low_stock()
    low_stock.set_default(record.partner, 2)

    assert (first, low_stock.tell_of_low_stock()) == (1, 1)


@pytest.mark.parametrize("trait", ["draft", "submitted", "withdrawn"])
def test_nothing_is_told_of_what_is_not_on_sale(record, trait):
    other = StockRecordFactory(product=ListingFactory(vendor=record.partner, stock=None, **{trait: True}))
    stock.set_in_stock(other.pk, 1, seen=10)

    assert low_stock.tell_of_low_stock() == 0


def test_single_piece_that_was_put_on_sale_so_has_not_fallen(record):
    StockRecordFactory(product=ListingFactory(vendor=record.partner, stock=None), last_unit=True)

    assert low_stock.tell_of_low_stock() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once(record):
    sell(record, 9)

    outcomes = race(low_stock.tell_of_low_stock, contenders=4)

    assert outcomes == [None] * 4
    assert told() == ["1"]
    assert StockRecord.objects.get().low_told_movement is not None
