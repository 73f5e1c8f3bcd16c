"""What the clocks of vendor orders share: one batch at a time, each order apart, deadlines in words."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from marketplace.lib.dates import TIME_ZONES
from marketplace.lib.states import IllegalTransition
from orders.models import VendorOrder

logger = logging.getLogger(__name__)

BATCH = 500


def batch(rows: QuerySet[VendorOrder], order_by: str) -> list[VendorOrder]:
    """One batch of vendor orders, the first by a field or by a name of the query first."""
    return list(rows.select_related("vendor__home_region").order_by(order_by, "pk")[:BATCH])


def apart(step: Callable[..., bool], part: VendorOrder, now: datetime) -> bool:
    """What a step says of one order; False where somebody was quicker, or where it failed, which is logged."""
    try:
        return step(part, now=now)
    except IllegalTransition:
        # Moved a moment ago.
        return False
    except Exception:
        # The outer edge: one part that nobody foresaw must not hold up the others.
        logger.exception("a clock missed a part", extra={"vendor_order": part.pk})
        return False


def deadline_words(part: VendorOrder, deadline: datetime) -> str:
    """Day and hour by the clock of the group's country, in figures that every language reads."""
    zone = TIME_ZONES.get(part.vendor.home_region.country_code)
    return date_format(timezone.localtime(deadline, zone), "Y-m-d H:i")
