"""Where providers send their events."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.providers.base import BadSignature, MalformedEvent
from payments.services.events import receive
from payments.services.providers import STRIPE

logger = logging.getLogger(__name__)

MAX_EVENT_BYTES = 512 * 1024


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Store one signed event of our own account: 200 once stored, 400 when not Stripe's, 413 when too long."""
    return _receive(request, is_connect=False)


@csrf_exempt
@require_POST
def stripe_connect_webhook(request: HttpRequest) -> HttpResponse:
    """Store one signed event of a connected account: 200 once stored, 400 when not Stripe's, 413 when too long."""
    return _receive(request, is_connect=True)


def _receive(request: HttpRequest, *, is_connect: bool) -> HttpResponse:
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > MAX_EVENT_BYTES:
        return HttpResponse(status=413)
    try:
        signature = request.headers.get("Stripe-Signature", "")
        receive(STRIPE, request.body, signature, request.headers, is_connect=is_connect)
    except (BadSignature, MalformedEvent) as error:
        logger.warning("webhook refused", extra={"why": type(error).__name__})
        return HttpResponse(status=400)
    return HttpResponse(status=200)
