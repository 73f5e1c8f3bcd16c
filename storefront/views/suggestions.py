"""What is shown below the field for finding while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalogue.selectors.suggestions import SHORTEST, suggestions
from regions.selectors.places import suggest

MOST_PLACES = 3


@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """A part of a page: listings, places, kinds of goods and groups that ?q may begin; empty where there is nothing."""
    words = request.GET.get("q", "")[:60]
    is_long_enough = len(words.strip()) >= SHORTEST
    found = suggestions(words)
    places = [row.region for row in suggest(words, limit=MOST_PLACES)] if is_long_enough else []
    return render(
        request,
        "components/suggestions.html",
        {"found": found, "places": places, "is_empty": not found and not places},
    )
