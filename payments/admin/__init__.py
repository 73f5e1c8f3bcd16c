"""Payments in Django admin: no row of money is edited or deleted by hand. One module for each noun."""

from payments.admin import attempts, balance, events, ledger, reconciliation, refunds

__all__ = ["attempts", "balance", "events", "ledger", "reconciliation", "refunds"]
