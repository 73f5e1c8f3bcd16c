"""A provider that answers questions."""

from __future__ import annotations

from typing import Protocol

from payments.providers.base.balance import BalanceSource
from payments.providers.base.disputes import DisputeSource
from payments.providers.base.events import EventSource
from payments.providers.base.payments import PaymentProvider
from payments.providers.base.transfers import TransferRail


class OnlineProvider(PaymentProvider, EventSource, BalanceSource, TransferRail, DisputeSource, Protocol):
    """A provider that we can ask about everything; one at a bank's counter is a PaymentProvider alone."""
