"""Payments in Django admin: no row of money is edited or deleted by hand. One module for each noun."""

from payments.admin import (
    attempts,
    balance,
    batches,
    cash,
    debts,
    disputes,
    events,
    invoices,
    ledger,
    payout_accounts,
    payouts,
    receipts,
    reconciliation,
    refunds,
    refused,
)

__all__ = [
    "attempts",
    "balance",
    "batches",
    "cash",
    "debts",
    "disputes",
    "events",
    "invoices",
    "ledger",
    "payout_accounts",
    "payouts",
    "receipts",
    "reconciliation",
    "refunds",
    "refused",
]
