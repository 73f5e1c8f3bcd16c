"""When a part of an order comes: as was promised at the sale, and anew from the day on which it left."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.lib.dates import local_day
from orders.days import day_words
from orders.models import VendorOrder

State = VendorOrder.State
_AT_HOME = (State.NEW, State.ACCEPTED, State.PACKED)


def expected_words(part: VendorOrder, now: datetime) -> str:
    """When the goods of a part are there: "arrives 3 to 8 December"; of what has arrived or ended nothing.

    Counted from the payment, or from the last shipment that is still to come; from today while nothing was paid. Days that
    have passed are said to have passed. part: with its shipments and its group's home region read.
    """
    if part.state not in (State.AWAITING_PAYMENT, *_AT_HOME, State.SHIPPED):
        return ""
    country = part.vendor.home_region.country_code
    begun = local_day(_begun_at(part, now), country)
    first, last = (begun + timedelta(days=days) for days in (part.delivery_days_min, part.delivery_days_max))
    today = local_day(now, country)
    if last < today:
        return _("late: expected by %(day)s") % {"day": date_format(last, "j F")}
    return day_words(max(first, today), last, is_pick_up=bool(part.pick_up_address))


def answer_by(part: VendorOrder) -> datetime | None:
    """Until when its group may say yes or no; None where nothing is waited for."""
    if part.state != State.NEW or part.released_at is None:
        return None
    return part.released_at + timedelta(hours=settings.ACCEPT_WITHIN_HOURS)


def _begun_at(part: VendorOrder, now: datetime) -> datetime:
    """From when the days count."""
    shipments = list(part.shipments.all())
    to_come = [sent for sent in shipments if sent.received_at is None] or shipments
    if to_come:
        return max(sent.shipped_at for sent in to_come)
    return part.released_at or now
