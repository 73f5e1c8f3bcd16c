"""Who may do what to payments."""

from decimal import Decimal
from typing import Any

from django.conf import settings

from orders.models import VendorOrder
from vendors.domain.rights import Right
from vendors.models import Partner
from vendors.policies import has_right


def can_replay_events(user: Any) -> bool:
    """Have a provider's event handled again: staff who may read events; settling twice changes nothing."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.view_providerevent"))


def can_decide_refunds(user: Any) -> bool:
    """Ask for refunds, approve what another person asked for, and say what refunds made elsewhere were for."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.decide_refund"))


def can_decide_disputes(user: Any) -> bool:
    """Say what open disputes are about."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.decide_dispute"))


def can_write_off(user: Any) -> bool:
    """Ask that the programme bears what a group owes, and decide about what another person asked for."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.decide_writeoff"))


def can_match_receipts(user: Any) -> bool:
    """Enter bank receipts, say what they pay for, and approve what another person said."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.change_bankreceipt"))


def can_collect_cash(user: Any, vendor_order: VendorOrder) -> bool:
    """Note cash taken at hand-over: members of the group, and staff with the right to; one query."""
    if user.is_active and user.is_staff and user.has_perm("payments.add_cashcollection"):
        return True
    return has_right(user, vendor_order.vendor_id, Right.WORK_ON_ORDERS)


def can_take_back_cash(user: Any) -> bool:
    """Say that cash was noted by mistake: staff who may note it for a group, no member of one."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.add_cashcollection"))


def needs_second_person(amount: Decimal, currency: str) -> bool:
    """Whether money of this amount is moved by two persons only; amount in currency."""
    return amount > Decimal(settings.FOUR_EYES_ABOVE.get(currency, 0))


def can_decide_batches(user: Any) -> bool:
    """Hand in, approve, reject and export payout batches, and import what the bank answered."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.change_payoutbatch"))


def can_withdraw_payout_accounts(user: Any) -> bool:
    """Withdraw a group's account details on its behalf."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.change_payoutaccount"))


def can_give_payout_details(user: Any, vendor: Partner) -> bool:
    """Say where a group is paid, and withdraw it: its chair and its bookkeeper; one query."""
    return has_right(user, vendor, Right.CHANGE_BANK_DETAILS)


def can_look_at_balance_again(user: Any) -> bool:
    """Have a movement of the provider's balance posted that was not understood: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.change_balancetransaction"))


def can_read_accounts(user: Any) -> bool:
    """Read the ledger and the statement of every group: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("payments.view_ledgerposting"))
