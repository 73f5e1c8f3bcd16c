"""Transfers to our bank account, as finance officers matched them."""

from __future__ import annotations

from payments.providers.base import PaymentStatus, SessionStatus
from payments.providers.by_hand import ByHandProvider, NotedPayment


class BankTransferProvider(ByHandProvider):
    """Keeps the promises of PaymentProvider with matched bank receipts.

    Open while less than the amount has come, complete and paid from then on. A payment closed before that is
    expired, and its amount_received says what came of it all the same.
    """

    prefix = "bank_"
    takes_any_amount = True

    def _statuses(self, noted: NotedPayment) -> tuple[SessionStatus, PaymentStatus]:
        if noted.received >= noted.asked:
            return "complete", "paid"
        return ("expired" if noted.is_closed else "open"), "unpaid"
