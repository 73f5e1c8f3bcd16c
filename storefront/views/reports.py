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
from programme.models import MisuseReport
from programme.selectors.misuse import Thing, has_reported
from programme.services.misuse import ReportData, report
from storefront.going_back import page_of_ours
from storefront.report_forms import ReportForm
from vendors.models import Partner

TYPED = "report-of-misuse"


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
    """The form; sent, it leads back to ?next, or else to the thing. Sent twice it is one report. 429: too many from one place.

    What is not complete is kept in the session and asked for anew, so that no page of the browser's history was sent.
    """
    back = page_of_ours(request, request.GET.get("next", "")) or thing.get_absolute_url()
    visitor, person = visitor_of(request), request.user if isinstance(request.user, User) else None
    if request.method != "POST":
        kept = request.session.get(TYPED, {})
        form = ReportForm(kept["typed"]) if kept.get("of") == request.path else ReportForm()
        is_sent = has_reported(thing, visitor=visitor, person=person)
        return _form_page(request, thing, form, back=back, is_sent=is_sent)
    form = ReportForm(request.POST)
    if not form.is_valid():
        typed = {name: request.POST.get(name, "") for name in form.fields}
        request.session[TYPED] = {"of": request.path, "typed": typed}
        return redirect(request.get_full_path())
    if not take(REPORT_BY_VISITOR, visitor) or not take(REPORT_BY_ADDRESS, client_address(request)):
        form.add_error(None, _("Too many reports at once. Try again in an hour, or call the office."))
        return _form_page(request, thing, form, back=back, status=429)
    typed = form.cleaned_data
    data = ReportData(
        reason=MisuseReport.Reason(typed["reason"]),
        words=typed["words"],
        contact=typed["contact"],
        language=get_language() or "en",
    )
    report(thing, data, visitor=visitor, person=person)
    request.session.pop(TYPED, None)
    words = _("Thank you. The programme office looks at it. The group is not told who reported it.")
    messages.success(request, words)
    return redirect(back)


def _form_page(
    request: HttpRequest,
    thing: Thing,
    form: ReportForm,
    *,
    back: str,
    is_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    values = {"form": form, "thing": thing, "back": back, "is_sent": is_sent, "section": ""}
    return render(request, "storefront/report.html", values, status=status)


def visitor_of(request: HttpRequest) -> str:
    """Random words that name nobody and come back with both of two presses.

    Those of the form's guard, in a cookie: machines that only look at the page leave no row of a session behind.
    """
    get_token(request)
    return str(request.META["CSRF_COOKIE"])
