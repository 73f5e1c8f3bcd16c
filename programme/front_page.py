"""What waits for a person of the staff, with its age: the front page of the admin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from catalogue.selectors.lapsed import lapsed
from notices.models import Notice
from orders.models import Return
from orders.offers.models import ConditionalOffer
from orders.policies import can_decide_offers, can_decide_return
from payments.models import (
    BankReceipt,
    Difference,
    Dispute,
    PaymentAttempt,
    PayoutBatch,
    ProviderEvent,
    Refund,
    WriteOff,
)
from payments.policies import can_decide_batches, can_write_off
from programme.models import Broadcast
from programme.policies import can_write_broadcasts
from programme.selectors.queue import CAP, Narrowing, counts, kinds_of
from regions.models import EnteredChange, Nomination
from regions.policies import can_approve, can_change_register, can_propose, can_recommend
from regions.selectors.nominations import visible_to, waiting_for
from regions.services.waiting import waits_since

Words = str | Promise
MODERATION, ORDERS, MONEY, MESSAGES = _("Moderation"), _("Orders"), _("Money"), _("Messages")
PLACES = _("Places")


@dataclass(frozen=True)
class Queue:
    """Rows that wait for a person: how many, since when the oldest (None when none does), and where they are.

    count stands for more above CAP. over: how many of them wait longer than was promised, where something was.
    """

    section: Words
    words: Words
    count: int
    since: datetime | None
    url: str
    over: int = 0

    @property
    def number(self) -> str:
        """The count as it is shown: "12", "1000+"."""
        return f"{CAP}+" if self.count > CAP else str(self.count)


def queues(user: Any) -> list[Queue]:
    """The queues that this person may work on, empty ones included; one query each, and one for all of moderation."""
    own = (_moderation, _lapsed, _nominations, _places, _orders, _money, _messages)
    return [queue for queues_of in own for queue in queues_of(user)]


def _moderation(user: Any) -> Iterator[Queue]:
    """What the person decides, kind by kind."""
    own = [kind for kind in kinds_of(user) if _may_decide(kind.model, user)]
    if not own:
        return
    address = reverse("admin:programme_claim_changelist")
    for waiting in counts(user, Narrowing(is_to_decide=True), now=timezone.now(), kinds=own):
        kind = waiting.kind
        url = f"{address}?kind={kind.code}&decide=1"
        yield Queue(MODERATION, kind.names, waiting.count, waiting.since, url, over=waiting.over)


def _lapsed(user: Any) -> Iterator[Queue]:
    """Listings on sale whose certificate or licence is over; asked of the person who may take them from sale."""
    if _may_decide(Product, user):
        count = len(lapsed(Product.objects.visible_to(user)))
        url = f"{reverse('admin:catalogue_product_changelist')}?state=live&lapsed=yes"
        yield Queue(MODERATION, _("Listings on sale whose certificate is over"), count, None, url)


def _nominations(user: Any) -> Iterator[Queue]:
    """What places propose. Not a kind of moderation: there a row waits in one state for whoever decides about it.

    A nomination waits in two, for other people in each, and is approved by a committee with a day for many at once.
    """
    page, since = "regions_nomination", "handed_in_at"
    if can_recommend(user) or can_approve(user):
        words = _("Nominations to recommend or approve")
        yield _queue(MODERATION, words, waiting_for(user), since, page=page, asked="state=mine")
    if can_propose(user):
        returned = visible_to(user).filter(state=Nomination.State.RETURNED)
        words = _("Nominations to hand in anew")
        yield _queue(MODERATION, words, returned, since, page=page, asked="state=returned")


def _may_decide(model: Any, user: Any) -> bool:
    desk: Any = admin.site.get_model_admin(model)
    return bool(desk.may_decide(user))


def _places(user: Any) -> Iterator[Queue]:
    """What the register of places leaves to staff."""
    if not can_change_register(user):
        return
    count, since = waits_since()
    words, url = _("Places that ended, where something waits"), reverse("admin:regions_region_waiting")
    yield Queue(PLACES, words, count, _at_its_beginning(since), url)
    failed = list(EnteredChange.objects.failed().order_by("on").values_list("on", flat=True)[: CAP + 1])
    url = f"{reverse('admin:regions_enteredchange_changelist')}?{_state('failed')}"
    first = _at_its_beginning(failed[0] if failed else None)
    yield Queue(PLACES, _("Changes of places that could not be carried out"), len(failed), first, url)


def _at_its_beginning(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=UTC) if day else None


def _orders(user: Any) -> Iterator[Queue]:
    if can_decide_return(user):
        disputed = Return.objects.visible_to(user).filter(state=Return.State.DISPUTED)
        yield _queue(ORDERS, _("Returns to decide"), disputed, "created_at", page="order_return")


def _money(user: Any) -> Iterator[Queue]:
    if user.has_perm("payments.view_refund"):
        yield from _refunds()
    if user.has_perm("payments.view_dispute"):
        disputes = Dispute.objects.filter(state=Dispute.State.OPEN)
        page = "payments_dispute"
        yield _queue(MONEY, _("Disputes to answer"), disputes, "opened_at", page=page, asked=_state("open"))
    if user.has_perm("payments.view_bankreceipt"):
        yield from _receipts()
    if can_decide_batches(user):
        yield from _batches()
    if can_write_off(user):
        proposed = WriteOff.objects.filter(state=WriteOff.State.PROPOSED)
        words = _("Debts to write off, for a second person")
        yield _queue(MONEY, words, proposed, "created_at", page="payments_writeoff")
    if can_decide_offers(user):
        offers = ConditionalOffer.objects.filter(state=ConditionalOffer.State.PROPOSED)
        words, page = _("Offers for a second person"), "offer_conditionaloffer"
        yield _queue(MONEY, words, offers, "date_created", page=page)
    if user.has_perm("payments.view_paymentattempt"):
        unknown = PaymentAttempt.objects.filter(state=PaymentAttempt.State.UNKNOWN)
        page, asked = "payments_paymentattempt", _state("unknown")
        yield _queue(MONEY, _("Payments without an answer"), unknown, "created_at", page=page, asked=asked)
    if user.has_perm("payments.view_difference"):
        found = Difference.objects.filter(resolved_at=None)
        words = _("Differences to explain")
        yield _queue(MONEY, words, found, "first_seen_at", page="payments_difference")


def _refunds() -> Iterator[Queue]:
    page = "payments_refund"
    failed = Refund.objects.filter(state=Refund.State.FAILED)
    yield _queue(MONEY, _("Refunds that failed"), failed, "created_at", page=page, asked=_state("failed"))
    waiting = Refund.objects.filter(state=Refund.State.PROPOSED)
    words = _("Refunds for a second person")
    yield _queue(MONEY, words, waiting, "created_at", page=page, asked=_state("proposed"))
    foreign = Refund.objects.filter(reason=Refund.Reason.FOREIGN, requested_by=None)
    foreign = foreign.exclude(state=Refund.State.FAILED)
    words, asked = _("Refunds made elsewhere, to be explained"), f"reason__exact={Refund.Reason.FOREIGN}"
    yield _queue(MONEY, words, foreign, "created_at", page=page, asked=asked)


def _receipts() -> Iterator[Queue]:
    page = "payments_bankreceipt"
    receipts = BankReceipt.objects.filter(state=BankReceipt.State.UNMATCHED)
    words = _("Bank receipts to match")
    yield _queue(MONEY, words, receipts, "created_at", page=page, asked=_state("unmatched"))
    proposed = BankReceipt.objects.filter(state=BankReceipt.State.PROPOSED)
    words = _("Bank receipts for a second person")
    yield _queue(MONEY, words, proposed, "created_at", page=page, asked=_state("proposed"))


def _batches() -> Iterator[Queue]:
    page = "payments_payoutbatch"
    drafts = PayoutBatch.objects.filter(state=PayoutBatch.State.DRAFT, count__gt=0)
    yield _queue(MONEY, _("Payout batches to approve"), drafts, "created_at", page=page)
    exported = PayoutBatch.objects.filter(state=PayoutBatch.State.EXPORTED)
    words = _("Payout batches at the bank")
    # The list's own filter, which shows drafts unless told otherwise.
    yield _queue(MONEY, words, exported, "exported_at", page=page, asked="state=exported")


def _messages(user: Any) -> Iterator[Queue]:
    if user.has_perm("payments.view_providerevent"):
        dead = ProviderEvent.objects.filter(state=ProviderEvent.State.DEAD)
        page, asked = "payments_providerevent", _state("dead")
        yield _queue(MESSAGES, _("Provider events given up"), dead, "received_at", page=page, asked=asked)
    if can_write_broadcasts(user):
        waiting = (
            Broadcast.objects.visible_to(user).filter(state=Broadcast.State.PROPOSED).exclude(author=user)
        )
        words, page = _("Messages to groups, for a second person"), "programme_broadcast"
        yield _queue(MESSAGES, words, waiting, "created_at", page=page, asked=_state("proposed"))
    if user.has_perm("communication.view_notice"):
        notices, words = Notice.objects.given_up(), _("Notices that did not arrive")
        page = "communication_notice"
        yield _queue(MESSAGES, words, notices, "created_at", page=page, asked="queue=failed")


def _state(state: str) -> str:
    return f"state__exact={state}"


def _queue(
    section: Words, words: Words, rows: QuerySet[Any], since: str, *, page: str, asked: str = ""
) -> Queue:
    """One queue. page: of the admin that lists it; asked: its filter there; lists of decisions show their queue anyway."""
    oldest = rows.order_by(since).annotate(_since=F(since))[: CAP + 1]
    found = oldest.aggregate(count=Count("pk"), since=Min("_since"))
    address = reverse(f"admin:{page}_changelist")
    return Queue(section, words, found["count"], found["since"], f"{address}?{asked}" if asked else address)
