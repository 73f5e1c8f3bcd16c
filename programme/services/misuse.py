"""Reports of misuse: taken in once for each visitor and thing, decided once, answered without names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from catalogue.models import Product
from catalogue.services import review
from marketplace.lib.addresses import public_link
from marketplace.lib.states import IllegalTransition, move
from marketplace.lib.words import is_blank, plain_words
from notices.services.forgetting import forget_addresses
from notices.services.queueing import Recipient, notify
from orders.models import Review
from orders.services import reviews
from programme.errors import ReportsUnread, ReportWordsNeeded
from programme.models import MisuseCase, MisuseEvent, MisuseReport, to_be_read
from programme.selectors.misuse import Thing, about, reporter_key
from vendors.errors import ReasonMissing
from vendors.models import Partner
from vendors.services import decisions
from vendors.services.requirements import refuse_own_group
from vendors.services.telling import tell_members

State = MisuseCase.State
BATCH = 500
# What a reporter is told, in the own language. Who decided, why, and who else reported is nobody's business.
OUTCOMES = {
    State.UNFOUNDED: _("We looked at it and found nothing that must change."),
    State.CHANGES: _("We have asked the group to change it."),
    State.TAKEN_DOWN: _("We have taken it off."),
}


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """What a visitor reports. contact: where the answer goes, in normal form, may be empty; language: of that answer."""

    reason: MisuseReport.Reason
    words: str = ""
    contact: str = ""
    language: str


@transaction.atomic
def report(thing: Thing, data: ReportData, *, visitor: str, person: Any = None) -> bool:
    """Report a listing, a published review or the page of a group; False when this visitor's report of it waits already.

    visitor: random words of the browser; person: the account, or None. A person counts once from whatever session.
    The group is not told. Raises ReportWordsNeeded.
    """
    words = plain_words(data.words)[:1000]
    if data.reason == MisuseReport.Reason.OTHER and is_blank(words):
        raise ReportWordsNeeded
    case = _open_case(thing)
    _report, is_new = MisuseReport.objects.get_or_create(
        case=case,
        reporter=reporter_key(visitor, person),
        defaults={
            "reason": data.reason,
            "words": words,
            "contact": data.contact,
            "language": data.language,
            "person": person,
        },
    )
    return is_new


def find_nothing(case: MisuseCase, *, actor: Any, reason: str = "", seen: int | None = None) -> bool:
    """Nothing must change; False when that was decided before.

    seen: how many reports were read, None where it does not matter. Raises ReportsUnread, OwnGroup, IllegalTransition.
    """
    return _decide(
        case, State.UNFOUNDED, actor=actor, reason=reason, seen=seen, then=lambda _case, _why: None
    )


def ask_for_changes(case: MisuseCase, *, actor: Any, reason: str, seen: int | None = None) -> bool:
    """Tell the group what must change, while the thing stays; False when that was decided before.

    Raises ReasonMissing, ReportsUnread, OwnGroup, IllegalTransition, the latter also for a review, which is not the group's.
    """
    if case.review_id:
        raise IllegalTransition(case, case.state, State.CHANGES)
    return _decide(case, State.CHANGES, actor=actor, reason=_require(reason), seen=seen, then=_tell_group)


def take_down(case: MisuseCase, *, actor: Any, reason: str, seen: int | None = None) -> bool:
    """Take the thing off: a listing goes back to its group, a review is shown no longer, a group is suspended.

    False when that was decided before. What is gone already stays gone. Raises ReasonMissing, ReportsUnread, OwnGroup, IllegalTransition.
    """

    def take_off(locked: MisuseCase, why: str) -> None:
        if locked.review is not None:
            if locked.review.state == Review.State.PUBLISHED:
                reviews.take_down(locked.review, actor=actor, reason=why)
        elif locked.listing is not None:
            if locked.listing.state == Product.State.LIVE:
                review.ask_for_changes(locked.listing, actor, why)
        elif locked.vendor.state == Partner.State.APPROVED:
            decisions.suspend(locked.vendor, actor=actor, reason=why)

    return _decide(case, State.TAKEN_DOWN, actor=actor, reason=_require(reason), seen=seen, then=take_off)


@transaction.atomic
def forget_reporters(now: datetime) -> int:
    """Wipe contacts and accounts from reports that were decided settings.MISUSE_CONTACT_DAYS ago; returns how many.

    The notices with the outcome are wiped with them.
    """
    over = now - timedelta(days=settings.MISUSE_CONTACT_DAYS)
    rows = MisuseReport.objects.filter(~Q(contact="") | Q(person__isnull=False), case__decided_at__lte=over)
    batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    forget_addresses(_event(pk) for pk in batch)
    return MisuseReport.objects.filter(pk__in=batch).update(contact="", person=None)


def _open_case(thing: Thing) -> MisuseCase:
    """The open case about a thing, locked; a new one where there is none. One decided at this moment is not reopened."""
    while True:
        case, _is_new = MisuseCase.objects.get_or_create(**about(thing), state=State.OPEN)
        locked = MisuseCase.objects.select_for_update().get(pk=case.pk)
        if locked.state == State.OPEN:
            return locked


@transaction.atomic
def _decide(
    case: MisuseCase,
    target: MisuseCase.State,
    *,
    actor: Any,
    reason: str,
    seen: int | None,
    then: Callable[[MisuseCase, str], None],
) -> bool:
    locked = _lock(case)
    if locked.state not in (State.OPEN, target):
        raise IllegalTransition(locked, locked.state, target)
    # Whoever reports holds the case, so that none comes in between.
    if (
        seen is not None
        and locked.state == State.OPEN
        and to_be_read(locked.reports.count()) != to_be_read(seen)
    ):
        raise ReportsUnread
    refuse_own_group(locked.vendor, actor)
    is_new = move(
        locked,
        target,
        moves=MisuseCase.MOVES,
        event=MisuseEvent,
        subject_field="case",
        actor=actor,
        reason=reason.strip(),
        also={"decided_at": timezone.now()},
    )
    if is_new:
        then(locked, reason.strip())
        _tell_reporters(locked)
    case.state, case.decided_at = locked.state, locked.decided_at
    return is_new


def _lock(case: MisuseCase) -> MisuseCase:
    rows = MisuseCase.objects.select_for_update(of=("self",)).select_related(
        "listing", "vendor", "review__listing"
    )
    return rows.get(pk=case.pk)


def _require(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason


def _tell_group(case: MisuseCase, why: str) -> None:
    page = (
        reverse("dashboard-listing-detail", args=[case.listing.pk])
        if case.listing
        else reverse("dashboard-our-group")
    )
    context = {"thing": case.thing, "note": why, "link": public_link(page)}
    tell_members(case.vendor, "misuse_changes_asked", key=f"misuse:{case.pk}:changes", context=context)


def _tell_reporters(case: MisuseCase) -> None:
    for row in case.reports.exclude(contact="").select_related("person"):
        is_email = "@" in row.contact
        to = Recipient(
            email=row.contact if is_email else "",
            phone="" if is_email else row.contact,
            language=row.language,
            person=row.person,
        )
        with override(row.language):
            outcome = str(OUTCOMES[State(case.state)])
        notify(
            _event(row.pk),
            "misuse_decided",
            to=to,
            context={"thing": case.thing, "outcome": outcome},
        )


def _event(report_pk: int) -> str:
    """The key of what is told to one reporter."""
    return f"misuse-report:{report_pk}"
