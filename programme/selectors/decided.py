"""What was decided, told from the histories of the kinds: figures of the last days, and what a moderator should know."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marketplace.lib.states import StateEvent
from programme.queue import KINDS, Kind
from programme.selectors.queue import kinds_of
from regions.policies import reach_of

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
# So many of the newest decisions say how long one takes.
TELLING = 500
# Of the item itself, and of other things of its group.
EARLIER = 20
BESIDE = 8


class Median(Aggregate):
    """The middle one of spans of time, as PostgreSQL has it."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Decided:
    """How many of one kind were decided within a day and within a week, and how long half of the newest took at most."""

    kind: Kind
    day: int
    week: int
    median: timedelta | None


@dataclass(frozen=True)
class Step:
    """One line of a history: what was decided about what, by whom, when and why. title: empty for the item itself.

    who_pk: key of the person, None where the programme acted by itself.
    """

    at: datetime
    words: str
    who: str
    who_pk: int | None
    on_behalf_of: str
    reason: str
    title: str = ""
    kind: Kind | None = None
    pk: int = 0


def decided(user: Any, *, now: datetime) -> list[Decided]:
    """Figures of the person's places; two queries for each kind."""
    return [_figures(kind, user, now=now) for kind in kinds_of(user)]


def steps_of(kind: Kind, row: Any) -> list[Step]:
    """The history of one item, newest first; one query."""
    events = kind.event._default_manager.filter(**{kind.subject: row}).select_related("actor")
    return [_step(kind, event) for event in events.order_by("-created_at", "-pk")[:EARLIER]]


def steps_beside(kind: Kind, row: Any, group: Any, user: Any) -> list[Step]:
    """The newest decisions about other things of the same group that this person may see; one query for each kind."""
    found = [_beside(each, group, leave_out=row if each is kind else None) for each in kinds_of(user)]
    return list(islice(heapq.merge(*found, key=lambda step: step.at, reverse=True), BESIDE))


def _figures(kind: Kind, user: Any, *, now: datetime) -> Decided:
    handed_in = kind.event._default_manager.filter(
        **{kind.subject: OuterRef(kind.subject)}, to_state=kind.state, pk__lt=OuterRef("pk")
    )
    newest_handed_in = Subquery(handed_in.order_by("-pk").values("created_at")[:1])
    # What is handed in once and for all has no event of that.
    since = Coalesce(newest_handed_in, F(f"{kind.subject}__{kind.since}"))
    rows = _decisions(kind).filter(created_at__gt=now - WEEK)
    rows = rows.filter(reach_of(user).rows(f"{kind.subject}__{kind.place}__path"))
    told = rows.aggregate(week=Count("pk"), day=Count("pk", filter=Q(created_at__gt=now - DAY)))
    newest = rows.order_by("-created_at").annotate(_took=F("created_at") - since)[:TELLING]
    return Decided(kind, told["day"], told["week"], newest.aggregate(median=Median("_took"))["median"])


def _decisions(kind: Kind) -> QuerySet[Any]:
    return kind.event._default_manager.filter(from_state=kind.state, to_state__in=kind.decided)


def _beside(kind: Kind, group: Any, *, leave_out: Any) -> Sequence[Step]:
    if kind.group is None:
        return []
    path = f"{kind.subject}__{kind.group}" if kind.group else kind.subject
    rows = _decisions(kind).filter(**{path: group})
    if leave_out is not None:
        rows = rows.exclude(**{kind.subject: leave_out})
    titled = rows.annotate(_title=kind.title(f"{kind.subject}__")).select_related("actor")
    return [
        _step(kind, event, title=str(event._title))
        for event in titled.order_by("-created_at", "-pk")[:BESIDE]
    ]


def _step(kind: Kind, event: StateEvent, *, title: str = "") -> Step:
    states = dict(KINDS[kind.code].model.State.choices)  # type: ignore[attr-defined]  # each model of a kind has it
    return Step(
        at=event.created_at,
        words=str(states.get(event.to_state, event.to_state)),
        who=str(event.actor) if event.actor else "",
        who_pk=event.actor_id,
        on_behalf_of=event.on_behalf_of,
        reason=event.reason,
        title=title,
        kind=kind,
        pk=getattr(event, f"{kind.subject}_id"),
    )
