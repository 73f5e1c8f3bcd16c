"""What buyers' banks call back, held, won and lost."""

from collections.abc import Sequence

from django.db import models

from payments.models import Dispute, LedgerPosting
from payments.models.refunds import SaleShare
from payments.services.ledger import posting
from payments.services.ledger.posting import ZERO, Account, Amount


def post_dispute_opened(dispute: Dispute) -> None:
    """The shares of what is disputed are held back from their groups."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    payable = posting.shares(items, account=Account.VENDOR_PAYABLE)
    held = posting.shares(items, account=Account.VENDOR_HELD, sign=-1)
    if items:
        posting.post_event(dispute, "held", dispute.currency, [*payable, *held])


def post_dispute_renamed(dispute: Dispute, before: Sequence[SaleShare]) -> None:
    """An officer said what an open dispute is about: what was held for other things is the groups' again."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    kinds = LedgerPosting.objects.filter(source_type=posting.SOURCE_TYPES[Dispute], source_id=dispute.pk)
    posting.post_event(
        dispute,
        f"held_{kinds.count() + 1}",
        dispute.currency,
        [
            *posting.shares(before, account=Account.VENDOR_HELD),
            *posting.shares(before, account=Account.VENDOR_PAYABLE, sign=-1),
            *posting.shares(items, account=Account.VENDOR_PAYABLE),
            *posting.shares(items, account=Account.VENDOR_HELD, sign=-1),
        ],
    )


def post_dispute_won(dispute: Dispute) -> None:
    """What was held back is the groups' again."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    held = posting.shares(items, account=Account.VENDOR_HELD)
    payable = posting.shares(items, account=Account.VENDOR_PAYABLE, sign=-1)
    if items:
        posting.post_event(dispute, _next_kind(dispute, "won"), dispute.currency, [*held, *payable])


def post_dispute_lost(dispute: Dispute) -> None:
    """What was held back is gone, with the commission on it; what no item covers is borne by the programme."""
    items = list(dispute.items.select_related("vendor_order__vendor"))
    covered = sum((item.amount for item in items), ZERO)
    posting.post_event(
        dispute,
        _next_kind(dispute, "lost"),
        dispute.currency,
        [
            *posting.shares(items, account=Account.VENDOR_HELD),
            *posting.kept_back(items),
            Amount(Account.PROGRAMME_LOSS, dispute.amount - covered),
            Amount(Account.DISPUTE_RECEIVABLE, -dispute.amount),
        ],
    )


def post_dispute_undone(dispute: Dispute) -> None:
    """The bank took back how it had decided: what that moved is where it was before."""
    last = _postings(dispute, dispute.state).order_by("pk").last()
    if last is None:
        return
    entries = last.entries.select_related("vendor", "vendor_order").order_by("pk")
    posting.post_event(
        dispute,
        _next_kind(dispute, dispute.state),
        dispute.currency,
        [Amount(Account(each.account), -each.amount, each.vendor, each.vendor_order) for each in entries],
    )


def _postings(dispute: Dispute, kind: str) -> models.QuerySet[LedgerPosting]:
    named = models.Q(kind=kind) | models.Q(kind__startswith=f"{kind}_")
    return LedgerPosting.objects.filter(
        named, source_type=posting.SOURCE_TYPES[Dispute], source_id=dispute.pk
    )


def _next_kind(dispute: Dispute, kind: str) -> str:
    """A bank may decide more than once: won, won_2, won_3, each undone by the next."""
    before = _postings(dispute, kind).count()
    return f"{kind}_{before + 1}" if before else kind
