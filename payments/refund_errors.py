"""What can go wrong with refunds and disputes; each message is for the officer who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RefundError(Exception):
    """Nothing was changed; message says why, and what to do."""

    message: str | Promise = _("This could not be done.")

    def __init__(self) -> None:
        super().__init__(str(self.message))


class NothingToRefund(RefundError):
    """Nothing was named, or what was named is worth nothing any more, or no money came for it."""

    message = _("There is nothing to refund: it went back already, or no money came for it.")


class UnitsTaken(RefundError):
    """More units were named than are left of a line."""

    message = _(
        "So many units are not left: some were refunded already, or are proposed. Look at the order again."
    )


class OverRefund(RefundError):
    """More would go back than came in."""

    message = _(
        "More would go back than came in. Look at the refunds made at the provider, and explain them first."
    )


class DisputedOrder(RefundError):
    """While a dispute is open the bank decides."""

    message = _("This payment is disputed: the bank decides. What is still owed is refunded when we win.")


class RefundOutdated(RefundError):
    """What was proposed is not what it would be now."""

    message = _("The order has changed since this was proposed. Reject it, and propose it again.")


class RefundDecided(RefundError):
    """Somebody decided meanwhile, or it is not in a state for this."""

    message = _("This refund does not wait for that any more. Look at it again.")


class AnotherPerson(RefundError):
    """Who asked for a refund neither approves it nor says that it was sent."""

    message = _("You asked for this refund. Another person must do this.")


class SecondPersonWaited(RefundError):
    """Above the limit one person's word is noted, and nothing else is changed until another one says the same."""

    is_noted = True
    message = _("Noted. Above the limit a second person must decide the same before it counts.")


class OwnReceipt(AnotherPerson):
    """Who brings money into the books does not send it out again alone."""

    message = _("You entered or matched the receipt of this payment. Another person must send it back.")


class OwnOrder(AnotherPerson):
    """Nobody decides about money that goes back to themselves."""

    message = _("This is your own order. Another person must do this.")


class ReferenceMissing(RefundError):
    """Money sent from our bank account is named by the bank's journal number."""

    message = _("Write the journal number under which the bank sent the money.")


class RemarkMissing(RefundError):
    """A decision that a person makes alone is explained."""

    message = _("Write why. It is kept with the refund.")


class AmountDiffers(RefundError):
    """What was named is not worth what went back."""

    message = _(
        "What you named is worth another amount than went back. Name other lines, or let the programme bear it."
    )


class NothingFailed(RefundError):
    """No refund of this payment failed for which this one could stand."""

    message = _("No refund of this payment that failed is as large as this one. Name its lines instead.")


class ReferenceTaken(RefundError):
    """A journal number names one refund."""

    message = _(
        "This journal number is noted for another refund already. Look at the bank's statement again."
    )


class NotFromOneGroup(RefundError):
    """Only the group that took the cash gives it back."""

    message = _("Only what one group took in cash can be given back by it. Send this by bank.")


class DisputeClosed(RefundError):
    """The bank has decided."""

    message = _("This dispute is closed. What it was about cannot be changed any more.")
