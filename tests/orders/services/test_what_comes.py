"""The message after the payment says what comes from whom, when and where to; an SMS stays short."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from notices.models import Notice
from notices.services.rendering import render
from notices.templatetags.notice_words import in_money
from orders.models import VendorOrder
from orders.services.notifying import offers_words
from orders.services.releasing import lock_order, release, release_unpaid
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_last_of_november(monkeypatch):
    now = datetime(2026, 11, 30, 6, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)


def an_order(**changes):
    first, second = VendorFactory(name="Khoma Weavers"), VendorFactory(name="Tang Kitchen")
    goods = [
        (a_listing(title="Stole", vendor=first), 2),
        (a_listing(title="Belt", vendor=first), 1),
        (a_listing(title="Honey", vendor=second), 1),
    ]
    order = placed_order(*goods, **changes)
    VendorOrder.objects.filter(order=order).update(delivery_days_min=3, delivery_days_max=8)
    return lock_order(order.pk)


def words_of(kind, channel):
    notice = Notice.objects.get(kind=kind, channel=channel)
    return render(kind, channel, notice.language, notice.context)


@pytest.mark.parametrize(
    ("hand_over", "kind"), [(release, "order_paid"), (release_unpaid, "order_on_delivery")]
)
def test_the_email_names_goods_group_by_group_days_and_address(hand_over, kind):
    order = an_order()

    hand_over(order)

    text = words_of(kind, "email").text
    assert (
        "Khoma Weavers\n2 x Stole\n1 x Belt\nPost: arrives 3 to 8 December\n\nTang Kitchen\n1 x Honey" in text
    )
    assert "It goes to: Dema, Norzin Lam 12, Thimphu, Thimphu, 11001\n" in text
    assert "₹1,120.00" in text
    assert "INR" not in text


def test_the_email_says_where_goods_are_fetched():
    order = an_order()
    VendorOrder.objects.filter(order=order, vendor__name="Tang Kitchen").update(
        pick_up_address="Hub, Chamkhar"
    )

    release(order)

    text = words_of("order_paid", "email").text
    assert "Post: ready 3 to 8 December\nYou pick it up here: Hub, Chamkhar\n" in text
    assert text.count("You pick it up here") == 1


def test_the_sms_says_number_sum_and_link_alone():
    order = an_order(email="", phone="+97517123456")

    release(order)

    text = words_of("order_paid", "sms").text
    assert text.startswith(f"Order {order.number}: INR 1120.00 received, thank you. See it: ")
    assert "Stole" not in text


def test_goods_and_days_are_said_in_the_language_of_the_order():
    release(an_order(language="hi"))

    text = words_of("order_paid", "email").text
    assert "arrives" not in text
    assert "पहुँचेगा" in text


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1234567.50", "BTN", "Nu.\N{NO-BREAK SPACE}12,34,567.50"),
        ("310.00", "INR", "₹310.00"),
        ("{total}", "{currency}", "{currency} {total}"),
        ("", "INR", "INR "),
    ],
)
def test_an_amount_is_written_as_its_currency_is_and_a_placeholder_stays(amount, currency, words):
    assert in_money(amount, currency) == words


def test_what_an_offer_takes_off_is_written_in_the_same_way():
    order = an_order()
    order.discounts.create(offer_name="Harvest", message="10 %", amount=Decimal("31.00"))

    assert offers_words(order).endswith(": -₹31.00")
