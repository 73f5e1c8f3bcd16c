"""Switch of the language."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from marketplace.lib.addresses import in_language


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language in a cookie and go to the page in ?next (our own pages only) in that language. 404: not spoken here.

    A GET on purpose: it changes nothing but what the visitor reads, and pages need no form token for it.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    target = in_language(request.GET.get("next", "/"), code)
    # Looked at as it is answered: without its language an address may begin with two slashes.
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = in_language("/", code)
    answer = HttpResponseRedirect(target)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600, samesite="Lax")
    return answer
