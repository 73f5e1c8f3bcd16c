"""Where a press of a button leads: back to the page it stood on, or through the sign-in."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page_of_ours(request: HttpRequest, target: str) -> str:
    """The address if it is one of ours; empty for every other."""
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours else ""


def sign_in_first(target: str) -> HttpResponseRedirect:
    """To the sign-in, and from there to a page of ours."""
    return HttpResponseRedirect(f"{reverse('account-login')}?{urlencode({'next': target})}")
