"""Pages whose address has changed."""

from django.http import HttpRequest, HttpResponsePermanentRedirect


def moved(request: HttpRequest, address: str) -> HttpResponsePermanentRedirect:
    """Lead to the page under its address of today for good, with what was asked of it."""
    asked = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(address + (f"?{asked}" if asked else ""))
