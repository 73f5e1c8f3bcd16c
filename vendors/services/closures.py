"""Closing the shop for some days: goods stay visible, nothing is sold, open orders go on. Source: PRODUCT, promise 17."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vendors.errors import ClosureError
from vendors.models import Partner

LONGEST = timedelta(days=366)


@transaction.atomic
def close_shop(vendor: Partner, *, first: date, last: date, message: str) -> Partner:
    """Close a group from one day to another, both included, days of its own country; said again it changes nothing.

    It takes the place of a closure that was set before. One that has begun keeps its first day or is begun anew.
    Raises ClosureError, naming the field, for days that have passed, in the wrong order or more than a year apart.
    """
    locked = _lock(vendor)
    today = locked.today
    if first < today and first != locked.closed_from:
        raise ClosureError(_("This day has passed. Choose today or a later day."), field="closed_from")
    if last < first:
        raise ClosureError(
            _("The last day comes before the first. Change one of them."), field="closed_until"
        )
    if last < today:
        raise ClosureError(_("This day has passed. Choose today or a later day."), field="closed_until")
    if last - first > LONGEST:
        raise ClosureError(
            _("That is more than a year. Choose an earlier day; you can make it longer later."),
            field="closed_until",
        )
    locked.closed_from, locked.closed_until, locked.closure_message = first, last, message
    locked.save(update_fields=["closed_from", "closed_until", "closure_message"])
    return locked


@transaction.atomic
def open_shop(vendor: Partner) -> Partner:
    """Open a group at once, or call off a closure that has not begun; an open one stays open."""
    locked = _lock(vendor)
    locked.closed_from, locked.closed_until, locked.closure_message = None, None, ""
    locked.save(update_fields=["closed_from", "closed_until", "closure_message"])
    return locked


def _lock(vendor: Partner) -> Partner:
    return Partner.objects.select_related("home_region").select_for_update(of=("self",)).get(pk=vendor.pk)
