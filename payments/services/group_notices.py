"""What groups are told about their money: every member, and the group's own contacts."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.urls import reverse

from marketplace.lib.addresses import public_link
from marketplace.lib.money import format_money
from orders.models import VendorOrder
from payments.models import Dispute, Payout
from vendors.models import Partner
from vendors.services.telling import tell_members


def tell_vendor(vendor: Partner, key: str, kind: str, *, context: Mapping[str, str]) -> None:
    """Queue a notice to everybody whom the group can be reached by now; once for each key and contact.

    key: unique words for the event, at most 90 characters. kind: a code of notices.kinds.
    """
    tell_members(vendor, kind, key=key, context=context)


def tell_of_payout(payout: Payout, kind: str, *, reason: str = "") -> None:
    """Tell a group that a payout was made, or came back from the bank; the account is named by its last digits."""
    context = {
        "amount": format_money(payout.amount, payout.currency),
        "account": payout.account.account_number[-4:] or payout.account.stripe_account_id[-4:],
        "reference": payout.bank_reference,
        "reason": reason,
        "link": public_link(reverse("dashboard-home")),
    }
    tell_vendor(payout.vendor, f"payout:{payout.pk}:{kind}", kind, context=context)


def held_by_group(dispute: Dispute) -> dict[VendorOrder, Decimal]:
    """What a dispute holds of each group's share, by its part of the order. One query."""
    held: dict[VendorOrder, Decimal] = defaultdict(Decimal)
    for item in dispute.items.select_related("vendor_order__vendor"):
        held[item.vendor_order] += item.share
    return {part: share for part, share in held.items() if share}


def tell_of_dispute(dispute: Dispute, kind: str, held: Mapping[VendorOrder, Decimal]) -> None:
    """Tell each group what becomes of its share: held, free again or lost. held: as held_by_group."""
    for part, share in held.items():
        context = {
            "number": part.number,
            "amount": format_money(share, dispute.currency),
            "link": public_link(reverse("dashboard-order-detail", args=[part.number])),
        }
        tell_vendor(part.vendor, f"dispute:{dispute.pk}:{kind}:{part.number}", kind, context=context)
