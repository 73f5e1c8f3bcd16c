"""Telling a group that little is left of something: once when it falls to the number it has set, again after a refill.

Found by query among the movements, so that a sale is not slowed by it and a lost message heals at the next run.
"""

import logging

from django.db import transaction
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from marketplace.lib.addresses import public_link
from vendors.models import Partner, StockMovement, StockRecord
from vendors.services.telling import tell_members

logger = logging.getLogger(__name__)

BATCH = 500


def tell_of_low_stock() -> int:
    """Tell the groups of each size on sale that has fallen low since they were told; returns how many sizes.

    At most one batch. Safe to repeat and beside itself: a record is told of under its row lock.
    """
    told = 0
    for pk in list(_newly_low().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        try:
            told += _tell(pk)
        except Exception:
            # The outer edge: one record that nobody foresaw must not keep the others silent.
            logger.exception("low stock not told", extra={"stock_record": pk})
    return told


@transaction.atomic
def set_threshold(stock_record_pk: int, units: int | None) -> None:
    """Write at how many units for sale the group is told; None for the group's own number."""
    StockRecord.objects.filter(pk=stock_record_pk).update(low_stock_threshold=units)


@transaction.atomic
def set_default(vendor: Partner, units: int) -> None:
    """Write the group's own number, which holds for all sizes without one."""
    Partner.objects.filter(pk=vendor.pk).update(low_stock_default=units)
    vendor.low_stock_default = units


def _newly_low() -> QuerySet[StockRecord]:
    """Sizes on sale that are low now and have fallen so by a movement of which nobody was told.

    What was put on sale with few units has not fallen: a weaver's single piece makes no message.
    """
    left = F("in_stock") - F("reserved")
    before = left - F("in_stock_change") + F("reserved_change")
    falls = StockMovement.objects.annotate(left=left, before=before).filter(
        stock_record=OuterRef("pk"),
        pk__gt=Coalesce(OuterRef("low_told_movement"), 0),
        left__lte=OuterRef("threshold"),
        before__gt=OuterRef("threshold"),
    )
    return StockRecord.objects.annotate(
        threshold=Coalesce("low_stock_threshold", "partner__low_stock_default", output_field=IntegerField())
    ).filter(
        Exists(falls),
        num_in_stock__lte=F("num_allocated") + F("threshold"),
        product__state="live",
        partner__state=Partner.State.APPROVED,
    )


@transaction.atomic
def _tell(pk: int) -> bool:
    # Nobody waits for a row that a sale holds just now: the next run finds it again.
    rows = StockRecord.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    record = rows.select_related("product__parent", "partner").filter(pk=pk).first()
    if record is None or not _newly_low().filter(pk=pk).exists():
        return False
    last = StockMovement.objects.filter(stock_record=pk).latest("pk")
    StockRecord.objects.filter(pk=pk).update(low_told_movement=last.pk)
    product = record.product
    tell_members(
        record.partner,
        "stock_low",
        key=f"stock:{pk}:{last.pk}:low",
        context={
            "listing": f"{product.get_title()} {product.size_label}".strip(),
            "count": str(record.num_in_stock - record.num_allocated),
            "link": f"{public_link(reverse('dashboard-stock-list'))}?show=low",
        },
    )
    return True
