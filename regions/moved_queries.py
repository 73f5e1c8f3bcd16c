"""Codes of places in the query of an address: one of before leads to the place of today."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse

from regions.models import Region
from regions.selectors.asked import asked_in_address


def moved_query(request: HttpRequest, name: str) -> HttpResponse | None:
    """Where an address with a code of before leads; None when the code is one of today, none at all, or only words.

    As leads_elsewhere, for who does not need the place itself.
    """
    asked = asked_in_address(request.GET.get(name, ""), product=None, limit=0)
    return leads_elsewhere(request, name, asked.place if asked.is_code else None)


def leads_elsewhere(
    request: HttpRequest,
    name: str,
    today: Region | None,
    *,
    stays: Callable[[Region], bool] = lambda place: False,
) -> HttpResponse | None:
    """Where an address leads whose code is not that of the place of today; None where it stays.

    name: of the value in the query; today: the place of that code, as it stands today. A former code, and one of a place that became part
    of another, lead to the same address with the code of today for good. One of a place that ended otherwise leads to the page
    of that place, which names those that have its land; stays: says of such a place that the address still shows something of it.
    """
    code = request.GET.get(name, "").replace("\0", "").strip()
    if today is None or request.method not in ("GET", "HEAD"):
        return None
    if today.code != code.upper():
        query = request.GET.copy()
        query[name] = today.code
        return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")
    if today.ended_on is None or stays(today):
        return None
    # Its land may yet be one place's, so that no browser should keep this for good.
    return HttpResponseRedirect(reverse("place-detail", args=[today.code]))
