"""Money sent on to the accounts of vendors, and taken back from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class RemoteTransfer:
    """A transfer as the provider sees it now. amount: as sent; amount_reversed: what came back of it so far."""

    id: str
    account: str
    amount: Decimal
    amount_reversed: Decimal
    currency: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RemoteReversal:
    """Money of a transfer taken back. amount: major units, above zero."""

    id: str
    transfer_id: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class RemoteAccount:
    """A vendor's account at the provider.

    can_receive: whether transfers to it are accepted now. disabled_reason: the provider's word, empty if none.
    """

    id: str
    can_receive: bool
    disabled_reason: str
    metadata: Mapping[str, str] = field(default_factory=dict)


class TransferRail(Protocol):
    """Sends vendors their share; never decides what they are owed.

    Every call raises ProviderUnavailable (may be repeated, with the same key) and ProviderRequestRejected (must
    not). Amounts are major units above zero; ValueError before any call for others.
    """

    def create_transfer(
        self,
        *,
        key: str,
        account: str,
        amount: Decimal,
        currency: str,
        source_charge: str,
        transfer_group: str,
        metadata: Mapping[str, str],
    ) -> RemoteTransfer:
        """Send money from our balance to an account; the same key never sends twice.

        source_charge: the charge whose money it is, which need not be available yet and never pays more than it
        brought; empty to send what is available. metadata: "transfer" holds our reference.
        Raises AccountRestricted, InsufficientFunds.
        """
        ...

    def retrieve_transfer(self, transfer_id: str) -> RemoteTransfer:
        """A transfer now."""
        ...

    def find_transfer(self, reference: str, transfer_group: str) -> RemoteTransfer | None:
        """The transfer whose metadata names our reference, for a key too old to be repeated."""
        ...

    def reverse_transfer(
        self,
        *,
        key: str,
        transfer_id: str,
        amount: Decimal,
        currency: str,
        metadata: Mapping[str, str],
    ) -> RemoteReversal:
        """Take back part or all of a transfer; the same key never takes twice.

        metadata: "reversal" holds our reference.
        Raises InsufficientFunds when the account's balance is too small, ProviderRequestRejected for more than is left.
        """
        ...

    def find_reversal(self, transfer_id: str, reference: str) -> RemoteReversal | None:
        """The reversal whose metadata names our reference, for a key too old to be repeated."""
        ...

    def create_account(
        self, *, key: str, email: str, country: str, metadata: Mapping[str, str]
    ) -> RemoteAccount:
        """Open an account for a vendor, who then tells the provider about himself; the same key opens one.

        country: two upper case letters.
        """
        ...

    def retrieve_account(self, account_id: str) -> RemoteAccount:
        """An account now. Raises AccountRestricted when the provider does not let us see it any more."""
        ...

    def account_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """An address, good once and for minutes, where the vendor tells the provider what it wants to know.

        return_url: where he comes back, done or not. refresh_url: where he is sent for a new link.
        """
        ...
