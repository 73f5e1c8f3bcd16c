"""Tasks of the payments; each calls one service, and each finds its work again by query."""

from celery import shared_task

from payments.services import balance, events, expiring, refunds
from payments.services.providers import STRIPE


@shared_task(name="payments.handle_provider_event")
def handle_provider_event(event_pk: int) -> None:
    """Handle one stored event."""
    events.handle_event(event_pk)


@shared_task(name="payments.drain_provider_events")
def drain_provider_events() -> None:
    """Handle whatever events are due, also those no broker ever heard of."""
    events.drain_events()


@shared_task(name="payments.poll_provider_events")
def poll_provider_events() -> None:
    """Fetch events that were never sent to us."""
    events.poll_events(STRIPE)


@shared_task(name="payments.sweep_attempts")
def sweep_attempts() -> None:
    """Settle payments whose browser never came back and whose event was lost."""
    expiring.sweep_attempts()


@shared_task(name="payments.expire_orders")
def expire_orders() -> None:
    """Give back the stock of orders that were not paid in time."""
    expiring.expire_orders()


@shared_task(name="payments.make_refund")
def make_refund(refund_pk: int) -> None:
    """Ask for one refund."""
    refunds.make_refund(refund_pk)


@shared_task(name="payments.drain_refunds")
def drain_refunds() -> None:
    """Ask for whatever refunds are due."""
    refunds.make_waiting_refunds()


@shared_task(name="payments.fetch_balance_transactions")
def fetch_balance_transactions() -> None:
    """Keep and post what moved the provider's balance."""
    balance.fetch_balance_transactions(STRIPE)
