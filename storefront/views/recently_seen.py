"""Forgetting what was looked at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from storefront.going_back import page_of_ours
from storefront.recently_seen import forget_seen


@require_POST
def seen_forget(request: HttpRequest) -> HttpResponse:
    """Show nothing of what was looked at any more, and go back to "next" (our own pages only)."""
    answer = redirect(page_of_ours(request, request.POST.get("next", "")) or "listing-list")
    forget_seen(answer)
    return answer
