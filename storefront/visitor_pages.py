"""Pages that are the same for everybody who brings no cookie of the own are kept for a few seconds."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from marketplace.lib.dates import TIME_ZONES, today_in

# They change no page that is kept: the language stands in the address, a form's guard is on pages with forms, and what was
# looked at last is shown on the pages of listings, of the basket and of the account.
_COMMON_COOKIES = frozenset(
    {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SEEN_COOKIE_NAME}
)
View = Callable[..., HttpResponse]


def kept_for_visitors(view: View) -> View:
    """Answer whoever brings no cookie of its own with the page that another such visitor got VISITOR_PAGE_SECONDS ago at most.

    So many seconds late may a price or a stock be there, and on no page of somebody who put anything into a basket or signed
    in. Claims and closures end with the day of their country: at midnight everything is made anew. Parts of pages, answers
    that set a cookie and whatever is no page of 200 are not kept. Never where something is bought.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds: int = settings.VISITOR_PAGE_SECONDS
        is_part = "X-Live" in request.headers
        is_known = not _COMMON_COOKIES.issuperset(request.COOKIES)
        if not seconds or request.method != "GET" or is_known or is_part:
            return view(request, *args, **kwargs)
        key = _key(request)
        page: bytes | None = cache.get(key)
        if page is not None:
            return HttpResponse(page)
        made = view(request, *args, **kwargs)
        sets_cookie = made.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        if made.status_code == 200 and not made.streaming and not sets_cookie:
            cache.set(key, made.content, seconds)
        return made

    return answer


def _key(request: HttpRequest) -> str:
    days = [today_in(country).isoformat() for country in (*TIME_ZONES, "")]
    # As it was sent: written as an address, unquoted letters would be taken for others that are quoted.
    asked = request.META.get("QUERY_STRING", "")
    whole = "\n".join([request.build_absolute_uri(request.path), asked, str(get_language()), *days])
    return f"visitor-page:{sha256(whole.encode()).hexdigest()}"
