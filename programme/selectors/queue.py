"""The queue of moderation: what waits of all kinds, the oldest first, within a person's places.

Each kind is asked for its oldest rows, which an index over (since, id) gives in order; a page is merged from these. So a
page takes as many queries among a hundred thousand rows as among ten. Counts stop at CAP.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Self

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime

from programme.models import Claim, ServiceLevel
from programme.queue import KINDS, Kind
from regions.policies import reach_of

PAGE = 50
CAP = 1000


@dataclass(frozen=True)
class Narrowing:
    """What of the queue is asked for. kind: its code; place: path of a region; all empty for everything.

    is_mine: what the person holds; is_over: what waits longer than it should; is_to_decide: about what the person decides.
    """

    kind: str = ""
    place: str = ""
    language: str = ""
    is_mine: bool = False
    is_over: bool = False
    is_to_decide: bool = False


@dataclass(frozen=True, order=True)
class Spot:
    """Where a thing stands in the queue; what is older, then of the kind named first, then of the lower key, is before."""

    since: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.since.isoformat()},{self.rank},{self.pk}"

    @classmethod
    def of(cls, words: str) -> Self | None:
        """Read what __str__ wrote; None for anything else."""
        try:
            since, rank, pk = words.split(",")
            moment = parse_datetime(since)
            found = cls(moment, int(rank), int(pk)) if moment and moment.tzinfo else None
        except (ValueError, OverflowError):
            return None
        return found if found and 0 <= found.rank < len(KINDS) and 0 <= found.pk < 2**63 else None


@dataclass(frozen=True)
class Item:
    """One thing that waits. group, place, language are empty where there are none; claim: whose it is now, or None."""

    kind: Kind
    spot: Spot
    title: str
    group: str
    place: str
    language: str
    due: datetime
    claim: Claim | None = None

    @property
    def pk(self) -> int:
        """Key of its row."""
        return self.spot.pk

    @property
    def since(self) -> datetime:
        """Since when it waits."""
        return self.spot.since


@dataclass(frozen=True)
class Waiting:
    """How much of one kind waits, since when the oldest, and how many too long; above CAP there are more than that."""

    kind: Kind
    count: int
    over: int
    since: datetime | None

    @property
    def is_capped(self) -> bool:
        """Whether there are more than are said."""
        return self.count > CAP

    @property
    def words(self) -> str:
        """The number as it is shown: "12", "1000+"."""
        return f"{CAP}+" if self.is_capped else str(self.count)


def kinds_of(user: Any) -> list[Kind]:
    """The kinds that this person may see."""
    return [kind for kind in KINDS.values() if user.has_perm(kind.view_right)]


def page_of(
    user: Any, narrowing: Narrowing, *, now: datetime, after: Spot | None = None, size: int = PAGE
) -> list[Item]:
    """The oldest things after a spot, at most size of them; one query for each kind and three more."""
    levels = service_levels()
    found = [
        _items(kind, _rows(kind, user, narrowing, now=now, levels=levels), levels, after=after, size=size)
        for kind in _asked(user, narrowing)
    ]
    merged = list(islice(heapq.merge(*found, key=lambda item: item.spot), size))
    return _with_claims(merged, now=now)


def next_item(user: Any, narrowing: Narrowing, *, now: datetime, after: Spot | None = None) -> Item | None:
    """The oldest thing after a spot that the person decides and nobody else holds, else the oldest before it, or None."""
    levels = service_levels()
    for start in (after, None) if after else (None,):
        found = [
            _items(kind, _free(kind, user, narrowing, now=now, levels=levels), levels, after=start, size=1)
            for kind in _asked(user, narrowing)
        ]
        first = min((items[0] for items in found if items), key=lambda item: item.spot, default=None)
        if first is not None:
            return first
    return None


def counts(
    user: Any, narrowing: Narrowing, *, now: datetime, kinds: Sequence[Kind] | None = None
) -> list[Waiting]:
    """How much waits, kind by kind; one query for each and one more. kinds: fewer of those that the person may see."""
    levels = service_levels()
    found = []
    for kind in _asked(user, narrowing) if kinds is None else kinds:
        rows = _rows(kind, user, narrowing, now=now, levels=levels).order_by(kind.since, "pk")
        oldest = rows.annotate(_since=F(kind.since))[: CAP + 1]
        late = Q(_since__lt=now - levels[kind.code])
        told = oldest.aggregate(all=Count("pk"), late=Count("pk", filter=late), since=Min("_since"))
        found.append(Waiting(kind, told["all"], told["late"], told["since"]))
    return found


def service_levels() -> dict[str, timedelta]:
    """How long a thing of each kind may wait; one query."""
    usual = dict.fromkeys(KINDS, settings.SERVICE_LEVEL_HOURS)
    hours = usual | dict(ServiceLevel.objects.values_list("kind", "hours"))
    return {code: timedelta(hours=hours[code]) for code in KINDS}


def rank_of(kind: Kind) -> int:
    """Which of two things of the same moment is first."""
    return list(KINDS).index(kind.code)


def _asked(user: Any, narrowing: Narrowing) -> list[Kind]:
    return [kind for kind in kinds_of(user) if narrowing.kind in ("", kind.code)]


def _rows(
    kind: Kind, user: Any, narrowing: Narrowing, *, now: datetime, levels: dict[str, timedelta]
) -> QuerySet[Any]:
    rows = kind.waiting().filter(reach_of(user).rows(f"{kind.place}__path"))
    if narrowing.place:
        rows = rows.filter(**{f"{kind.place}__path__startswith": narrowing.place})
    if narrowing.language:
        rows = rows.filter(_in_language(kind, narrowing.language))
    if narrowing.is_over:
        rows = rows.filter(**{f"{kind.since}__lt": now - levels[kind.code]})
    if narrowing.is_to_decide and kind.right:
        has_right = user.has_perm(kind.right)
        rows = rows.filter(reach_of(user).rows_to_decide(f"{kind.place}__path", has_right=has_right))
    if narrowing.is_mine:
        rows = rows.filter(Exists(_claims(kind, now).filter(holder=user)))
    return rows


def _free(
    kind: Kind, user: Any, narrowing: Narrowing, *, now: datetime, levels: dict[str, timedelta]
) -> QuerySet[Any]:
    rows = _rows(kind, user, replace(narrowing, is_to_decide=True), now=now, levels=levels)
    return rows.exclude(Exists(_claims(kind, now).exclude(holder=user)))


def _claims(kind: Kind, now: datetime) -> QuerySet[Claim]:
    return Claim.objects.in_force(now).filter(kind=kind.code, object_id=OuterRef("pk"))


def _in_language(kind: Kind, language: str) -> Q:
    return Q(pk__in=()) if kind.group is None else Q(**{kind.path("language"): language})


def _items(
    kind: Kind, rows: QuerySet[Any], levels: dict[str, timedelta], *, after: Spot | None, size: int
) -> Sequence[Item]:
    rank = rank_of(kind)
    if after is not None:
        rows = rows.filter(_beyond(kind, rank, after))
    values = {"_title": kind.title(), "_since": F(kind.since), "_place": F(f"{kind.place}__name")}
    if kind.group is not None:
        values |= {"_group": F(kind.path("name")), "_language": F(kind.path("language"))}
    ordered = rows.order_by(kind.since, "pk").values("pk", **values)[:size]
    return [
        Item(
            kind=kind,
            spot=Spot(row["_since"], rank, row["pk"]),
            title=str(row["_title"]),
            group=row.get("_group") or "",
            place=row["_place"] or "",
            language=row.get("_language") or "",
            due=row["_since"] + levels[kind.code],
        )
        for row in ordered
    ]


def _beyond(kind: Kind, rank: int, after: Spot) -> Q:
    """What comes after a spot: of its moment only what is named later."""
    later = Q(**{f"{kind.since}__gt": after.since})
    same = Q(**{kind.since: after.since})
    if rank > after.rank:
        return later | same
    return later | (same & Q(pk__gt=after.pk)) if rank == after.rank else later


def _with_claims(items: Sequence[Item], *, now: datetime) -> list[Item]:
    asked = Q(pk__in=())
    for item in items:
        asked |= Q(kind=item.kind.code, object_id=item.pk)
    claims = Claim.objects.in_force(now).filter(asked).select_related("holder")
    held = {(claim.kind, claim.object_id): claim for claim in claims}
    return [replace(item, claim=held.get((item.kind.code, item.pk))) for item in items]
