"""How a provider says no, or says nothing."""

from __future__ import annotations


class ProviderError(Exception):
    """A provider did not do what was asked. `code` is its own short word for why, or empty."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class ProviderUnavailable(ProviderError):
    """No usable answer (network, time-out, 5xx, too many requests).

    The call may have been carried out; it may be tried again, with the same key.
    """


class ProviderConflict(ProviderUnavailable):
    """Another request with the same key is being carried out; ask again with that key."""


class PaymentDeclined(ProviderError):
    """The payment was refused. Must not be tried again as it is."""


class ProviderRequestRejected(ProviderError):
    """The provider says that the request itself is wrong: a mistake of ours, or a refund of too much.

    Must not be tried again as it is: a provider repeats its refusal for as long as it remembers the key.
    Also raised for an unknown id and for a key reused with other parameters.
    """


class AccountRestricted(ProviderRequestRejected):
    """The account may not receive money now; its owner has something to put right with the provider."""


class InsufficientFunds(ProviderRequestRejected):
    """The balance that should pay, ours or a connected account's, does not hold enough."""


class BadSignature(Exception):
    """No active secret signed this message, or it was signed too long ago."""


class MalformedEvent(Exception):
    """The message is signed correctly but is not an event."""
