"""Movements of our balance at the provider."""

from payments.models import BalanceTransaction, LedgerEntry
from payments.services.ledger import posting
from payments.services.ledger.posting import Account, Amount


def post_balance_transaction(row: BalanceTransaction, *, clearing: LedgerEntry.Account) -> None:
    """The provider's balance has changed: what came or went stops being under way, and its fee is known."""
    posting.post_event(
        row,
        "balance",
        row.currency,
        [
            Amount(Account.PROVIDER_BALANCE, row.net),
            Amount(Account.PROVIDER_FEES, row.fee),
            Amount(clearing, -row.amount),
        ],
    )
