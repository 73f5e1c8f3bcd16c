"""Double entry, append only: the one place that knows which accounts an event of money touches.

Source: docs/architecture.md, "Ledger".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction

from orders.models import Order, VendorOrder
from payments.models import (
    BalanceTransaction,
    BankReceipt,
    CashCollection,
    Dispute,
    LedgerEntry,
    LedgerPosting,
    PaymentAttempt,
    Payout,
    Refund,
    Transfer,
    TransferReversal,
    WriteOff,
)
from payments.models.refunds import SaleShare
from vendors.models import Partner

Account = LedgerEntry.Account
ZERO = Decimal(0)


@dataclass(frozen=True)
class Amount:
    """A signed amount on an account: debit above zero, credit below.

    vendor on vendor accounts only; vendor_order where the amount is about a sale.
    """

    account: LedgerEntry.Account
    amount: Decimal
    vendor: Partner | None = None
    vendor_order: VendorOrder | None = None


@transaction.atomic
def post(
    *, source_type: str, source_id: int, kind: str, currency: str, amounts: Sequence[Amount]
) -> LedgerPosting:
    """Write one money event. The database refuses a second posting of the same event and a sum other than zero.

    Amounts of zero are left out. Raises ValueError when the amounts do not sum to zero.
    """
    if sum(amount.amount for amount in amounts) != 0:
        raise ValueError(f"{kind} of {source_type} {source_id} does not sum to zero")
    posting = LedgerPosting.objects.create(
        source_type=source_type, source_id=source_id, kind=kind, currency=currency
    )
    # Each entry locks its group's key; in the order in which whole groups are locked.
    ordered = sorted(amounts, key=lambda amount: amount.vendor.pk if amount.vendor else 0)
    LedgerEntry.objects.bulk_create(_entry(posting, amount) for amount in ordered if amount.amount)
    return posting


def post_captured(attempt: PaymentAttempt, *, currency: str) -> None:
    """The provider holds the buyer's money, in the currency that came; whose it is, is not decided yet."""
    if attempt.amount_received:
        _move(
            attempt,
            "captured",
            amount=attempt.amount_received,
            currency=currency,
            debit=Account.PROVIDER_CLEARING,
            credit=Account.CUSTOMER_UNAPPLIED,
        )


def post_receipt(receipt: BankReceipt) -> None:
    """A credit on our bank account; whose it is, is not decided yet."""
    _move(
        receipt,
        "received",
        amount=receipt.amount,
        currency=receipt.currency,
        debit=Account.BANK,
        credit=Account.CUSTOMER_UNAPPLIED,
    )


def post_receipt_returned(receipt: BankReceipt) -> None:
    """A credit on our bank account was sent back to its payer."""
    _move(
        receipt,
        "sent_back",
        amount=receipt.amount,
        currency=receipt.currency,
        debit=Account.CUSTOMER_UNAPPLIED,
        credit=Account.BANK,
    )


def post_debt_paid(receipt: BankReceipt) -> None:
    """A group paid what it owes the programme with a credit on our bank account."""
    _post(
        receipt,
        "debt_paid",
        receipt.currency,
        [
            Amount(Account.CUSTOMER_UNAPPLIED, receipt.amount),
            Amount(Account.VENDOR_PAYABLE, -receipt.amount, receipt.vendor),
        ],
    )


def post_receipt_mistaken(receipt: BankReceipt) -> None:
    """There was no such credit, or it was nobody's: the opposite of what entering and matching it posted."""
    account = Account.VENDOR_PAYABLE if receipt.vendor else Account.CUSTOMER_UNAPPLIED
    amounts = [Amount(account, receipt.amount, receipt.vendor), Amount(Account.BANK, -receipt.amount)]
    _post(receipt, "entered_in_error", receipt.currency, amounts)


def post_debt_written_off(write_off: WriteOff) -> None:
    """What a group owes is borne by the programme."""
    _post(
        write_off,
        "written_off",
        write_off.currency,
        [
            Amount(Account.PROGRAMME_LOSS, write_off.amount),
            Amount(Account.VENDOR_PAYABLE, -write_off.amount, write_off.vendor),
        ],
    )


def post_released(order: Order) -> None:
    """The buyer's money becomes the groups' and the programme's: the frozen commission and its tax are kept back."""
    parts = list(order.vendor_orders.select_related("vendor").order_by("pk"))
    _post(
        order,
        "released",
        order.currency,
        [
            Amount(Account.CUSTOMER_UNAPPLIED, order.total_incl_tax),
            *(Amount(Account.VENDOR_PAYABLE, -part.share, part.vendor, part) for part in parts),
            Amount(Account.COMMISSION, -sum((part.commission for part in parts), ZERO)),
            Amount(Account.TAX, -sum((part.commission_tax for part in parts), ZERO)),
        ],
    )


def post_cash_collected(collection: CashCollection, *, commission: Decimal, commission_tax: Decimal) -> None:
    """A group holds the buyer's cash: it has had its share, and owes commission and tax from its next payouts."""
    part = collection.vendor_order
    share = collection.amount - commission - commission_tax
    _post(
        collection,
        "collected",
        collection.currency,
        [
            Amount(Account.VENDOR_PAYABLE, collection.amount, part.vendor, part),
            Amount(Account.VENDOR_PAYABLE, -share, part.vendor, part),
            Amount(Account.COMMISSION, -commission),
            Amount(Account.TAX, -commission_tax),
        ],
    )


def post_refund(refund: Refund) -> None:
    """The buyer is owed money, from now on and until the provider has moved it.

    Taken from the groups, the commission and its tax as the items say; without items, from money not applied.
    """
    owed = Amount(Account.REFUND_CLEARING, -refund.amount)
    items = list(refund.items.select_related("vendor_order__vendor"))
    if items:
        taken = [*_shares(items, account=Account.VENDOR_PAYABLE), *_kept_back(items)]
    elif refund.reason == Refund.Reason.FOREIGN:
        taken = [Amount(Account.UNEXPLAINED, refund.amount)]
    else:
        taken = [Amount(Account.CUSTOMER_UNAPPLIED, refund.amount)]
    _post(refund, "refunded", refund.currency, [*taken, owed])


def post_refund_failed(refund: Refund) -> None:
    """The provider could not give the money back: it is the customer's, and we have it.

    One that somebody made at the provider for nothing we know of is ours again, and owed to nobody.
    """
    credit = Account.CUSTOMER_UNAPPLIED
    if refund.reason == Refund.Reason.FOREIGN and not (refund.again_for_id or refund.items.exists()):
        credit = Account.PROGRAMME_LOSS if refund.requested_by_id else Account.UNEXPLAINED
    _move(
        refund,
        "failed",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.REFUND_CLEARING,
        credit=credit,
    )


def post_refund_by_bank(refund: Refund) -> None:
    """The money went back from our bank account."""
    _move(
        refund,
        "sent_by_bank",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.REFUND_CLEARING,
        credit=Account.BANK,
    )


def post_refund_by_dispute(refund: Refund) -> None:
    """The bank took this money with a dispute before we could give it back: it was lost once, not twice."""
    _move(
        refund,
        "taken_by_bank",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.REFUND_CLEARING,
        credit=Account.PROGRAMME_LOSS,
    )


def post_refund_left_by_dispute(refund: Refund) -> None:
    """The bank gave back what it had taken with a dispute: it is the customer's, and we have it."""
    _move(
        refund,
        "left_by_bank",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.PROGRAMME_LOSS,
        credit=Account.CUSTOMER_UNAPPLIED,
    )


def post_refund_by_group(refund: Refund, part: VendorOrder) -> None:
    """A group gave a buyer's cash back: it is owed what left its hands, as far as that was not its own share."""
    _post(
        refund,
        "given_by_group",
        refund.currency,
        [
            Amount(Account.REFUND_CLEARING, refund.amount),
            Amount(Account.VENDOR_PAYABLE, -refund.amount, part.vendor, part),
        ],
    )


def post_refund_explained(refund: Refund) -> None:
    """An officer said what a refund made at the provider was for.

    Without items it stands for one that had failed, or the programme bears it.
    """
    items = list(refund.items.select_related("vendor_order__vendor"))
    if items:
        taken = [*_shares(items, account=Account.VENDOR_PAYABLE), *_kept_back(items)]
    elif refund.again_for_id:
        taken = [Amount(Account.CUSTOMER_UNAPPLIED, refund.amount)]
    else:
        taken = [Amount(Account.PROGRAMME_LOSS, refund.amount)]
    _post(refund, "explained", refund.currency, [*taken, Amount(Account.UNEXPLAINED, -refund.amount)])


def post_balance_transaction(row: BalanceTransaction, *, clearing: LedgerEntry.Account) -> None:
    """The provider's balance has changed: what came or went stops being under way, and its fee is known."""
    _post(
        row,
        "balance",
        row.currency,
        [
            Amount(Account.PROVIDER_BALANCE, row.net),
            Amount(Account.PROVIDER_FEES, row.fee),
            Amount(clearing, -row.amount),
        ],
    )


def post_transfer(transfer: Transfer) -> LedgerPosting:
    """Money went from our balance at the provider to the group's account there."""
    part = transfer.vendor_order
    return _post(
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
    return _post(
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
    return _post(payout, "approved", payout.currency, _approved(payout))


def post_payouts_approved(payouts: Sequence[Payout]) -> list[LedgerPosting]:
    """The same for all payouts of a batch, a posting for each, in two queries."""
    return _post_each("approved", [(payout, _approved(payout)) for payout in payouts])


def post_payout_paid(payout: Payout) -> None:
    """Our bank has carried out a line of a batch."""
    _post(payout, "paid", payout.currency, _paid(payout))


def post_payouts_paid(payouts: Sequence[Payout]) -> list[LedgerPosting]:
    """The same for many lines, a posting for each, in two queries."""
    return _post_each("paid", [(payout, _paid(payout)) for payout in payouts])


def post_payout_returned(payout: Payout, *, was_paid: bool) -> None:
    """The bank sent a line back: it is owed to the group again. was_paid: it had been reported as carried out."""
    _post(payout, "returned", payout.currency, _returned(payout, was_paid=was_paid))


def post_payouts_returned(payouts: Sequence[Payout]) -> list[LedgerPosting]:
    """The same for many lines, whose state is still the one before, in two queries."""
    paid = Payout.State.PAID
    # Each entry locks its group's key; in the order in which whole groups are locked.
    ordered = sorted(payouts, key=lambda payout: payout.vendor_id)
    return _post_each(
        "returned", [(payout, _returned(payout, was_paid=payout.state == paid)) for payout in ordered]
    )


def post_dispute_opened(dispute: Dispute) -> None:
    """The shares of what is disputed are held back from their groups."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    payable = _shares(items, account=Account.VENDOR_PAYABLE)
    held = _shares(items, account=Account.VENDOR_HELD, sign=-1)
    if items:
        _post(dispute, "held", dispute.currency, [*payable, *held])


def post_dispute_renamed(dispute: Dispute, before: Sequence[SaleShare]) -> None:
    """An officer said what an open dispute is about: what was held for other things is the groups' again."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    kinds = LedgerPosting.objects.filter(source_type=SOURCE_TYPES[Dispute], source_id=dispute.pk)
    _post(
        dispute,
        f"held_{kinds.count() + 1}",
        dispute.currency,
        [
            *_shares(before, account=Account.VENDOR_HELD),
            *_shares(before, account=Account.VENDOR_PAYABLE, sign=-1),
            *_shares(items, account=Account.VENDOR_PAYABLE),
            *_shares(items, account=Account.VENDOR_HELD, sign=-1),
        ],
    )


def post_dispute_won(dispute: Dispute) -> None:
    """What was held back is the groups' again."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    held = _shares(items, account=Account.VENDOR_HELD)
    payable = _shares(items, account=Account.VENDOR_PAYABLE, sign=-1)
    if items:
        _post(dispute, _next_kind(dispute, "won"), dispute.currency, [*held, *payable])


def post_dispute_lost(dispute: Dispute) -> None:
    """What was held back is gone, with the commission on it; what no item covers is borne by the programme."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    covered = sum((item.amount for item in items), ZERO)
    _post(
        dispute,
        _next_kind(dispute, "lost"),
        dispute.currency,
        [
            *_shares(items, account=Account.VENDOR_HELD),
            *_kept_back(items),
            Amount(Account.PROGRAMME_LOSS, dispute.amount - covered),
            Amount(Account.DISPUTE_RECEIVABLE, -dispute.amount),
        ],
    )


def post_dispute_undone(dispute: Dispute) -> None:
    """The bank took back how it had decided: what that moved is where it was before."""
    last = _postings(dispute, dispute.state).order_by("pk").last()
    if last is None:
        return
    entries = last.entries.select_related("vendor", "vendor_order").order_by("pk")
    _post(
        dispute,
        _next_kind(dispute, dispute.state),
        dispute.currency,
        [Amount(Account(each.account), -each.amount, each.vendor, each.vendor_order) for each in entries],
    )


def _postings(dispute: Dispute, kind: str) -> models.QuerySet[LedgerPosting]:
    named = models.Q(kind=kind) | models.Q(kind__startswith=f"{kind}_")
    return LedgerPosting.objects.filter(named, source_type=SOURCE_TYPES[Dispute], source_id=dispute.pk)


def _next_kind(dispute: Dispute, kind: str) -> str:
    """A bank may decide more than once: won, won_2, won_3, each undone by the next."""
    before = _postings(dispute, kind).count()
    return f"{kind}_{before + 1}" if before else kind


def _approved(payout: Payout) -> list[Amount]:
    return [
        Amount(Account.VENDOR_PAYABLE, payout.amount, payout.vendor),
        Amount(Account.PAYOUT_IN_FLIGHT, -payout.amount),
    ]


def _entry(posting: LedgerPosting, amount: Amount) -> LedgerEntry:
    return LedgerEntry(
        posting=posting,
        account=amount.account,
        vendor=amount.vendor,
        vendor_order=amount.vendor_order,
        currency=posting.currency,
        amount=amount.amount,
    )


def _shares(items: Iterable[SaleShare], *, account: LedgerEntry.Account, sign: int = 1) -> list[Amount]:
    """The groups' shares of the items, one amount for each vendor order."""
    sums: dict[VendorOrder, Decimal] = {}
    for item in items:
        sums[item.vendor_order] = sums.get(item.vendor_order, ZERO) + item.share
    return [Amount(account, sign * share, part.vendor, part) for part, share in sums.items()]


def _kept_back(items: Sequence[SaleShare]) -> list[Amount]:
    return [
        Amount(Account.COMMISSION, sum((item.commission for item in items), ZERO)),
        Amount(Account.TAX, sum((item.commission_tax for item in items), ZERO)),
    ]


def _move(
    source: models.Model,
    kind: str,
    *,
    amount: Decimal,
    currency: str,
    debit: LedgerEntry.Account,
    credit: LedgerEntry.Account,
) -> None:
    _post(source, kind, currency, [Amount(debit, amount), Amount(credit, -amount)])


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
            source_type=SOURCE_TYPES[Payout], source_id=payout.pk, kind=kind, currency=payout.currency
        )
        for payout, _amounts in wanted
    )
    pairs = zip(postings, wanted, strict=True)
    LedgerEntry.objects.bulk_create(
        _entry(posting, amount) for posting, (_payout, amounts) in pairs for amount in amounts
    )
    return postings


def _post(source: models.Model, kind: str, currency: str, amounts: Sequence[Amount]) -> LedgerPosting:
    return post(
        source_type=SOURCE_TYPES[type(source)],
        source_id=source.pk,
        kind=kind,
        currency=currency,
        amounts=amounts,
    )


SOURCE_TYPES: dict[type[models.Model], str] = {
    BalanceTransaction: "balance_transaction",
    BankReceipt: "receipt",
    CashCollection: "collection",
    Dispute: "dispute",
    Order: "order",
    PaymentAttempt: "attempt",
    Payout: "payout",
    Refund: "refund",
    Transfer: "transfer",
    TransferReversal: "reversal",
    WriteOff: "write_off",
}
