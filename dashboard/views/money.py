"""Money of the group, for its chair and bookkeeper: balance, sales, payouts, statements, where it is paid."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.desk import APPLICATION_STATES, Desk, application_page, frame, member_page, move_to
from dashboard.money import masked, payout_rows, sale_rows, statement_links, why_no_payout
from dashboard.money_forms import PayoutAccountForm
from marketplace.lib.downloads import csv_response, pdf_response
from orders.models import Line
from orders.policies import can_see_buyer
from orders.selectors.vendor_orders import own_vendor_orders
from payments.documents.invoices import invoice_pdf
from payments.documents.statements import statement_csv, statement_pdf
from payments.forms.statements import AskedStatement, asked_statement
from payments.models import Payout, PayoutAccount
from payments.payout_errors import DetailsIncomplete
from payments.selectors.next_payouts import next_payouts
from payments.selectors.statements import statement_months
from payments.services.invoices import NotReleased, invoice_for
from payments.services.payout_accounts import give_details
from vendors.models import Partner

PAGE_SIZE = 15
PAYOUTS_SHOWN = 6


@require_safe
@member_page
def money(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How much there is, when it comes and why. 403 for packers. A constant number of queries."""
    values = _frame(desk)
    rows = desk.vendor_orders.select_related("order").order_by("-order__released_at", "-pk")
    lines = Prefetch("lines", Line.objects.order_by("pk"))
    paginator = Paginator(rows.prefetch_related(lines), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    payouts = Payout.objects.filter(vendor=desk.vendor).select_related("account")
    now = timezone.now()
    accounts = PayoutAccount.objects.filter(vendor=desk.vendor, cancelled_at__isnull=True)
    kept = list(accounts.order_by("-active_from", "-pk")[:5])
    values |= {
        "balances": [(each, why_no_payout(each)) for each in next_payouts(desk.vendor, now=now)],
        "sales": sale_rows(list(page.object_list)),
        "page": page,
        "page_numbers": [
            number if isinstance(number, int) else None
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
        "payouts": payout_rows(list(payouts.prefetch_related("transfers")[:PAYOUTS_SHOWN])),
        "months": statement_links(statement_months(desk.vendor)),
        "account": next((masked(each) for each in kept if each.active_from <= now), ""),
        "coming": [(masked(each), each.active_from) for each in kept if each.active_from > now],
    }
    return render(request, "dashboard/money.html", values)


@require_safe
@member_page
def money_statement(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The account from day to day, as a page. 403 for packers."""
    values = _frame(desk)
    asked = asked_statement(desk.vendor, request.GET)
    values |= {
        "statement": asked.statement,
        "form": asked.form,
        "query": asked.query,
        "currencies": asked.currencies,
    }
    return render(request, "dashboard/money_statement.html", values)


@require_safe
@member_page
def money_statement_pdf(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as PDF. 404: days that make no sense."""
    asked = _asked_statement(request, desk)
    return pdf_response(statement_pdf(asked.statement, language=get_language() or "en"), asked.file_name)


@require_safe
@member_page
def money_statement_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as CSV."""
    asked = _asked_statement(request, desk)
    return csv_response(statement_csv(asked.statement), asked.file_name)


@require_http_methods(["GET", "HEAD", "POST"])
@application_page
def money_account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say where the group is paid. What is wrong is named beside its field; sent twice it is said once.

    A form that was opened for another of the person's groups stores nothing: it is shown again with the group's name.
    """
    values = _frame(desk)
    form = PayoutAccountForm(request.POST or None, vendor=desk.vendor)
    if request.method == "POST" and form.is_valid():
        try:
            account = give_details(desk.vendor, form.details(), actor=desk.user)
        except DetailsIncomplete as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _given(account, desk.vendor))
            return redirect(
                "dashboard-application" if desk.vendor.state in APPLICATION_STATES else "dashboard-money"
            )
    values |= {"form": form, "delay": settings.PAYOUT_DETAILS_DELAY_DAYS}
    return render(request, "dashboard/money_account.html", values)


@require_safe
@member_page
def order_invoice(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The invoice of one order as PDF. 404: of another group, not paid yet, or no such number."""
    rows = own_vendor_orders(desk.user).select_related("order", "vendor__home_region")
    row = get_object_or_404(rows, number=number)
    move_to(request, desk, row.vendor_id)
    shows_buyer = can_see_buyer(row, now=timezone.now())
    try:
        invoice = invoice_for(row)
    except NotReleased as nothing:
        raise Http404 from nothing
    content = invoice_pdf(invoice, language=get_language() or "en", shows_buyer=shows_buyer)
    return pdf_response(content, f"invoice-{invoice.number}")


def _frame(desk: Desk) -> dict[str, Any]:
    """Values of the frame; raises PermissionDenied for those who do not keep the books."""
    if not desk.keeps_books:
        raise PermissionDenied
    return frame(desk, "money")


def _asked_statement(request: HttpRequest, desk: Desk) -> AskedStatement:
    if not desk.keeps_books:
        raise PermissionDenied
    asked = asked_statement(desk.vendor, request.GET)
    if asked.is_refused:
        raise Http404
    return asked


def _given(account: PayoutAccount, vendor: Partner) -> str:
    said = {"account": masked(account), "group": vendor.name}
    if account.active_from <= timezone.now():
        return _("Thank you. From now on %(group)s is paid to %(account)s.") % said
    return _("Thank you. We tell everybody in %(group)s; after some days it is paid to %(account)s.") % said
