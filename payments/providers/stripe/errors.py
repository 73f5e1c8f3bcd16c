"""Stripe's refusals and silences in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from payments.providers.base import (
    AccountRestricted,
    InsufficientFunds,
    PaymentDeclined,
    ProviderConflict,
    ProviderRequestRejected,
    ProviderUnavailable,
)

# Source: docs.stripe.com/error-codes. account_invalid: the owner has cut the tie between the account and us.
REJECTIONS: dict[str, type[ProviderRequestRejected]] = {
    "account_closed": AccountRestricted,
    "account_invalid": AccountRestricted,
    "balance_insufficient": InsufficientFunds,
    "insufficient_capabilities_for_transfer": AccountRestricted,
    "insufficient_funds": InsufficientFunds,
    "transfers_not_allowed": AccountRestricted,
}


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the SDK's errors into those of the Protocols."""
    try:
        yield
    except stripe.CardError as error:
        raise PaymentDeclined(error.user_message or "", code=error.code or "") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderUnavailable(str(error), code=error.code or "") from error
    except stripe.StripeError as error:
        status, code = error.http_status or 0, _code_of(error)
        if status == 409:
            raise ProviderConflict(str(error), code=code) from error
        if 400 <= status < 500:
            rejection = REJECTIONS.get(code, ProviderRequestRejected)
            raise rejection(str(error), code=code) from error
        raise ProviderUnavailable(str(error), code=code) from error


def _code_of(error: stripe.StripeError) -> str:
    # The SDK hands the code on to few of its classes; the answer itself always has it.
    told = error.error
    return error.code or (told.code if told else None) or ""
