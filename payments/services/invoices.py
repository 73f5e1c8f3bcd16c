"""Invoices and credit notes get their numbers: once each, without a gap, when somebody first asks for the paper."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from marketplace.lib.dates import local_day
from orders.models import Order, VendorOrder
from payments.models import CashCollection, Invoice, Refund, RefundItem
from vendors.models import Partner

Kind = Invoice.Kind
_UNDECIDED = (Refund.State.PROPOSED, Refund.State.REJECTED)


class NotReleased(ValueError):
    """The vendor order was not handed to its group, or no cash was taken for it, so there is nothing to bill."""


def invoice_for(vendor_order: VendorOrder) -> Invoice:
    """The invoice of a vendor order, numbered at the first call and the same ever after.

    Numbers of a group and year follow one another, whoever asks at once. Raises NotReleased.
    """
    order = vendor_order.order
    if order.released_at is None:
        raise NotReleased(vendor_order.number)
    found = Invoice.objects.filter(vendor_order=vendor_order, kind=Kind.INVOICE).first()
    if found is not None:
        return found
    taken = dict(
        CashCollection.objects.filter(vendor_order__order=order).values_list("vendor_order_id", "amount")
    )
    is_cash = taken or order.status in (Order.Status.PAY_ON_DELIVERY, Order.Status.CANCELLED)
    if is_cash and vendor_order.pk not in taken:
        raise NotReleased(vendor_order.number)
    return _issue(vendor_order, refund=None, total=taken.get(vendor_order.pk, vendor_order.total))


def credit_notes_for(vendor_order: VendorOrder) -> list[Invoice]:
    """A credit note for each refund decided on this vendor order, oldest first; the invoice gets its number first.

    A refund that failed keeps its note: the buyer is still owed the money. Raises NotReleased.
    """
    invoice_for(vendor_order)
    sums = (
        RefundItem.objects.filter(vendor_order=vendor_order)
        .exclude(refund__state__in=_UNDECIDED)
        .order_by("refund_id")
        .values_list("refund_id")
        .annotate(total=Sum("amount"))
    )
    rows = Invoice.objects.filter(vendor_order=vendor_order, kind=Kind.CREDIT_NOTE)
    notes: dict[int, Invoice] = {note.refund_id: note for note in rows if note.refund_id is not None}
    for refund_pk, total in sums:
        if refund_pk not in notes and total > 0:
            refund = Refund.objects.get(pk=refund_pk)
            notes[refund_pk] = _issue(vendor_order, refund=refund, total=total)
    return [notes[refund_pk] for refund_pk in sorted(notes)]


@transaction.atomic
def _issue(vendor_order: VendorOrder, *, refund: Refund | None, total: Decimal) -> Invoice:
    vendor = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor_order.vendor_id)
    kind = Kind.INVOICE if refund is None else Kind.CREDIT_NOTE
    # Asked again after waiting for the lock: somebody else may have been first.
    found = Invoice.objects.filter(vendor_order=vendor_order, kind=kind, refund=refund).first()
    if found is not None:
        return found
    now = timezone.now()
    year = _year(now, vendor)
    series = Invoice.objects.filter(vendor=vendor, kind=kind, year=year)
    sequence = (series.aggregate(last=Max("sequence"))["last"] or 0) + 1
    mark = "" if refund is None else "C"
    return Invoice.objects.create(
        kind=kind,
        vendor=vendor,
        vendor_order=vendor_order,
        refund=refund,
        year=year,
        sequence=sequence,
        number=f"{vendor.pk}/{year}/{mark}{sequence:04d}",
        seller_name=vendor.name,
        seller_address=_address(vendor),
        currency=vendor_order.currency,
        total=total,
        issued_at=now,
    )


def _year(now: datetime, vendor: Partner) -> int:
    return local_day(now, vendor.home_region.country_code).year


def _address(vendor: Partner) -> str:
    place = vendor.home_region
    lines = [vendor.address, place.name, place.parent.name if place.parent else "", vendor.phone]
    return "\n".join(line for line in lines if line)[:400]
