"""The style page, for whoever works on the shop."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from storefront.style_examples import examples, tokens


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Tokens and every part of the pages in all its states. 404 unless STYLE_PAGE says otherwise."""
    if not settings.STYLE_PAGE:
        raise Http404
    return render(request, "storefront/style.html", {"examples": examples(), "tokens": tokens()})
