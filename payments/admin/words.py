"""Words and links that several lists show."""

from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from orders.models import Order


def order_link(order: Order) -> SafeString:
    """The way to an order."""
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:order_order_change", args=[order.pk]), order.number
    )


def age(since: datetime) -> str:
    """How long ago, in one word."""
    return timesince(since, depth=1)
