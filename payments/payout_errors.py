"""What can go wrong with payouts; each message is for the person who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class PayoutError(Exception):
    """Nothing was done unless a subclass says otherwise; message says why, and what to do."""

    message: str | Promise = _("This could not be done.")

    def __init__(self) -> None:
        super().__init__(str(self.message))


class SecondPersonNeeded(PayoutError):
    """Who handed a batch in does not decide about it."""

    message = _("You handed this batch in. Another person must decide about it.")


class HandInFirst(PayoutError):
    """Whatever a batch pays, one person hands it in and another approves it."""

    message = _("Nobody has handed this batch in. Hand it in, and let another person approve it.")


class OwnDetails(PayoutError):
    """Who gave account details does not approve a payout to them."""

    message = _("This batch pays to account details that you gave. Another person must approve it.")


class OwnGroup(PayoutError):
    """Nobody approves money for a group to which they belong."""

    message = _("This batch pays a group of which you are a member. Another person must approve it.")


class BatchEmpty(PayoutError):
    """There is nothing to pay."""

    message = _("This batch holds no payout.")


class ReasonNeeded(PayoutError):
    """Somebody would be told "no" without being told why."""

    message = _("Say why, for the history.")


class FileChanged(PayoutError):
    """The stored file is not the one that was written."""

    message = _("The stored file does not match its sha256. Do not send it; tell the operator.")


class BatchChanged(PayoutError):
    """Payouts were taken out of the batch, and nothing was approved. count: how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.message = ngettext(
            "%(count)d payout was taken out: its group is not owed so much any more, or its details were"
            " withdrawn. Look at the batch again.",
            "%(count)d payouts were taken out: their groups are not owed so much any more, or their details were"
            " withdrawn. Look at the batch again.",
            count,
        ) % {"count": count}
        super().__init__()


class LineNotOpen(PayoutError):
    """A payout that is not with the bank can be neither settled nor returned."""

    message = _("This payout is not with the bank.")


class DetailsIncomplete(PayoutError):
    """Account details with which nobody could be paid. field: which one is wrong."""

    def __init__(self, field: str, message: str | Promise) -> None:
        self.field = field
        self.message = message
        super().__init__()


class AccountServiceBusy(PayoutError):
    """The provider gave no answer; trying again is safe."""

    message = _("The payment service does not answer just now. Try again in a minute.")
