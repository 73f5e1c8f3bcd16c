"""What of a provider's message may be kept: no card, bank or contact data, nothing that a database cannot hold."""

import json
import math
from typing import Any

# Members that hold what identifies a card, a bank account or a person. Names of Stripe's API, at any depth.
PRIVATE_MEMBERS = frozenset(
    {
        "acss_debit",
        "address",
        "bacs_debit",
        "bank_account",
        "billing_details",
        "card",
        "card_present",
        "client_secret",
        "collected_information",
        "customer_details",
        "customer_email",
        "email",
        "external_accounts",
        "individual",
        "next_action",
        "owner",
        "payment_method_details",
        "payment_method_options",
        "phone",
        "receipt_email",
        "sepa_debit",
        "shipping",
        "shipping_details",
        "source",
        "sources",
        "upi",
        "us_bank_account",
    }
)


def kept_payload(payload: bytes) -> Any:
    """A message, read from JSON, without its private members. Raises ValueError for what is no JSON."""
    # JSON knows no NaN and no infinity, though Python reads them, 1e999 too, and PostgreSQL then refuses them.
    return _kept(json.loads(payload, parse_constant=str, parse_float=_finite))


def kept_text(text: str) -> str:
    """A text without the two things that no PostgreSQL text can hold: NUL, and half a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number beyond all bounds")
    return value


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {kept_text(name): _kept(part) for name, part in value.items() if name not in PRIVATE_MEMBERS}
    if isinstance(value, list):
        return [_kept(part) for part in value]
    return kept_text(value) if isinstance(value, str) else value
