"""The provider behind a name stored on a row."""

from django.conf import settings

from payments.providers.base import OnlineProvider
from payments.providers.stripe import StripeProvider

STRIPE = "stripe"


def get_provider(name: str) -> OnlineProvider:
    """The client for a provider's name. Raises ValueError for a name that no provider has."""
    if name != STRIPE:
        raise ValueError(f"no payment provider is called {name!r}")
    return StripeProvider(
        api_key=settings.STRIPE_API_KEY,
        api_base=settings.STRIPE_API_BASE,
        webhook_secrets=tuple(settings.STRIPE_WEBHOOK_SECRETS),
        api_version=settings.STRIPE_API_VERSION,
        timeout=settings.STRIPE_TIMEOUT_SECONDS,
    )
