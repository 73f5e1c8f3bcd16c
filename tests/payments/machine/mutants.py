"""Bugs to be sown: each is a mistake that a marketplace has really made, and that the machine must find."""

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal

import pytest

from payments.models import PayoutItem
from payments.services import ledger, shares
from payments.services.ledger import Account, Amount, posting

Sow = Callable[[pytest.MonkeyPatch], None]


def commission_is_not_returned(patch: pytest.MonkeyPatch) -> None:
    """The group bears a refund alone; the programme keeps its commission on goods that came back."""
    patch.setattr(posting, "shares", whole_amounts)
    patch.setattr(posting, "kept_back", lambda _items: [])


def whole_amounts(items, *, account, sign=1):
    """What the group would bear if it bore everything."""
    sums: dict = {}
    for item in items:
        sums[item.vendor_order] = sums.get(item.vendor_order, Decimal(0)) + item.amount
    return [Amount(account, sign * amount, part.vendor, part) for part, amount in sums.items()]


def rounding_is_dropped(patch: pytest.MonkeyPatch) -> None:
    """Each unit gives its commission back rounded down, so that paisas stay behind."""

    def cut(whole, *, units, taken, quantity):
        each = (whole / quantity).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
        return each * units

    patch.setattr(shares, "part_of", cut)


def a_refund_counts_twice(patch: pytest.MonkeyPatch) -> None:
    """The group's balance falls twice for one refund."""
    once = ledger.post_refund

    def twice(refund):
        once(refund)
        for item in refund.items.all():
            ledger.post(
                source_type="refund_item",
                source_id=item.pk,
                kind="refunded",
                currency=refund.currency,
                amounts=[
                    Amount(Account.VENDOR_PAYABLE, item.share, item.vendor_order.vendor, item.vendor_order),
                    Amount(Account.COMMISSION, -item.share),
                ],
            )

    patch.setattr(ledger, "post_refund", twice)


def a_refund_does_not_lower_the_balance(patch: pytest.MonkeyPatch) -> None:
    """The provider gives the money back, and nobody tells the ledger."""
    patch.setattr(ledger, "post_refund", lambda _refund: None)


def a_disputed_share_is_not_held(patch: pytest.MonkeyPatch) -> None:
    """A dispute is open, and its shares can be paid out."""
    patch.setattr(ledger, "post_dispute_opened", lambda _dispute: None)


def what_was_held_is_kept_after_a_dispute_is_won(patch: pytest.MonkeyPatch) -> None:
    """The bank decides for us, and the group never hears of its money again."""
    patch.setattr(ledger, "post_dispute_won", lambda _dispute: None)


def entries_are_paid_again_every_night(patch: pytest.MonkeyPatch) -> None:
    """A payout does not hold what it paid."""
    patch.setattr(PayoutItem.objects, "bulk_create", lambda _items: [])


def a_reversal_is_not_posted(patch: pytest.MonkeyPatch) -> None:
    """The money came back from the group's account, and the group still owes it."""
    patch.setattr(ledger, "post_reversal", lambda _reversal: None)


def a_transfer_is_posted_short(patch: pytest.MonkeyPatch) -> None:
    """The group has its money, and is still owed a paisa of it."""
    whole = ledger.post_transfer

    def short(transfer):
        transfer.amount -= Decimal("0.01")
        try:
            return whole(transfer)
        finally:
            transfer.amount += Decimal("0.01")

    patch.setattr(ledger, "post_transfer", short)


def a_returned_payout_is_lost(patch: pytest.MonkeyPatch) -> None:
    """The bank sends money back, and nobody owes it to the group."""
    patch.setattr(ledger, "post_payout_returned", lambda _payout, *, was_paid: None)
    patch.setattr(ledger, "post_payouts_returned", lambda _payouts: [])


def a_lost_dispute_costs_the_group_alone(patch: pytest.MonkeyPatch) -> None:
    """The commission on a sale that was taken back stays with the programme."""
    lost = ledger.post_dispute_lost

    def without_commission(dispute):
        with pytest.MonkeyPatch.context() as meanwhile:
            commission_is_not_returned(meanwhile)
            lost(dispute)

    patch.setattr(ledger, "post_dispute_lost", without_commission)


MUTANTS: tuple[Sow, ...] = (
    commission_is_not_returned,
    rounding_is_dropped,
    a_refund_counts_twice,
    a_refund_does_not_lower_the_balance,
    a_disputed_share_is_not_held,
    what_was_held_is_kept_after_a_dispute_is_won,
    entries_are_paid_again_every_night,
    a_reversal_is_not_posted,
    a_transfer_is_posted_short,
    a_returned_payout_is_lost,
    a_lost_dispute_costs_the_group_alone,
)
# These end with a dispute, which comes too seldom where everything may happen.
OF_DISPUTES: tuple[Sow, ...] = (
    a_disputed_share_is_not_held,
    what_was_held_is_kept_after_a_dispute_is_won,
    a_lost_dispute_costs_the_group_alone,
)
