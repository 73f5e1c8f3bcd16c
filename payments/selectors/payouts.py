"""Who would be paid by a run made now, and why others would not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import format_money
from payments.domain.carrying import Due
from payments.models import Payout, PayoutAccount
from payments.selectors.balances import Balance, payable_entries, vendor_balances
from payments.selectors.rails import read_rails
from vendors.effects import holds_payouts, pays_last_balance
from vendors.models import Partner

UNDER_WAY = (Payout.State.PLANNED, Payout.State.APPROVED, Payout.State.SENT)


class Obstacle(TextChoices):
    """Why a group is not paid now."""

    NOTHING_DUE = "nothing_due", _("nothing is due")
    UNDER_WAY = "under_way", _("an earlier payout is under way")
    NO_ACCOUNT = "no_account", _("no account details")
    RESTRICTED = "restricted", _("the account may not receive money now")
    BELOW_MINIMUM = "below_minimum", _("below the smallest payout")
    SUSPENDED = "suspended", _("the group is suspended")
    ABOVE_BALANCE = "above_balance", _("more than the group is owed in all")
    NEEDS_BANK = "needs_bank", _("not at the card provider: a bank account is needed")


@dataclass(frozen=True)
class DuePayout:
    """What a payout to one group in one currency would hold; obstacle: why there is none, None when there is.

    amount: the sum of the dues, which may be below zero. dues: by sale, the one that became payable first first.
    """

    vendor_pk: int
    currency: str
    amount: Decimal
    dues: tuple[Due, ...]
    account: PayoutAccount | None
    obstacle: Obstacle | None


def due_payouts(now: datetime, vendor_pks: Collection[int]) -> list[DuePayout]:
    """What each of these groups is due in each currency, by group; those with nothing to reckon are left out.

    Two of a group and currency where a part of it is not at the card provider, and there is no bank account for it.
    Seven queries at most, however many groups.
    """
    dues = _dues(now, vendor_pks)
    rails = read_rails(now, vendor_pks, [due.sale for groups in dues.values() for due in groups if due.sale])
    balances = vendor_balances(vendor_pks)
    under_way = payouts_under_way(vendor_pks)
    states = dict(Partner.objects.filter(pk__in=vendor_pks).order_by().values_list("pk", "state"))
    found = []
    for (vendor_pk, currency), groups in sorted(dues.items()):
        payable = balances.get((vendor_pk, currency), Balance()).payable
        for way in rails.ways(vendor_pk, currency, groups):
            amount = sum((due.amount for due in way.dues), Decimal(0))
            obstacle = (
                Obstacle.UNDER_WAY
                if (vendor_pk, currency) in under_way
                else obstacle_to(
                    amount,
                    currency,
                    account=way.account,
                    payable=payable,
                    is_open=way.is_open,
                    state=states[vendor_pk],
                )
            )
            found.append(DuePayout(vendor_pk, currency, amount, tuple(way.dues), way.account, obstacle))
    return found


def payouts_under_way(vendor_pks: Collection[int]) -> dict[tuple[int, str], datetime]:
    """When the payout was planned that is under way, by group and currency: until it ends a run plans no other."""
    rows = Payout.objects.filter(vendor__in=vendor_pks, state__in=UNDER_WAY).order_by()
    return {
        (vendor_pk, currency): planned_at
        for vendor_pk, currency, planned_at in rows.values_list("vendor_id", "currency", "created_at")
    }


@dataclass(frozen=True)
class WaitingGroup:
    """A group that is due or owes money and would not be paid now. amount: with its currency, as text."""

    vendor: Partner
    amount: str
    words: str


def waiting_groups(now: datetime) -> list[WaitingGroup]:
    """Groups that a run made now would leave out, the one that is due most first."""
    pks = set(payable_entries(now).values_list("vendor_id", flat=True))
    vendors = Partner.objects.in_bulk(pks)
    left_out = [(due, due.obstacle) for due in due_payouts(now, pks) if due.obstacle is not None]
    left_out.sort(key=lambda pair: pair[0].amount, reverse=True)
    return [
        WaitingGroup(vendors[due.vendor_pk], format_money(due.amount, due.currency), _words(due, obstacle))
        for due, obstacle in left_out
    ]


def _words(due: DuePayout, obstacle: Obstacle) -> str:
    why = due.account.restriction if due.account and obstacle == Obstacle.RESTRICTED else ""
    return f"{obstacle.label}: {why}" if why else str(obstacle.label)


def obstacle_to(
    amount: Decimal,
    currency: str,
    *,
    account: PayoutAccount | None,
    payable: Decimal,
    is_open: bool = True,
    state: str = Partner.State.APPROVED,
) -> Obstacle | None:
    """Why an amount that is due is not paid to an account; None when nothing stands in the way.

    payable: all that the group is owed, due or not; a payout never makes it less than zero. is_open: whether the
    account's rail can move this money. state: of the group; what it means is said in vendors.effects.
    """
    if amount <= 0:
        return Obstacle.NOTHING_DUE
    if holds_payouts(state):
        return Obstacle.SUSPENDED
    if account is None:
        return Obstacle.NO_ACCOUNT
    if not is_open:
        return Obstacle.NEEDS_BANK
    if account.restriction:
        return Obstacle.RESTRICTED
    if amount < smallest_payout(account, currency, state=state):
        return Obstacle.BELOW_MINIMUM
    return Obstacle.ABOVE_BALANCE if amount > payable else None


def smallest_payout(
    account: PayoutAccount | None, currency: str, *, state: str = Partner.State.APPROVED
) -> Decimal:
    """What must be due before a group is paid, in currency: the programme's minimum or the group's own.

    A group says its own as an amount of the currency in which the marketplace charges. A closed one is paid anything.
    """
    if pays_last_balance(state):
        return Decimal(0)
    own = account.minimum if account and currency == settings.CHARGE_CURRENCY else Decimal(0)
    return max(own, Decimal(settings.PAYOUT_MINIMUM.get(currency, 0)))


def _dues(now: datetime, vendor_pks: Collection[int]) -> dict[tuple[int, str], list[Due]]:
    rows = (
        payable_entries(now)
        .filter(vendor__in=vendor_pks)
        .order_by("vendor_order__payable_from", "vendor_order_id", "pk")
        .values_list("vendor_id", "currency", "vendor_order_id", "pk", "amount")
    )
    sales: dict[tuple[int, str], dict[int | None, tuple[Decimal, tuple[int, ...]]]] = {}
    for vendor_pk, currency, sale, entry, amount in rows:
        group = sales.setdefault((vendor_pk, currency), {})
        sum_so_far, entries = group.get(sale, (Decimal(0), ()))
        group[sale] = (sum_so_far - amount, (*entries, entry))
    return {
        key: [Due(sale, amount, entries) for sale, (amount, entries) in group.items()]
        for key, group in sales.items()
    }


def next_run(after: datetime) -> datetime:
    """When the next nightly run is, at a time or after it; aware, UTC."""
    run = datetime.combine(after.astimezone(UTC).date(), settings.PAYOUT_RUN_AT, tzinfo=UTC)
    return run if run >= after else run + timedelta(days=1)
