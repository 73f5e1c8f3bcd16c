"""The client that every part of the Stripe provider calls with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import stripe

from payments.domain.minor_units import from_minor, to_minor

CONNECT_TIMEOUT_SECONDS = 5.0
PAGE_SIZE = 100


class StripeCaller:
    """Holds the client; see StripeProvider for the settings."""

    def __init__(
        self,
        *,
        api_key: str,
        webhook_secrets: tuple[str, ...],
        api_version: str,
        api_base: str = "",
        timeout: float = 20.0,
    ) -> None:
        self._webhook_secrets = webhook_secrets
        self._client = stripe.StripeClient(
            api_key,
            stripe_version=api_version,
            base_addresses={"api": api_base.rstrip("/")} if api_base else None,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(min(CONNECT_TIMEOUT_SECONDS, timeout), timeout)),
        )


def plain(value: Any) -> dict[str, Any]:
    """A part of an answer as a dict, empty where it is missing, null or only an id."""
    # SDK objects are not dicts since version 15, and nested ones may be missing, null or an id.
    if isinstance(value, stripe.StripeObject):
        return dict(value.to_dict())
    return dict(value) if isinstance(value, Mapping) else {}


def id_of(value: Any) -> str:
    """The id of an object that may be shown whole, as its id or not at all."""
    return value if isinstance(value, str) else str(plain(value).get("id", ""))


def moment(timestamp: float) -> datetime:
    """A time of Stripe's."""
    return datetime.fromtimestamp(timestamp, UTC)


def since(created_after: datetime) -> Any:
    """The filter for what was made at or after a time."""
    return {"gte": int(created_after.timestamp())}


def asked_minor(amount: Decimal, currency: str) -> int:
    """Minor units to ask for. Raises ValueError for nothing, less than nothing and parts of a coin."""
    minor = to_minor(amount, currency)
    if minor <= 0:
        raise ValueError(f"cannot move {amount} {currency}")
    return minor


def told_amount(minor: int, currency: str) -> tuple[Decimal, str]:
    """What Stripe says of an amount, as major units and an upper case currency."""
    return from_minor(minor, currency), currency.upper()
