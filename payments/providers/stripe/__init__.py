"""Stripe behind the provider Protocols; the simulator is the same client at another address."""

from payments.providers.stripe.accounts import StripeAccounts
from payments.providers.stripe.balance import StripeBalance
from payments.providers.stripe.disputes import StripeDisputes
from payments.providers.stripe.events import StripeEvents
from payments.providers.stripe.payments import StripePayments
from payments.providers.stripe.refunds import StripeRefunds
from payments.providers.stripe.transfers import StripeTransfers

__all__ = ["StripeProvider"]


class StripeProvider(
    StripePayments,
    StripeRefunds,
    StripeEvents,
    StripeBalance,
    StripeTransfers,
    StripeAccounts,
    StripeDisputes,
):
    """Hosted Checkout, refunds, transfers, disputes and the balance at Stripe; implements OnlineProvider.

    api_base: empty for Stripe itself, else the simulator's address. webhook_secrets: every active one, newest first,
    of one webhook address: the address for connected accounts has secrets of its own, hence a provider of its own.
    api_version: pinned, so that an upgrade at Stripe changes nothing here. timeout: seconds to wait for an answer.
    The SDK's own retries are off: our callers repeat with the key that is stored on their row.
    """
