"""What is shown below the fields for words and for places while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalogue.selectors.places import counts_by_path
from catalogue.selectors.suggestions import SHORTEST, suggestions
from regions.selectors.places import suggest

LONGEST = 60
MOST_PLACES = 3
MOST_TO_LOOK_IN = 8


@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """Options of the field for finding: listings, places, kinds of goods and groups that ?q may begin."""
    words = _words(request)
    found = suggestions(words)
    places = suggest(words, limit=MOST_PLACES) if _is_enough(words) else []
    total = len(found.listings) + len(places) + len(found.categories) + len(found.groups)
    values = {"found": found, "places": places, "total": total if _is_enough(words) else None}
    return render(request, "components/suggestions.html", values)


@require_safe
def place_option_list(request: HttpRequest) -> HttpResponse:
    """Options of the field for the place to look in: places of all levels that ?q may mean, with what is on sale there."""
    words = _words(request)
    found = suggest(words, limit=MOST_TO_LOOK_IN) if _is_enough(words) else []
    counts = counts_by_path() if found else {}
    places = [(row, counts.get(row.region.path, 0)) for row in found]
    values = {"places": places, "total": len(places) if _is_enough(words) else None}
    return render(request, "components/place_options.html", values)


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:LONGEST]


def _is_enough(words: str) -> bool:
    return len(words.strip()) >= SHORTEST
