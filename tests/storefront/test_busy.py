"""Rows that somebody else holds: a page says so, and nothing is written."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connections, transaction
from django.urls import reverse

from orders.basket.models import Basket, Line
from orders.models import Order
from payments.models import PaymentAttempt
from tests.support.sale import a_listing, fake_provider, placed_order

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(row):
    """The row, locked by another connection."""
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
            is_held.set()
            may_go.wait(timeout=30)
        connections.close_all()

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert is_held.wait(timeout=30)
    try:
        yield
    finally:
        may_go.set()
        holder.join(timeout=30)


def test_a_basket_that_is_being_ordered_answers_busy_and_stays_as_it_is(client):
    listing = a_listing()
    form = {"product": listing.pk, "quantity": 1}
    client.post(reverse("basket-add"), form)

    with held(Basket.objects.get()):
        page = client.post(reverse("basket-add"), form)

    assert page.status_code == 503
    assert page["Retry-After"] == "5"
    assert "Nothing has been changed." in page.content.decode()
    assert Line.objects.get().quantity == 1
    assert client.post(reverse("basket-add"), form).status_code == 302


def test_an_order_that_is_being_settled_answers_busy_and_opens_no_payment(client, fake_provider):
    order = placed_order()
    session = client.session
    session["orders"] = [order.number]
    session.save()

    with held(Order.objects.get(pk=order.pk)):
        page = client.post(reverse("order-pay", args=[order.number]))

    assert page.status_code == 503
    assert not PaymentAttempt.objects.exists()
    assert client.post(reverse("order-pay", args=[order.number])).status_code == 303
