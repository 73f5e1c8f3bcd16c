"""Which way a group is paid: a transfer moves only what the card provider holds, a bank batch anything."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

from django.conf import settings
from django.db.models import QuerySet

from orders.models import VendorOrder
from payments.models import PaymentAttempt, PayoutAccount


class Owed(Protocol):
    """What one sale adds to a payout; sale is None for what belongs to none, amount below zero for a debt."""

    @property
    def sale(self) -> int | None:
        """Key of the vendor order."""

    @property
    def amount(self) -> Decimal:
        """In the payout's currency."""


T = TypeVar("T", bound=Owed)


@dataclass(frozen=True)
class Way(Generic[T]):
    """Dues that are paid together, and to which account. is_open: whether that account's rail can move this money."""

    account: PayoutAccount | None
    dues: Sequence[T]
    is_open: bool = True


@dataclass(frozen=True)
class Rails:
    """Where groups are paid. first: the account that counts, by group; bank: the newest bank account in force.

    at_provider: sales whose money came by card, of those that were asked for.
    """

    first: Mapping[int, PayoutAccount]
    bank: Mapping[int, PayoutAccount]
    at_provider: Collection[int]

    def ways(self, vendor_pk: int, currency: str, dues: Sequence[T]) -> list[Way[T]]:
        """How dues of one group and currency are paid; what no rail can move comes last, and is not open.

        Where a transfer cannot move all of it, everything goes by bank if the group has an account there too.
        """
        account = self.first.get(vendor_pk)
        elsewhere = [due for due in dues if self.is_elsewhere(account, currency, due)]
        if not elsewhere:
            return [Way(account, dues)]
        bank = self.bank.get(vendor_pk)
        if bank is not None and not bank.restriction:
            return [Way(bank, dues)]
        rest = [due for due in dues if due not in elsewhere]
        if sum((due.amount for due in rest), Decimal(0)) > 0:
            return [Way(account, rest), Way(account, elsewhere, is_open=False)]
        return [Way(account, dues, is_open=False)]

    def is_elsewhere(self, account: PayoutAccount | None, currency: str, due: Owed) -> bool:
        """Whether money that is owed cannot be moved by a transfer, and the account is paid by transfers.

        What belongs to no sale came back from a bank: it travels with any rail in the currency that is charged.
        """
        if account is None or account.rail != PayoutAccount.Rail.STRIPE_TRANSFER or due.amount <= 0:
            return False
        if due.sale is None:
            return currency != settings.CHARGE_CURRENCY
        return due.sale not in self.at_provider


def read_rails(now: datetime, vendor_pks: Collection[int], sales: Collection[int]) -> Rails:
    """Where these groups are paid now, and which of these sales were paid by card; three queries at most."""
    first = accounts_in_force(now, vendor_pks)
    if all(account.rail == PayoutAccount.Rail.BANK_BATCH for account in first.values()):
        return Rails(first, first, ())
    by_card = VendorOrder.objects.filter(
        pk__in=sales,
        order__attempts__state=PaymentAttempt.State.SUCCEEDED,
        order__attempts__provider=PaymentAttempt.Provider.STRIPE,
    )
    bank = bank_accounts_in_force(now, vendor_pks)
    return Rails(first, bank, set(by_card.order_by().values_list("pk", flat=True)))


def accounts_in_force(now: datetime, vendor_pks: Collection[int]) -> dict[int, PayoutAccount]:
    """The account that counts for each group now, in one query; a group without one is left out."""
    return _newest(PayoutAccount.objects.in_force(now).filter(vendor__in=vendor_pks))


def bank_accounts_in_force(now: datetime, vendor_pks: Collection[int]) -> dict[int, PayoutAccount]:
    """The account that counts for each group now among those at a bank, in one query."""
    at_bank = PayoutAccount.objects.in_force(now).filter(rail=PayoutAccount.Rail.BANK_BATCH)
    return _newest(at_bank.filter(vendor__in=vendor_pks))


def _newest(accounts: QuerySet[PayoutAccount]) -> dict[int, PayoutAccount]:
    rows = accounts.order_by("vendor_id", "-active_from", "-pk").distinct("vendor_id")
    return {account.vendor_id: account for account in rows}
