"""Money that goes back to buyers."""

from orders.models import VendorOrder
from payments.models import Refund
from payments.services.ledger import posting
from payments.services.ledger.posting import Account, Amount


def post_refund(refund: Refund) -> None:
    """The buyer is owed money, from now on and until the provider has moved it.

    Taken from the groups, the commission and its tax as the items say; without items, from money not applied.
    """
    owed = Amount(Account.REFUND_CLEARING, -refund.amount)
    items = list(refund.items.select_related("vendor_order__vendor"))
    if items:
        taken = [*posting.shares(items, account=Account.VENDOR_PAYABLE), *posting.kept_back(items)]
    elif refund.reason == Refund.Reason.FOREIGN:
        taken = [Amount(Account.UNEXPLAINED, refund.amount)]
    else:
        taken = [Amount(Account.CUSTOMER_UNAPPLIED, refund.amount)]
    posting.post_event(refund, "refunded", refund.currency, [*taken, owed])


def post_refund_failed(refund: Refund) -> None:
    """The provider could not give the money back: it is the customer's, and we have it.

    One that somebody made at the provider for nothing we know of is ours again, and owed to nobody.
    """
    credit = Account.CUSTOMER_UNAPPLIED
    if refund.reason == Refund.Reason.FOREIGN and not (refund.again_for_id or refund.items.exists()):
        credit = Account.PROGRAMME_LOSS if refund.requested_by_id else Account.UNEXPLAINED
    posting.move(
        refund,
        "failed",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.REFUND_CLEARING,
        credit=credit,
    )


def post_refund_by_bank(refund: Refund) -> None:
    """The money went back from our bank account."""
    posting.move(
        refund,
        "sent_by_bank",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.REFUND_CLEARING,
        credit=Account.BANK,
    )


def post_refund_by_dispute(refund: Refund) -> None:
    """The bank took this money with a dispute before we could give it back: it was lost once, not twice."""
    posting.move(
        refund,
        "taken_by_bank",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.REFUND_CLEARING,
        credit=Account.PROGRAMME_LOSS,
    )


def post_refund_left_by_dispute(refund: Refund) -> None:
    """The bank gave back what it had taken with a dispute: it is the customer's, and we have it."""
    posting.move(
        refund,
        "left_by_bank",
        amount=refund.amount,
        currency=refund.currency,
        debit=Account.PROGRAMME_LOSS,
        credit=Account.CUSTOMER_UNAPPLIED,
    )


def post_refund_by_group(refund: Refund, part: VendorOrder) -> None:
    """A group gave a buyer's cash back: it is owed what left its hands, as far as that was not its own share."""
    posting.post_event(
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
        taken = [*posting.shares(items, account=Account.VENDOR_PAYABLE), *posting.kept_back(items)]
    elif refund.again_for_id:
        taken = [Amount(Account.CUSTOMER_UNAPPLIED, refund.amount)]
    else:
        taken = [Amount(Account.PROGRAMME_LOSS, refund.amount)]
    posting.post_event(
        refund, "explained", refund.currency, [*taken, Amount(Account.UNEXPLAINED, -refund.amount)]
    )
