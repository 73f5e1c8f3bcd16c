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
    """Store one signed event: 200 once it is stored, 400 when it is not Stripe's, 413 when it is too long."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > MAX_EVENT_BYTES:
        return HttpResponse(status=413)
    try:
        receive(STRIPE, request.body, request.headers.get("Stripe-Signature", ""), request.headers)
    except (BadSignature, MalformedEvent) as error:
        logger.warning("webhook refused", extra={"why": type(error).__name__})
        return HttpResponse(status=400)
    return HttpResponse(status=200)
