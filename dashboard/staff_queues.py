"""What waits for staff, with its age: the front page of the admin."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.models import ListingChange, Product
from catalogue.policies import can_review
from notices.models import Notice
from orders.models import Return
from orders.policies import can_decide_return
from payments.models import BankReceipt, Dispute, PaymentAttempt, PayoutBatch, ProviderEvent, Refund
from payments.policies import can_decide_batches
from vendors.models import Certificate, Partner
from vendors.policies import can_decide_certificate, can_decide_vendor


@dataclass(frozen=True)
class Queue:
    """Rows that wait for a person: how many, since when the oldest (None when none does), and where they are."""

    words: str | Promise
    count: int
    since: datetime | None
    url: str


def queues(user: Any) -> list[Queue]:
    """The queues that this person may work on, empty ones included; one query each."""
    return list(_queues(user))


def _queues(user: Any) -> Iterator[Queue]:
    yield from _review_queues(user)
    yield from _return_queues(user)
    if user.has_perm("payments.view_providerevent"):
        dead = ProviderEvent.objects.filter(state=ProviderEvent.State.DEAD)
        page = "payments_providerevent"
        yield _queue(_("Provider events given up"), dead, "received_at", page=page, state="dead")
    if user.has_perm("payments.view_refund"):
        failed = Refund.objects.filter(state=Refund.State.FAILED)
        page = "payments_refund"
        yield _queue(_("Refunds that failed"), failed, "created_at", page=page, state="failed")
        waiting = Refund.objects.filter(state=Refund.State.PROPOSED)
        yield _queue(_("Refunds for a second person"), waiting, "created_at", page=page, state="proposed")
        foreign = Refund.objects.filter(reason=Refund.Reason.FOREIGN, requested_by=None)
        foreign = foreign.exclude(state=Refund.State.FAILED)
        yield _queue(
            _("Refunds made elsewhere, to be explained"),
            foreign,
            "created_at",
            page=page,
            state=Refund.Reason.FOREIGN,
            field="reason",
        )
    if user.has_perm("payments.view_dispute"):
        disputes = Dispute.objects.filter(state=Dispute.State.OPEN)
        yield _queue(_("Disputes to answer"), disputes, "opened_at", page="payments_dispute", state="open")
    if user.has_perm("payments.view_bankreceipt"):
        receipts = BankReceipt.objects.filter(state=BankReceipt.State.UNMATCHED)
        page = "payments_bankreceipt"
        yield _queue(_("Bank receipts to match"), receipts, "created_at", page=page, state="unmatched")
        proposed = BankReceipt.objects.filter(state=BankReceipt.State.PROPOSED)
        words = _("Bank receipts for a second person")
        yield _queue(words, proposed, "created_at", page=page, state="proposed")
    if can_decide_batches(user):
        yield from _payout_queues()
    if user.has_perm("communication.view_notice"):
        notices = Notice.objects.given_up()
        page = "communication_notice"
        waits = _queue(_("Notices that did not arrive"), notices, "created_at", page=page)
        yield replace(waits, url=f"{waits.url}?queue=failed")
    if user.has_perm("payments.view_paymentattempt"):
        unknown = PaymentAttempt.objects.filter(state=PaymentAttempt.State.UNKNOWN)
        page = "payments_paymentattempt"
        yield _queue(_("Payments without an answer"), unknown, "created_at", page=page, state="unknown")


def _review_queues(user: Any) -> Iterator[Queue]:
    if can_decide_vendor(user):
        groups = Partner.objects.visible_to(user).filter(state=Partner.State.APPLIED)
        yield _queue(_("Groups that have applied"), groups, "submitted_at", page="partner_partner")
    if can_decide_certificate(user):
        papers = Certificate.objects.visible_to(user).filter(state=Certificate.State.SUBMITTED)
        yield _queue(_("Certificates to verify"), papers, "submitted_at", page="partner_certificate")
    if can_review(user):
        listings = Product.objects.visible_to(user).filter(state=Product.State.SUBMITTED).whole()
        yield _queue(_("Listings to review"), listings, "submitted_at", page="catalogue_product")
        changes = ListingChange.objects.visible_to(user).filter(state=ListingChange.State.SUBMITTED)
        page = "catalogue_listingchange"
        yield _queue(_("Changes of listings to review"), changes, "submitted_at", page=page)


def _return_queues(user: Any) -> Iterator[Queue]:
    if can_decide_return(user):
        disputed = Return.objects.visible_to(user).filter(state=Return.State.DISPUTED)
        yield _queue(_("Returns to decide"), disputed, "created_at", page="order_return")


def _payout_queues() -> Iterator[Queue]:
    drafts = PayoutBatch.objects.filter(state=PayoutBatch.State.DRAFT, count__gt=0)
    yield _queue(_("Payout batches to approve"), drafts, "created_at", page="payments_payoutbatch")
    exported = PayoutBatch.objects.filter(state=PayoutBatch.State.EXPORTED)
    waits = _queue(_("Payout batches at the bank"), exported, "exported_at", page="payments_payoutbatch")
    # The list's own filter, which shows drafts unless told otherwise.
    yield replace(waits, url=f"{waits.url}?state=exported")


def _queue(
    words: str | Promise,
    rows: QuerySet[Any],
    since: str,
    *,
    page: str,
    state: str = "",
    field: str = "state",
) -> Queue:
    found = rows.order_by().aggregate(count=Count("pk"), since=Min(F(since)))
    address = reverse(f"admin:{page}_changelist")
    # Lists of decisions show their queue by themselves.
    return Queue(
        words, found["count"], found["since"], f"{address}?{field}__exact={state}" if state else address
    )
