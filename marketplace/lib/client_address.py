"""Where a request comes from, as far as it can be trusted."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the visitor: what the outermost of our own proxies saw.

    settings.PROXY_COUNT proxies of ours each append one address to X-Forwarded-For; what stands before was written by the
    visitor and proves nothing. Without proxies the header is not read.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXY_COUNT < 1:
        return direct
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return seen[-settings.PROXY_COUNT] if len(seen) >= settings.PROXY_COUNT else direct
