"""SMS through an HTTP gateway."""

import json
import urllib.error
import urllib.request

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from notices.providers.base import SmsRefused, SmsUnavailable

TIMEOUT_SECONDS = 15
# What is wrong is the message or its number. Any other answer may be the gateway's trouble, or our own key: try again.
REFUSED = frozenset({400, 404, 410, 422})


class GatewaySmsProvider:
    """POSTs JSON {reference, to, text} with a bearer token to settings.SMS_GATEWAY_URL.

    The gateway is expected to drop a reference that it has delivered already.
    """

    def send(self, *, key: str, to: str, text: str) -> None:
        """Hand the message to the gateway. Raises SmsRefused or SmsUnavailable unless it answers 2xx."""
        address = settings.SMS_GATEWAY_URL
        if not address.startswith(("https://", "http://127.0.0.1")):
            raise ImproperlyConfigured("SMS_GATEWAY_URL must begin with https://")
        body = json.dumps({"reference": key, "to": to, "text": text}).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
        }
        request = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - checked above
                return
        except urllib.error.HTTPError as error:
            words = f"HTTP {error.code}"
            raise (SmsRefused(words) if error.code in REFUSED else SmsUnavailable(words)) from error
        except (urllib.error.URLError, TimeoutError) as error:
            raise SmsUnavailable(type(error).__name__) from error
