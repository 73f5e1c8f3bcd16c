"""Buyers are asked once, some days after delivery, how the goods were."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from orders.services.review_asking import ask_for_reviews
from tests.factories.reviews import ReviewFactory
from tests.orders.returned import delivered_part
from tests.orders.services.parts_of_sales import shipped_part
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


def days(count):
    return timezone.now() + timedelta(days=count)


def test_a_buyer_is_asked_once_after_seven_days():
    part, _member = delivered_part()
    shipped_part((a_listing(), 1))

    asked = [ask_for_reviews(days(6)), ask_for_reviews(days(8)), ask_for_reviews(days(8))]

    assert asked == [0, 1, 0]
    notice = Notice.objects.get()
    assert (notice.kind, notice.address) == ("review_asked", part.order.contact_email)


def test_nobody_is_asked_who_has_written_or_had_the_goods_for_long():
    written, _member = delivered_part()
    ReviewFactory(line=written.lines.get(), waiting=True)
    delivered_part()

    assert ask_for_reviews(days(40)) == 0
    assert ask_for_reviews(days(8)) == 1

    assert Notice.objects.count() == 1
