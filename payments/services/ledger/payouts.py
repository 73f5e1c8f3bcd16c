"""Money on its way to groups, by the provider and by our bank."""

from collections.abc import Sequence

from django.db import transaction

from payments.models import LedgerEntry, LedgerPosting, Payout, Transfer, TransferReversal
from payments.services.ledger import posting
from payments.services.ledger.posting import Account, Amount


def post_transfer(transfer: Transfer) -> LedgerPosting:
    """Money went from our balance at the provider to the group's account there."""
    part = transfer.vendor_order
    return posting.post_event(
        transfer,
        "transferred",
        transfer.currency,
        [
            Amount(Account.VENDOR_PAYABLE, transfer.amount, part.vendor, part),
            Amount(Account.PROVIDER_BALANCE, -transfer.amount),
        ],
    )


def post_reversal(reversal: TransferReversal) -> LedgerPosting:
    """Part of a transfer came back from the group's account."""
    part = reversal.transfer.vendor_order
    return posting.post_event(
        reversal,
        "reversed",
        reversal.transfer.currency,
        [
            Amount(Account.PROVIDER_BALANCE, reversal.amount),
            Amount(Account.VENDOR_PAYABLE, -reversal.amount, part.vendor, part),
        ],
    )


def post_payout_approved(payout: Payout) -> LedgerPosting:
    """A second person approved the batch: the money is no longer owed, but on its way."""
    return posting.post_event(payout, "approved", payout.currency, _approved(payout))


def post_payouts_approved(payouts: Sequence[Payout]) -> list[LedgerPosting]:
    """The same for all payouts of a batch, a posting for each, in two queries."""
    return _post_each("approved", [(payout, _approved(payout)) for payout in payouts])


def post_payout_paid(payout: Payout) -> None:
    """Our bank has carried out a line of a batch."""
    posting.post_event(payout, "paid", payout.currency, _paid(payout))


def post_payouts_paid(payouts: Sequence[Payout]) -> list[LedgerPosting]:
    """The same for many lines, a posting for each, in two queries."""
    return _post_each("paid", [(payout, _paid(payout)) for payout in payouts])


def post_payout_returned(payout: Payout, *, was_paid: bool) -> None:
    """The bank sent a line back: it is owed to the group again. was_paid: it had been reported as carried out."""
    posting.post_event(payout, "returned", payout.currency, _returned(payout, was_paid=was_paid))


def post_payouts_returned(payouts: Sequence[Payout]) -> list[LedgerPosting]:
    """The same for many lines, whose state is still the one before, in two queries."""
    paid = Payout.State.PAID
    # Each entry locks its group's key; in the order in which whole groups are locked.
    ordered = sorted(payouts, key=lambda payout: payout.vendor_id)
    return _post_each(
        "returned", [(payout, _returned(payout, was_paid=payout.state == paid)) for payout in ordered]
    )


def _approved(payout: Payout) -> list[Amount]:
    return [
        Amount(Account.VENDOR_PAYABLE, payout.amount, payout.vendor),
        Amount(Account.PAYOUT_IN_FLIGHT, -payout.amount),
    ]


def _paid(payout: Payout) -> list[Amount]:
    return [Amount(Account.PAYOUT_IN_FLIGHT, payout.amount), Amount(Account.BANK, -payout.amount)]


def _returned(payout: Payout, *, was_paid: bool) -> list[Amount]:
    source = Account.BANK if was_paid else Account.PAYOUT_IN_FLIGHT
    return [Amount(source, payout.amount), Amount(Account.VENDOR_PAYABLE, -payout.amount, payout.vendor)]


@transaction.atomic
def _post_each(kind: str, wanted: Sequence[tuple[Payout, Sequence[Amount]]]) -> list[LedgerPosting]:
    """A posting for each payout, in the order given, in two queries."""
    postings = LedgerPosting.objects.bulk_create(
        LedgerPosting(
            source_type=posting.SOURCE_TYPES[Payout],
            source_id=payout.pk,
            kind=kind,
            currency=payout.currency,
        )
        for payout, _amounts in wanted
    )
    pairs = zip(postings, wanted, strict=True)
    LedgerEntry.objects.bulk_create(
        posting.entry(row, amount) for row, (_payout, amounts) in pairs for amount in amounts
    )
    return postings
