"""Reporting a wrong word of the interface, in a language whose texts no speaker has read yet, or in any other."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.lib.addresses import without_language
from marketplace.lib.client_address import client_address
from people.services.limits import REPORT_BY_ADDRESS, REPORT_BY_VISITOR, take
from programme.services.words import report_word
from storefront.views.reports import visitor_of
from storefront.word_forms import WrongWordForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wrong_word(request: HttpRequest) -> HttpResponse:
    """The form; sent, it leads back to the page where the word was read. Sent twice it is one report. 429: too many."""
    form = WrongWordForm(request.POST or None, initial={"page": request.GET.get("page", "")[:200]})
    status = 200
    if request.method == "POST" and form.is_valid():
        visitor = visitor_of(request)
        if take(REPORT_BY_VISITOR, visitor) and take(REPORT_BY_ADDRESS, client_address(request)):
            typed = form.cleaned_data
            report_word(
                language=get_language() or "en",
                page=without_language(typed["page"]),
                wrong=typed["wrong"],
                better=typed["better"],
                visitor=visitor,
            )
            messages.success(request, _("Thank you. Somebody who speaks the language looks at it."))
            return redirect(_back(typed["page"]))
        form.add_error(None, _("Too many reports at once. Try again in an hour, or call the office."))
        status = 429
    return render(request, "storefront/wrong_word.html", {"form": form, "section": ""}, status=status)


def _back(page: str) -> str:
    """The page of ours where the word was read, else the first one."""
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if is_ours else "home"
