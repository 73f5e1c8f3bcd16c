"""Where a press of a button comes from, and where it leads: back to the page it stood on, or through the sign-in."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_sent_by_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that a page of ours sent this form; False where it says nothing.

    Only for forms without a token. What a page is of is asked of Origin, which no script of another site can set, and of
    Referer where a browser knows no Origin.
    """
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if "Origin" in request.headers:
        return request.headers["Origin"] in ours
    return any(request.headers.get("Referer", "").startswith(f"{origin}/") for origin in ours)


def page_of_ours(request: HttpRequest, target: str) -> str:
    """The address if it is one of ours; empty for every other."""
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else ""


def sign_in_first(target: str) -> HttpResponseRedirect:
    """To the sign-in, and from there to a page of ours."""
    return HttpResponseRedirect(f"{reverse('account-login')}?{urlencode({'next': target})}")
