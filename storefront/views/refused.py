"""A form without its guard: from a page that had been open too long, from a session of before, or from another site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from storefront.going_back import page_of_ours


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: say that nothing was changed, and lead back to the page of ours that the browser names.

    Whoever signed in meanwhile in another tab comes here too: loaded again, the page has the guard of today.
    """
    back = page_of_ours(request, request.headers.get("Referer", ""))
    return render(request, "403_csrf.html", {"back": back}, status=403)
