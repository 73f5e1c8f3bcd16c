"""Codes of places in the query of an address: one of before leads to the place of today."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse

from regions.models import Region
from regions.selectors.register import place_by_code, successor_of

_CODE = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]+)+")


def moved_query(
    request: HttpRequest, name: str, *, stays: Callable[[Region], bool] = lambda place: False
) -> HttpResponse | None:
    """Where an address with a code of before leads; None when the code is one of today, none at all, or only words.

    name: of the value in the query. A former code, and one of a place that became part of another, lead to the same
    address with the code of today for good. One of a place that ended otherwise leads to the page of that place, which
    names those that have its land; stays: says of such a place that the address still shows something of it.
    """
    code = request.GET.get(name, "").replace("\0", "").strip()
    if request.method not in ("GET", "HEAD") or not _CODE.fullmatch(code):
        return None
    place = place_by_code(code)
    if place is None:
        return None
    today = successor_of(place) or place
    if today.code != code.upper():
        query = request.GET.copy()
        query[name] = today.code
        return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")
    if today.ended_on is None or stays(today):
        return None
    # Its land may yet be one place's, so that no browser should keep this for good.
    return HttpResponseRedirect(reverse("place-detail", args=[today.code]))
