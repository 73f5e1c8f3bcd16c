"""What every page of the marketplace answers alike, whichever room it belongs to."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from marketplace.lib.addresses import in_language, proper_address
from marketplace.lib.audit import Visitor, note, noting
from marketplace.lib.locks import is_busy

RETRY_AFTER_SECONDS = "5"


class BusyMiddleware:
    """Answers "busy, try again" with 503 when the database gave up waiting for a row that somebody else holds.

    Services write in one transaction, so nothing has been changed then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that says so; None for every other error."""
        if not isinstance(exception, OperationalError) or not is_busy(exception):
            return None
        answer = render(request, "503.html", status=503)
        answer["Retry-After"] = RETRY_AFTER_SECONDS
        return answer


class NotAllowedMiddleware:
    """Gives whoever looks at an address that only takes forms a page with a way on, where Django answers with nothing at all.

    So comes who opens a closed tab again, or signs in where a form was sent after the session had ended.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; an empty 405 to a GET gets a page."""
        answer = self.get_response(request)
        if request.method != "GET" or not isinstance(answer, HttpResponseNotAllowed):
            return answer
        page = render(request, "405.html", status=answer.status_code)
        page["Allow"] = answer["Allow"]
        return page


class LanguageMiddleware(LocaleMiddleware):
    """Speaks the language that the address says: none for English, "/hi/..." for Hindi.

    Whoever opens an address without a language and has chosen another (cookie), or whose browser asks for another, is led to
    the page in that one. So each page has one address in each language, and links in messages open in the reader's.
    An address that says English, or writes a language as browsers do ("/hi-IN/"), leads to the page for good. Addresses that
    never say a language, as the admin's, are read in the reader's. Source: docs/adr/0017.
    """

    def process_request(  # type: ignore[override]  # the base class leads nobody on
        self, request: HttpRequest
    ) -> HttpResponse | None:
        """Speak it, or lead on; only reading is led on, and no part of a page that a script asks for."""
        if request.path_info.startswith(settings.PATHS_WITHOUT_LANGUAGE):
            _speak(request, _wanted(request))
            return None
        is_page = request.method in ("GET", "HEAD") and "X-Live" not in request.headers
        proper = proper_address(request)
        if proper and is_page:
            return HttpResponsePermanentRedirect(proper)
        in_address = translation.get_language_from_path(request.path_info)
        _speak(request, in_address or settings.LANGUAGE_CODE)
        wanted = _wanted(request)
        if in_address or wanted == settings.LANGUAGE_CODE or not is_page:
            return None
        answer = HttpResponseRedirect(in_language(request.get_full_path(), wanted))
        patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        return answer


def _wanted(request: HttpRequest) -> str:
    # A cookie of somebody else's writing may hold the code in capitals, which no address of ours has.
    return translation.get_language_from_request(request).lower()


def _speak(request: HttpRequest, code: str) -> None:
    translation.activate(code)
    request.LANGUAGE_CODE = code


class AuditMiddleware:
    """Says to the audit who writes, and by which page; stands below the one that knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on as one operation."""
        with noting(person=Visitor(request), via=request.method):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """The page by its name: addresses hold numbers and codes."""
        match = request.resolver_match
        note(via=f"{request.method} {match.view_name if match else ''}")
        if request.method == "POST" and match and match.app_name == "admin":
            # Of the line that templates/admin/submit_line.html adds to every form.
            note(reason=request.POST.get("_reason", "").replace("\0", "").strip()[:500])


class AskAgainMiddleware:
    """Lets no cache answer with a page of before: claims, stock and closures end at their moment, untouched by anybody.

    A page that nothing is said of could be kept by a browser or a proxy for as long as they like. Whoever lets a page
    be kept says so in its view, which then stands. A browser still goes back to a page without asking.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; what comes back without a word on caches gets one."""
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response
