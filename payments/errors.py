"""What can go wrong while a buyer pays; each message is for the buyer."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import format_money


class PaymentError(Exception):
    """The payment page could not be opened; message says what to do."""

    message: str | Promise = _("The payment page could not be opened. Please try again.")

    def __init__(self) -> None:
        super().__init__(str(self.message))


class OrderNotPayable(PaymentError):
    """Paid already, or given up."""

    message = _("This order does not wait for a payment any more. Its page says what has become of it.")


class ProviderBusy(PaymentError):
    """The provider gave no answer; the attempt stays open and is repeated with its key."""

    message = _(
        "The payment service does not answer just now. Nothing has been charged. Try again in a minute."
    )


class PaymentRefused(PaymentError):
    """The provider refused the request."""

    message = _(
        "The payment service refused this payment. Nothing has been charged. We have been told; try again later."
    )


class WayNotOffered(PaymentError):
    """No account, a group that takes no cash there, a currency that no card pays, or no such way."""

    message = _("This way to pay is not offered for this order. Choose another.")


class PartlyPaid(PaymentError):
    """Some of the money has come by bank transfer already."""

    message = _("Part of the money has come already. Send the rest by bank transfer too.")


class NoJournalNumber(PaymentError):
    """What the buyer typed is no journal number of a bank."""

    message = _(
        "Write the journal number as the bank printed it: 4 to 40 letters and digits, hyphens and strokes."
    )


class ReceiptError(PaymentError):
    """A decision about a receipt that does not fit; the message is for the finance officer."""


class ReceiptDiffers(ReceiptError):
    """A receipt with this journal number is entered already, with another amount or date."""

    message = _(
        "This journal number is entered already with another amount or date. Look at that receipt first."
    )


class ReceiptInOtherCurrency(ReceiptDiffers):
    """The same number, day and amount are entered already in another currency."""

    message = _(
        "This journal number is entered already with the same day and amount, but in another currency. Look at "
        "that receipt first, and check the currency of the account."
    )


class ReceiptChanged(ReceiptError):
    """What waits is not what the page showed."""

    message = _("This has changed meanwhile, and nothing was approved. Look at it again.")


class OwnAffair(ReceiptError):
    """Nobody decides about money for an order or a group of their own."""

    message = _("This is your own order or your own group. Somebody else has to decide about it.")


class ReceiptTaken(ReceiptError):
    """Somebody decided about this receipt meanwhile."""

    message = _("Somebody has decided about this receipt meanwhile. Look at it again.")


class ReceiptDoesNotFit(ReceiptError):
    """Not a transfer, or in another currency."""

    message = _(
        "This receipt cannot pay for that order: it waits for no bank transfer, or for one in another currency."
    )


class SecondPersonNeeded(ReceiptError):
    """The person who proposed it may not approve it."""

    message = _("You proposed this yourself. Somebody else has to approve it.")


class ReturnNumberMissing(ReceiptError):
    """Money that was sent back is named by the bank's journal number."""

    message = _("Write the journal number under which the bank sent the money back.")


class ReasonMissing(ReceiptError):
    """Who says no says why."""

    message = _("Write why, so that the first person knows what to look at.")


class ReceiptSettled(ReceiptError):
    """An order was released with this receipt, or its money is on the way back."""

    message = _(
        "This money is counted already: its order was paid with it, or it is on its way back. If it is another "
        "payer's, refund the order, and send the refund to who paid."
    )


class NothingOwed(ReceiptError):
    """The group owes nothing in this currency, or less."""

    message: str | Promise = _("This group does not owe so much in this currency. Look at its balance again.")


class OwesLess(NothingOwed):
    """The receipt is more than the group owes. owed: what it owes now, in currency."""

    def __init__(self, owed: Decimal, currency: str) -> None:
        self.message = _(
            "This group owes %(owed)s, and the receipt is more. Send it back, or match it to what it pays for."
        ) % {"owed": format_money(owed, currency)}
        super().__init__()


class WriteOffDecided(ReceiptError):
    """Another one waits for this group, or this one was decided meanwhile."""

    message = _("This was decided meanwhile, or another one waits for this group. Look at it again.")


class CashNotDue(PaymentError):
    """Nothing is to be collected for this part: not on its way yet, cancelled, or not to be paid at hand-over."""

    message = _("There is no cash to take for this order now. Look at it again.")


class CashStays(PaymentError):
    """Something was built on this cash: a refund, a return, a dispute or a payout; or its part has ended."""

    message = _(
        "This cash cannot be taken back: its order was refunded or disputed, goods came back, or a payout counts on it. "
        "Nothing has been changed."
    )


class CashReasonMissing(PaymentError):
    """Who says that cash was noted by mistake says why."""

    message = _("Write why this cash was noted by mistake. Nothing has been changed.")
