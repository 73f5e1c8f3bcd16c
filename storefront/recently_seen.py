"""Listings that were looked at last: their numbers lie in a cookie of the browser, and nowhere else."""

import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalogue.models import Product
from catalogue.selectors.listings import ListingCard, card_rows, cards

# components/seen.html says it in words.
KEPT_DAYS = 7
SHOWN = 4
# More than are shown, for some may be sold no more.
MOST_KEPT = 8
_LONGEST_KEY = 18
_WRITTEN_BY_US = re.compile(rf"[0-9]{{1,{_LONGEST_KEY}}}(\.[0-9]{{1,{_LONGEST_KEY}}}){{0,{MOST_KEPT - 1}}}")


def seen_keys(request: HttpRequest) -> Sequence[int]:
    """Keys of listings, the last one first; at most MOST_KEPT, each once. Empty where the cookie is not as we write it."""
    words = request.COOKIES.get(settings.SEEN_COOKIE_NAME, "")
    if not _WRITTEN_BY_US.fullmatch(words):
        return []
    return list(dict.fromkeys(int(key) for key in words.split(".")))


def seen_cards(request: HttpRequest, *, beside: int | None = None) -> list[ListingCard]:
    """Cards of what was looked at last and is in the shop now, SHOWN at most; no query where nothing is kept.

    beside: key of the listing whose page it is, which is not shown.
    """
    keys = [key for key in seen_keys(request) if key != beside]
    if not keys:
        return []
    rows = {row.pk: row for row in card_rows(Product.objects.live().whole().filter(pk__in=keys))}
    return cards([rows[key] for key in keys if key in rows][:SHOWN])


def note_seen(request: HttpRequest, response: HttpResponse, pk: int) -> None:
    """Have the browser keep that this listing was looked at, for KEPT_DAYS from now."""
    keys = [pk, *(key for key in seen_keys(request) if key != pk)][:MOST_KEPT]
    response.set_cookie(
        settings.SEEN_COOKIE_NAME,
        ".".join(map(str, keys)),
        max_age=KEPT_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_seen(response: HttpResponse) -> None:
    """Have the browser keep nothing of it."""
    response.delete_cookie(settings.SEEN_COOKIE_NAME, samesite="Lax")
