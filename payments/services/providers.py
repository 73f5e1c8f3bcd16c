"""The provider behind a name stored on a row."""

from collections.abc import Sequence
from typing import Final, Literal, overload

from django.conf import settings

from payments.models import PaymentAttempt
from payments.providers.bank_transfer import BankTransferProvider
from payments.providers.base import EventSource, OnlineProvider, PaymentProvider
from payments.providers.cash_on_delivery import CashOnDeliveryProvider
from payments.providers.stripe import StripeProvider
from payments.services.books import AttemptBook, bank_received, cash_received

STRIPE: Final = "stripe"
BANK_TRANSFER: Final = "bank_transfer"
CASH_ON_DELIVERY: Final = "cash_on_delivery"

Provider = PaymentAttempt.Provider


@overload
def get_provider(name: Literal["stripe"]) -> OnlineProvider: ...
@overload
def get_provider(name: str) -> PaymentProvider: ...
def get_provider(name: str) -> PaymentProvider:
    """The client for a provider's name. Raises ValueError for a name that no provider has."""
    if name == STRIPE:
        return get_online_provider(name)
    is_live = settings.STRIPE_LIVE_MODE
    if name == BANK_TRANSFER:
        book = AttemptBook(Provider.BANK_TRANSFER, received=bank_received, page="order-detail")
        return BankTransferProvider(book, is_live=is_live)
    if name == CASH_ON_DELIVERY:
        # Nothing need be paid: the page that a buyer returns to settles at once.
        book = AttemptBook(Provider.CASH_ON_DELIVERY, received=cash_received, page="checkout-return")
        return CashOnDeliveryProvider(book, is_live=is_live)
    raise ValueError(f"no payment provider is called {name!r}")


def get_online_provider(name: str) -> OnlineProvider:
    """The client for the name of a provider that answers questions and sends events. Raises ValueError for others."""
    if name != STRIPE:
        raise ValueError(f"no online provider is called {name!r}")
    return _stripe(settings.STRIPE_WEBHOOK_SECRETS)


def get_connect_events(name: str) -> EventSource:
    """Who verifies events of connected accounts: their address has secrets of its own. Raises ValueError."""
    if name != STRIPE:
        raise ValueError(f"no online provider is called {name!r}")
    return _stripe(settings.STRIPE_CONNECT_WEBHOOK_SECRETS)


def _stripe(webhook_secrets: Sequence[str]) -> StripeProvider:
    return StripeProvider(
        api_key=settings.STRIPE_API_KEY,
        api_base=settings.STRIPE_API_BASE,
        webhook_secrets=tuple(webhook_secrets),
        api_version=settings.STRIPE_API_VERSION,
        timeout=settings.STRIPE_TIMEOUT_SECONDS,
    )
