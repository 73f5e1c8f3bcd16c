"""Photos served by the application itself, on one machine; elsewhere object storage serves them."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve

YEAR_SECONDS = 31_536_000


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file below MEDIA_ROOT. A photo's name is random and its content never changes: kept for a year."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
