"""What every payment provider offers, in amounts and words that belong to none of them."""

from payments.providers.base.balance import BalanceSource, RemoteBalanceTransaction
from payments.providers.base.disputes import DisputeSource, DisputeStatus, RemoteDispute
from payments.providers.base.errors import (
    AccountRestricted,
    BadSignature,
    InsufficientFunds,
    MalformedEvent,
    PaymentDeclined,
    ProviderConflict,
    ProviderError,
    ProviderRequestRejected,
    ProviderUnavailable,
)
from payments.providers.base.events import EventSource, RemoteEvent
from payments.providers.base.online import OnlineProvider
from payments.providers.base.payments import (
    PaymentLine,
    PaymentProvider,
    PaymentRequest,
    PaymentStatus,
    RemotePayment,
    SessionStatus,
)
from payments.providers.base.refunds import RefundStatus, RemoteRefund
from payments.providers.base.transfers import RemoteAccount, RemoteReversal, RemoteTransfer, TransferRail

__all__ = [
    "AccountRestricted",
    "BadSignature",
    "BalanceSource",
    "DisputeSource",
    "DisputeStatus",
    "EventSource",
    "InsufficientFunds",
    "MalformedEvent",
    "OnlineProvider",
    "PaymentDeclined",
    "PaymentLine",
    "PaymentProvider",
    "PaymentRequest",
    "PaymentStatus",
    "ProviderConflict",
    "ProviderError",
    "ProviderRequestRejected",
    "ProviderUnavailable",
    "RefundStatus",
    "RemoteAccount",
    "RemoteBalanceTransaction",
    "RemoteDispute",
    "RemoteEvent",
    "RemotePayment",
    "RemoteRefund",
    "RemoteReversal",
    "RemoteTransfer",
    "SessionStatus",
    "TransferRail",
]
