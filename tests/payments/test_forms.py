"""The form on which things of an order are picked."""

import uuid

import pytest

from orders.models import Line
from payments.forms.picking import PickForm
from payments.services.shares import Asked, OrderShares
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale(fake_provider):
    """Three units of one group and one of another."""
    return paid_order(fake_provider, (a_listing(), 3), (a_listing(), 1))


def filled(sale, **values):
    fields = {"remark": "It was torn", "token": str(uuid.uuid4()), **values}
    return PickForm(fields, shares=OrderShares(*sale))


def test_what_is_filled_in_is_asked_for(sale):
    first, second = parts_of(sale[0])
    line = first.lines.get()

    form = filled(sale, **{f"line_{line.pk}": "2", f"delivery_{second.pk}": "on"})

    assert form.is_valid()
    assert form.asked() == Asked({line.pk: 2}, [second.pk])
    assert list(form.fields) == [
        f"line_{line.pk}",
        f"delivery_{first.pk}",
        f"line_{second.lines.get().pk}",
        f"delivery_{second.pk}",
        "remark",
        "token",
    ]


@pytest.mark.parametrize("units", ["4", "-1", "x", "9" * 30])
def test_units_that_are_not_there_cannot_be_picked(sale, units):
    line = parts_of(sale[0])[0].lines.get()

    form = filled(sale, **{f"line_{line.pk}": units})

    assert list(form.errors) == [f"line_{line.pk}"]


def test_lines_of_other_orders_are_no_fields(sale, fake_provider):
    other, _attempt = paid_order(fake_provider)

    form = filled(sale, **{f"line_{other.lines.get().pk}": "1"})

    assert form.is_valid()
    assert form.asked() == Asked({}, [])
    assert Line.objects.count() == 3


def test_a_remark_loses_what_no_database_can_hold(sale):
    form = filled(sale, remark="torn\0")

    assert list(form.errors) == ["remark"]
