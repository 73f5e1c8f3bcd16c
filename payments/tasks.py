"""Tasks of the payments; each calls one service, and each finds its work again by query."""

from celery import shared_task
from django.utils import timezone

from payments.services import (
    balance,
    cash,
    disputes,
    events,
    expiring,
    owed,
    payout_accounts,
    payouts,
    reconciling,
    refunds,
    reversals,
    transfers,
)
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
    """Settle payments whose browser never came back and whose event was lost, and end cash orders that are done."""
    expiring.sweep_attempts()
    cash.close_finished_orders()


@shared_task(name="payments.alert_about_overdue_cash")
def alert_about_overdue_cash() -> None:
    """Tell the finance officers of goods that must have come and whose cash nobody noted."""
    cash.alert_about_overdue_cash(timezone.now())


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
    """Ask for whatever refunds are due, and about those that banks are carrying out."""
    refunds.make_waiting_refunds()
    refunds.ask_about_pending_refunds()


@shared_task(name="payments.refund_owed")
def refund_owed(order_pk: int) -> None:
    """Give back what one order records as owed."""
    owed.refund_owed(order_pk)


@shared_task(name="payments.refund_what_is_owed")
def refund_what_is_owed() -> None:
    """Give back whatever orders record as owed."""
    owed.refund_what_is_owed()


@shared_task(name="payments.poll_disputes")
def poll_disputes() -> None:
    """Ask what became of open disputes."""
    disputes.poll_disputes()


@shared_task(name="payments.fetch_balance_transactions")
def fetch_balance_transactions() -> None:
    """Keep and post what moved the provider's balance."""
    balance.fetch_balance_transactions(STRIPE)


@shared_task(name="payments.plan_payouts", soft_time_limit=1500, time_limit=1800)
def plan_payouts() -> None:
    """Plan a payout for each group that is owed enough."""
    payouts.plan_payouts(timezone.now())


@shared_task(name="payments.make_transfer")
def make_transfer(transfer_pk: int) -> None:
    """Ask for one transfer."""
    transfers.make_transfer(transfer_pk)


@shared_task(name="payments.drain_transfers")
def drain_transfers() -> None:
    """Ask for whatever transfers are due."""
    transfers.make_waiting_transfers()


@shared_task(name="payments.make_reversal")
def make_reversal(reversal_pk: int) -> None:
    """Ask for one reversal."""
    reversals.make_reversal(reversal_pk)


@shared_task(name="payments.drain_reversals")
def drain_reversals() -> None:
    """Ask for whatever reversals are due."""
    reversals.make_waiting_reversals()


@shared_task(name="payments.refresh_payout_accounts")
def refresh_payout_accounts() -> None:
    """Look whether accounts that could receive nothing can now."""
    payout_accounts.refresh_restricted()


# A million rows take longer than the minute that other tasks are given; after an hour Redis would give it out again.
@shared_task(name="payments.reconcile", soft_time_limit=3000, time_limit=3060)
def run_reconciliation() -> None:
    """Compare orders, attempts, ledger and provider, and note what differs."""
    reconciling.reconcile()
