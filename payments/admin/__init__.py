"""Payments in Django admin: no row of money is edited or deleted by hand. One module for each noun."""

from payments.admin import attempts, events, ledger, refunds

__all__ = ["attempts", "events", "ledger", "refunds"]
