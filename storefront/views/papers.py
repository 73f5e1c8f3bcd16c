"""Papers of an order as PDF, for whoever may see the order's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.lib.downloads import pdf_response
from orders.models import Order, VendorOrder
from payments.documents.invoices import invoice_pdf
from payments.documents.receipts import receipt_pdf
from payments.models import Invoice
from payments.services.invoices import NotReleased, credit_notes_for, invoice_for
from storefront.views.orders import admit_by_key, own_order


@never_cache
@require_safe
def order_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The buyer's receipt. 404 for anybody who may not see the order, and for an order that was not paid."""
    order = _released_order(request, number)
    if order.paid_at is None:
        raise Http404
    return pdf_response(receipt_pdf(order, language=_language()), f"receipt-{number}")


@never_cache
@require_safe
def order_invoice(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """The invoice of one group. 404 likewise, for a part of another order, and where no cash was taken for it."""
    order = _released_order(request, number)
    try:
        return _paper(invoice_for(_part(order, part)))
    except NotReleased as nothing:
        raise Http404 from nothing


@never_cache
@require_safe
def order_credit_note(request: HttpRequest, number: str, part: str, refund: int) -> HttpResponse:
    """The credit note of one group for one refund. 404 likewise, and for a refund of something else."""
    order = _released_order(request, number)
    try:
        notes = credit_notes_for(_part(order, part))
    except NotReleased as nothing:
        raise Http404 from nothing
    note = next((note for note in notes if note.refund_id == refund), None)
    if note is None:
        raise Http404
    return _paper(note)


def _released_order(request: HttpRequest, number: str) -> Order:
    admit_by_key(request, number)
    order = own_order(request, number)
    if order.released_at is None:
        raise Http404
    return order


def _part(order: Order, number: str) -> VendorOrder:
    parts = VendorOrder.objects.select_related("order", "vendor__home_region")
    return get_object_or_404(parts, order=order, number=number)


def _paper(invoice: Invoice) -> HttpResponse:
    content = invoice_pdf(invoice, language=_language(), shows_buyer=True)
    return pdf_response(content, f"{invoice.kind}-{invoice.number}")


def _language() -> str:
    return get_language() or "en"
