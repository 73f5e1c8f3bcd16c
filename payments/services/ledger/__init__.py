"""Double entry, append only: the one place that knows which accounts an event of money touches.

Source: docs/architecture.md, "Ledger".
"""

from payments.services.ledger.balance import (
    post_balance_transaction,
)
from payments.services.ledger.disputes import (
    post_dispute_lost,
    post_dispute_opened,
    post_dispute_renamed,
    post_dispute_undone,
    post_dispute_won,
)
from payments.services.ledger.payouts import (
    post_payout_approved,
    post_payout_paid,
    post_payout_returned,
    post_payouts_approved,
    post_payouts_paid,
    post_payouts_returned,
    post_reversal,
    post_transfer,
)
from payments.services.ledger.posting import (
    SOURCE_TYPES,
    Account,
    Amount,
    post,
)
from payments.services.ledger.receipts import (
    post_debt_paid,
    post_debt_written_off,
    post_receipt,
    post_receipt_mistaken,
    post_receipt_returned,
)
from payments.services.ledger.refunds import (
    post_refund,
    post_refund_by_bank,
    post_refund_by_dispute,
    post_refund_by_group,
    post_refund_explained,
    post_refund_failed,
    post_refund_left_by_dispute,
)
from payments.services.ledger.sales import (
    post_captured,
    post_cash_collected,
    post_cash_taken_back,
    post_released,
)

__all__ = [
    "SOURCE_TYPES",
    "Account",
    "Amount",
    "post",
    "post_balance_transaction",
    "post_captured",
    "post_cash_collected",
    "post_cash_taken_back",
    "post_debt_paid",
    "post_debt_written_off",
    "post_dispute_lost",
    "post_dispute_opened",
    "post_dispute_renamed",
    "post_dispute_undone",
    "post_dispute_won",
    "post_payout_approved",
    "post_payout_paid",
    "post_payout_returned",
    "post_payouts_approved",
    "post_payouts_paid",
    "post_payouts_returned",
    "post_receipt",
    "post_receipt_mistaken",
    "post_receipt_returned",
    "post_refund",
    "post_refund_by_bank",
    "post_refund_by_dispute",
    "post_refund_by_group",
    "post_refund_explained",
    "post_refund_failed",
    "post_refund_left_by_dispute",
    "post_released",
    "post_reversal",
    "post_transfer",
]
