"""Reporting that something in the shop is wrong: a listing, what a buyer says of one, the page of a group."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.models import Product
from marketplace.lib.client_address import client_address
from orders.models import Review
from people.models import User
from people.services.limits import REPORT_BY_ADDRESS, REPORT_BY_VISITOR, take
from programme.errors import ReportWordsNeeded
from programme.models import MisuseReport
from programme.services.misuse import ReportData, Thing, report
from storefront.report_forms import ReportForm
from vendors.models import Partner


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a listing. 404: not on sale."""
    rows = Product.objects.live().whole().select_related("vendor")
    return _page(request, get_object_or_404(rows, pk=pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_group(request: HttpRequest, code: str) -> HttpResponse:
    """Report the page of a group. 404: not in the shop."""
    return _page(request, get_object_or_404(Partner.objects.public(), code=code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Report what a buyer says. 404: not shown, or of what is not on sale."""
    rows = Review.objects.published().filter(listing__in=Product.objects.live().whole())
    return _page(request, get_object_or_404(rows.select_related("listing__vendor"), pk=pk))


def _page(request: HttpRequest, thing: Thing) -> HttpResponse:
    """The form; sent, it leads back to the thing. Sent twice it is one report. 429: too many from one place."""
    form = ReportForm(request.POST or None)
    visitor = visitor_of(request)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not take(REPORT_BY_VISITOR, visitor) or not take(REPORT_BY_ADDRESS, client_address(request)):
            form.add_error(None, _("Too many reports at once. Try again in an hour, or call the office."))
            status = 429
        elif _reported(request, thing, form, visitor):
            words = _("Thank you. The programme office looks at it. The group is not told who reported it.")
            messages.success(request, words)
            return redirect(thing)
    values = {"form": form, "thing": thing, "section": ""}
    return render(request, "storefront/report.html", values, status=status)


def visitor_of(request: HttpRequest) -> str:
    """Random words that name nobody and come back with both of two presses.

    Those of the form's guard, in a cookie: machines that only look at the page leave no row of a session behind.
    """
    get_token(request)
    return str(request.META["CSRF_COOKIE"])


def _reported(request: HttpRequest, thing: Thing, form: ReportForm, visitor: str) -> bool:
    """Whether it is with the office now; else the form says what is missing."""
    typed = form.cleaned_data
    data = ReportData(
        reason=MisuseReport.Reason(typed["reason"]),
        words=typed["words"],
        contact=typed["contact"],
        language=get_language() or "en",
    )
    try:
        report(thing, data, visitor=visitor, person=request.user if isinstance(request.user, User) else None)
    except ReportWordsNeeded as error:
        form.add_error("words", error.message)
        return False
    return True
