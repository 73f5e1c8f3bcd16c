"""The listings that a person has saved."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.models import SavedListing
from catalogue.selectors.saved import kept

PAGE_SIZE = 24


@never_cache
@login_required
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """What one has saved, the newest first, at the prices of today, with what cannot be bought any more."""
    # All of them, which services.saving keeps few: a page of them needs no query that counts.
    rows = list(SavedListing.objects.visible_to(request.user))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return render(
        request,
        "account/saved.html",
        {
            "page": page,
            "page_numbers": [number if isinstance(number, int) else None for number in numbers],
            "rows": kept(list(page.object_list)),
            "section": "",
        },
    )
