"""Connected accounts of the fake, and transfers to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from payments.providers.base import (
    AccountRestricted,
    InsufficientFunds,
    ProviderRequestRejected,
    RemoteAccount,
    RemoteReversal,
    RemoteTransfer,
)
from tests.support.provider_fake.core import NOTHING, Charge, FakeCore, checked_amount


@dataclass
class FakeTransfers(FakeCore):
    """Implements TransferRail. account_balances: what each account holds, by (account, currency)."""

    accounts: dict[str, RemoteAccount] = field(default_factory=dict)
    account_balances: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    transfers: dict[str, RemoteTransfer] = field(default_factory=dict)
    reversals: dict[str, RemoteReversal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._groups: dict[str, str] = {}
        self._references: dict[str, str] = {}
        self._sources: dict[str, Charge] = {}

    def onboard(self, account: str) -> RemoteAccount:
        """Let a vendor tell the provider all it wants to know: he can receive now."""
        return self._change_account(account, can_receive=True, disabled_reason="")

    def restrict(self, account: str, reason: str = "requirements.past_due") -> RemoteAccount:
        """Let the provider close an account to transfers until onboard()."""
        return self._change_account(account, can_receive=False, disabled_reason=reason)

    def empty(self, account: str) -> None:
        """Let a vendor take everything to his bank."""
        with self._lock:
            for owner, currency in self.account_balances:
                if owner == account:
                    self.account_balances[owner, currency] = NOTHING

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
        amount = checked_amount(amount, currency)

        def make() -> RemoteTransfer:
            self._check_transfer(account, amount, currency=currency, source_charge=source_charge)
            transfer = RemoteTransfer(
                id=f"tr_fake_{len(self.transfers) + 1}",
                account=account,
                amount=amount,
                amount_reversed=NOTHING,
                currency=currency,
                metadata=dict(metadata),
            )
            self.transfers[transfer.id] = transfer
            self._groups[transfer.id] = transfer_group
            if source_charge:
                self._sources[transfer.id] = self.charges[source_charge]
                self.charges[source_charge].transferred += amount
            held = self.account_balances.get((account, currency), NOTHING)
            self.account_balances[account, currency] = held + amount
            self._move("transfer", -amount, currency=currency, source_id=transfer.id)
            self._emit("transfer.created", transfer.id, transfer.metadata)
            return transfer

        question = (account, amount, currency, source_charge, transfer_group, frozenset(metadata.items()))
        return self._once("create_transfer", key, question, make)

    def retrieve_transfer(self, transfer_id: str) -> RemoteTransfer:
        with self._lock:
            self._begin("retrieve_transfer", transfer_id)
            transfer: RemoteTransfer = self._required(self.transfers, transfer_id)
            return transfer

    def find_transfer(self, reference: str, transfer_group: str) -> RemoteTransfer | None:
        with self._lock:
            self._begin("find_transfer", reference)
            for transfer in reversed(self.transfers.values()):
                group = self._groups[transfer.id]
                if group == transfer_group and transfer.metadata.get("transfer") == reference:
                    return transfer
            return None

    def reverse_transfer(
        self, *, key: str, transfer_id: str, amount: Decimal, currency: str, metadata: Mapping[str, str]
    ) -> RemoteReversal:
        amount = checked_amount(amount, currency)

        def make() -> RemoteReversal:
            transfer: RemoteTransfer = self._required(self.transfers, transfer_id)
            if amount > transfer.amount - transfer.amount_reversed:
                raise ProviderRequestRejected("reversal is greater than what is left")
            held = self.account_balances[transfer.account, transfer.currency]
            if amount > held:
                raise InsufficientFunds("the account holds too little", code="balance_insufficient")
            reversal = RemoteReversal(
                id=f"trr_fake_{len(self.reversals) + 1}",
                transfer_id=transfer_id,
                amount=amount,
                currency=transfer.currency,
            )
            self.reversals[reversal.id] = reversal
            self._references[reversal.id] = metadata.get("reversal", "")
            self.account_balances[transfer.account, transfer.currency] = held - amount
            if transfer_id in self._sources:
                self._sources[transfer_id].transferred -= amount
            reversed_now = replace(transfer, amount_reversed=transfer.amount_reversed + amount)
            self.transfers[transfer_id] = reversed_now
            self._move("transfer_refund", amount, currency=transfer.currency, source_id=reversal.id)
            self._emit("transfer.reversed", transfer_id, transfer.metadata)
            return reversal

        question = (transfer_id, amount, currency, frozenset(metadata.items()))
        return self._once("reverse_transfer", key, question, make)

    def find_reversal(self, transfer_id: str, reference: str) -> RemoteReversal | None:
        with self._lock:
            self._begin("find_reversal", reference)
            for reversal in reversed(self.reversals.values()):
                is_named = bool(reference) and self._references[reversal.id] == reference
                if is_named and reversal.transfer_id == transfer_id:
                    return reversal
            return None

    def create_account(
        self, *, key: str, email: str, country: str, metadata: Mapping[str, str]
    ) -> RemoteAccount:
        def make() -> RemoteAccount:
            account = RemoteAccount(
                id=f"acct_fake_{len(self.accounts) + 1}",
                can_receive=False,
                disabled_reason="requirements.past_due",
                metadata=dict(metadata),
            )
            self.accounts[account.id] = account
            return account

        return self._once("create_account", key, (email, country, frozenset(metadata.items())), make)

    def retrieve_account(self, account_id: str) -> RemoteAccount:
        with self._lock:
            self._begin("retrieve_account", account_id)
            return self._account(account_id)

    def account_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        with self._lock:
            self._begin("account_link", account_id)
            self._account(account_id)
            return f"https://connect.example/{account_id}"

    def _account(self, account_id: str) -> RemoteAccount:
        if account_id not in self.accounts:
            raise AccountRestricted(f"no access to account {account_id}", code="account_invalid")
        return self.accounts[account_id]

    def _check_transfer(self, account: str, amount: Decimal, *, currency: str, source_charge: str) -> None:
        receiver: RemoteAccount = self._required(self.accounts, account)
        if not receiver.can_receive:
            raise AccountRestricted(
                f"{account} may not receive", code="insufficient_capabilities_for_transfer"
            )
        if not source_charge:
            if amount > self._balance[currency]:
                raise InsufficientFunds("our balance is too small", code="balance_insufficient")
            return
        charge = self._required(self.charges, source_charge)
        if charge.currency != currency or charge.transferred + amount > charge.amount:
            raise ProviderRequestRejected("more than the charge brought")

    def _change_account(self, account_id: str, *, can_receive: bool, disabled_reason: str) -> RemoteAccount:
        with self._lock:
            account = replace(
                self.accounts[account_id], can_receive=can_receive, disabled_reason=disabled_reason
            )
            self.accounts[account_id] = account
            self._emit("account.updated", account_id, account.metadata, account=account_id)
            return account
