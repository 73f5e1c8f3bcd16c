"""Cash at hand-over."""

from __future__ import annotations

from payments.providers.base import PaymentStatus, SessionStatus
from payments.providers.by_hand import ByHandProvider, NotedPayment


class CashOnDeliveryProvider(ByHandProvider):
    """Keeps the promises of PaymentProvider without money: nothing need be paid before the goods are handed over.

    What a group took at the door it notes itself; amount_received tells the sum so far.
    """

    prefix = "cash_"

    def _statuses(self, noted: NotedPayment) -> tuple[SessionStatus, PaymentStatus]:
        if noted.is_closed:
            return "expired", "unpaid"
        return "complete", "no_payment_required"
