"""Telling those who wait that something can be bought again: each of them once.

Found by query among the requests, so that a sale or a count is not slowed by it and a lost message heals at the next run.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from catalogue.models import Product, StockRequest
from catalogue.selectors.licences import unlicensed
from catalogue.selectors.listings import content_words
from catalogue.services.readers import one_contact
from marketplace.lib.addresses import public_link
from notices.services.queueing import Recipient, notify
from vendors.models import StockRecord

logger = logging.getLogger(__name__)

BATCH = 500
# After that it has been there for so long that whoever waits has seen it, or it is gone again.
NEWS_FOR = timedelta(days=3)


def tell_of_stock() -> int:
    """Tell everybody who waits for what can be bought now; returns how many, at most one batch.

    Safe to repeat, beside itself and to be killed: each is marked by the statement that looks at the stock once more, in
    the transaction that queues the notice. What is hidden, of a closed group, or food without a licence is told of by no
    run, until it can be bought.
    """
    told = 0
    for product in _buyable():
        waiting = StockRequest.objects.waiting().filter(product=product).order_by("pk")
        for pk in list(waiting.values_list("pk", flat=True)[: BATCH - told]):
            try:
                told += _tell(pk, product)
            except Exception:
                # The outer edge: one reader whom nobody foresaw must not keep the others waiting.
                logger.exception("stock not told", extra={"stock_request": pk})
        if told >= BATCH:
            break
    return told


def _buyable() -> list[Product]:
    """What somebody waits for and anybody could buy at this moment; two queries."""
    waiting = StockRequest.objects.waiting().filter(product=OuterRef("pk"))
    live = Product.objects.live().filter(Q(parent=None) | Q(parent__in=Product.objects.live()))
    rows = live.filter(Exists(waiting), Exists(_free(OuterRef("pk"))))
    found = list(rows.select_related("parent", "vendor__home_region").order_by("pk")[:BATCH])
    without = unlicensed({row.parent_id or row.pk for row in found})
    return [
        row
        for row in found
        if (row.parent_id or row.pk) not in without and not row.vendor.is_closed_on(row.vendor.today)
    ]


def _free(product: OuterRef) -> QuerySet[StockRecord]:
    return StockRecord.objects.filter(product=product, num_in_stock__gt=F("num_allocated"))


@transaction.atomic
def _tell(pk: int, product: Product) -> bool:
    now = timezone.now()
    # Looked at and marked by one statement: of two workers one tells, and nobody is told of what was sold meanwhile.
    still = StockRequest.objects.waiting().filter(Exists(_free(OuterRef("product"))), pk=pk)
    if not still.update(told_at=now):
        return False
    request = StockRequest.objects.select_related("person").get(pk=pk)
    person = request.person
    if person is not None and not person.is_active:
        return False
    to = one_contact(person) if person else Recipient(request.email, request.phone, request.language)
    with override(to.language):
        words = (product.called(), product.size_label or content_words(product) if product.is_child else "")
    notify(
        f"stock-back:{pk}",
        "stock_back",
        to=to,
        context={
            "listing": " ".join(part for part in words if part),
            "vendor": product.vendor.name,
            "link": public_link(
                reverse(
                    "listing-detail",
                    kwargs={"slug": (product.parent or product).slug, "pk": product.parent_id or product.pk},
                ),
                language=to.language,
            ),
        },
        expires_at=now + NEWS_FOR,
    )
    return True
