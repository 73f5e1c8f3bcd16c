"""What a group is told about one sale's money, as data."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class PromiseReason(StrEnum):
    """Why an amount comes on its day, or does not come yet."""

    NOT_PAID_YET = "not_paid_yet"
    CASH_TO_COME = "cash_to_come"
    CASH = "cash"
    WAITS_FOR_DELIVERY = "waits_for_delivery"
    WAITS_FOR_RETURN = "waits_for_return"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    HELD = "held"
    UNDER_WAY = "under_way"
    AFTER_ANOTHER = "after_another"
    PAID = "paid"
    RETURNED = "returned"
    REFUNDED = "refunded"
    OWED = "owed"
    TAKEN_OFF = "taken_off"
    NETTED = "netted"
    BELOW_MINIMUM = "below_minimum"
    NO_ACCOUNT = "no_account"
    NEEDS_BANK = "needs_bank"
    RESTRICTED = "restricted"
    DETAILS_WAIT = "details_wait"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class PayoutPromise:
    """Amount, date and reason of one sale's money, in words of the active language.

    amount: in currency; what is still to come, or what was paid when nothing is; below zero when it is taken off the
    next payout. on: the day of the run that pays it, or of the payment, in the group's own country; None while nobody
    can say. paid, held: what has been paid of this sale, and what a dispute holds back. reference: the bank's or
    the provider's number of a payment.
    """

    amount: Decimal
    currency: str
    on: date | None
    reason: PromiseReason
    words: str
    paid: Decimal = Decimal("0.00")
    held: Decimal = Decimal("0.00")
    reference: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether the money comes by itself on a known day."""
        return self.on is not None and self.reason not in (
            PromiseReason.PAID,
            PromiseReason.RETURNED,
            PromiseReason.TAKEN_OFF,
        )
