"""What can go wrong while a buyer pays; each message is for the buyer."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
