"""Payment attempts, provider events, refunds, disputes, the ledger, debts, payouts and what reconciles them."""

from payments.models.attempts import BankReceipt, CashCollection, PaymentAttempt
from payments.models.balance import BalanceTransaction
from payments.models.cash import CashRule
from payments.models.debts import WriteOff
from payments.models.events import ProviderEvent, RefusedMessages
from payments.models.invoices import Invoice
from payments.models.ledger import LedgerEntry, LedgerPosting
from payments.models.payouts import (
    Payout,
    PayoutAccount,
    PayoutBatch,
    PayoutItem,
    Transfer,
    TransferReversal,
)
from payments.models.reconciliation import Difference
from payments.models.refunds import Dispute, DisputeItem, DisputeProposal, Refund, RefundItem, RefundProposal

__all__ = [
    "BalanceTransaction",
    "BankReceipt",
    "CashCollection",
    "CashRule",
    "Difference",
    "Dispute",
    "DisputeItem",
    "DisputeProposal",
    "Invoice",
    "LedgerEntry",
    "LedgerPosting",
    "PaymentAttempt",
    "Payout",
    "PayoutAccount",
    "PayoutBatch",
    "PayoutItem",
    "ProviderEvent",
    "Refund",
    "RefundItem",
    "RefundProposal",
    "RefusedMessages",
    "Transfer",
    "TransferReversal",
    "WriteOff",
]
