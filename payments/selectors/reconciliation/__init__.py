"""Comparisons of orders, attempts, ledger and provider: each a few set-based questions, however many rows there are."""

from payments.selectors.reconciliation.attempts import attempt_findings
from payments.selectors.reconciliation.findings import Finding
from payments.selectors.reconciliation.ledger import ledger_findings
from payments.selectors.reconciliation.offers import offer_findings
from payments.selectors.reconciliation.orders import order_findings
from payments.selectors.reconciliation.payouts import payout_findings
from payments.selectors.reconciliation.provider import (
    balance_findings,
    held_balances,
    movements_since,
    provider_findings,
)

__all__ = [
    "Finding",
    "attempt_findings",
    "balance_findings",
    "held_balances",
    "ledger_findings",
    "movements_since",
    "offer_findings",
    "order_findings",
    "payout_findings",
    "provider_findings",
]
