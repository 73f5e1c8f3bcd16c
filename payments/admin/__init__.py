"""Payments in Django admin: no row of money is edited or deleted by hand. One module for each noun."""

from payments.admin import attempts, balance, cash, events, ledger, receipts, reconciliation, refunds

__all__ = ["attempts", "balance", "cash", "events", "ledger", "receipts", "reconciliation", "refunds"]
