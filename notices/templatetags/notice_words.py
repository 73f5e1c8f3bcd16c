"""Filters of the texts of notices."""

from decimal import Decimal, InvalidOperation

from django import template

from marketplace.lib.money import format_money

register = template.Library()


@register.filter
def in_money(amount: str, currency: str) -> str:
    """The amount as its currency is written, for e-mails: "₹8,190.00". An SMS keeps the letters, which every phone knows.

    What is no amount, such as the placeholder of a text that staff begins with, stays as it is, after the currency.
    """
    try:
        return format_money(Decimal(amount), currency)
    except (InvalidOperation, ValueError):
        return f"{currency} {amount}"
