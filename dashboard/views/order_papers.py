"""Papers of the group's orders: packing slip, pick list, and all orders as CSV."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from dashboard.desk import Desk, member_page, move_to
from dashboard.order_page import own_order
from marketplace.lib.downloads import csv_response, pdf_response
from orders.documents.exports import orders_csv as written_orders
from orders.documents.pick_lists import pick_list_pdf
from orders.documents.slips import slip_pdf
from orders.documents.words import Language, paper_language
from orders.selectors.pick_list import pick_list as picked


@require_safe
@member_page
def order_slip(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The packing slip of one order, in the language asked for. 404: of another group, or no such number."""
    row = own_order(desk, number)
    move_to(request, desk, row.vendor_id)
    language = _language(request)
    with translation.override(language):
        content = slip_pdf(row, language=language, now=timezone.now())
    return pdf_response(content, f"slip-{row.number}")


@require_safe
@member_page
def pick_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is to be taken from the shelves for all accepted orders of the group."""
    language = _language(request)
    rows, orders = picked(desk.vendor_orders)
    with translation.override(language):
        content = pick_list_pdf(
            rows,
            orders,
            vendor_name=desk.vendor.name,
            language=language,
            made_at=timezone.localtime(),
        )
    return pdf_response(content, f"pick-list-{timezone.localdate()}")


@require_safe
@member_page
def orders_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Orders of one year of the group, this year's when none is named; buyers only while they may be seen."""
    asked = request.GET.get("year", "")
    is_year = len(asked) == 4 and asked.isascii() and asked.isdigit() and asked > "1999"
    year = int(asked) if is_year else timezone.localdate().year
    rows = desk.vendor_orders.filter(released_at__year=year)
    content = written_orders(rows, now=timezone.now(), shows_commission=desk.keeps_books)
    return csv_response(content, f"orders-{year}")


def _language(request: HttpRequest) -> Language:
    return paper_language(request.GET.get("language", "") or translation.get_language() or "en")
