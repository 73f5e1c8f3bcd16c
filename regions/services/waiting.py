"""Places that ended and at which something still stands: staff place it, or say who works where now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise

from regions.models import Region, RegionChange, RegionRole
from regions.services.holders import HOLDERS, Holder

# What a list once named for a place stays with it where nobody has the land.
_STAYS = "product"


@dataclass(frozen=True)
class Waiting:
    """One place. counts: what stands there, those kinds that do. roles: who works there, with the persons.

    has_successors: whether other places have its land, to which staff may place what stands there.
    """

    place: Region
    counts: Sequence[tuple[str | Promise, int]]
    roles: Sequence[RegionRole]
    has_successors: bool


def places_waiting() -> "QuerySet[Region]":
    """Places that ended and at which something stands that has somewhere to go, the longest first; one query."""
    after = RegionChange.objects.filter(place=OuterRef("pk"), successor__isnull=False)
    places = Region.objects.filter(ended_on__isnull=False).annotate(has_successors=Exists(after))
    anything = Q(pk__in=())
    for holder in HOLDERS.values():
        there = Q(Exists(_rows(holder)))
        anything |= there & Q(has_successors=True) if holder.kind == _STAYS else there
    return places.filter(anything).select_related("parent").order_by("ended_on", "path")


def places_left() -> "QuerySet[Region]":
    """Places that became part of another and at which something still stands that goes along; one query.

    Somebody may have written it while the place ended.
    """
    merged = RegionChange.objects.filter(place=OuterRef("pk"), kind=RegionChange.Kind.MERGED)
    anything = Q(pk__in=())
    for holder in HOLDERS.values():
        if holder.has_followers:
            anything |= Q(Exists(_rows(holder)))
    return Region.objects.filter(Exists(merged), anything, ended_on__isnull=False)


def waiting() -> Sequence[Waiting]:
    """The places with what stands there; two queries, however many there are."""
    counts = {f"count_{kind}": _count(holder) for kind, holder in HOLDERS.items()}
    places = list(places_waiting().annotate(**counts))
    roles: dict[int, list[RegionRole]] = {}
    found = RegionRole.objects.filter(region__in=places).select_related("person", "region")
    for role in found.order_by("person__name", "pk"):
        roles.setdefault(role.region_id, []).append(role)
    return [
        Waiting(
            place,
            [
                (holder.label, getattr(place, f"count_{kind}"))
                for kind, holder in HOLDERS.items()
                if getattr(place, f"count_{kind}")
            ],
            roles.get(place.pk, []),
            getattr(place, "has_successors"),  # noqa: B009 - an annotation, which the type does not know
        )
        for place in places
    ]


def waits_since() -> tuple[int, date | None]:
    """How many places wait, and since which day the first; one query."""
    days = list(places_waiting().values_list("ended_on", flat=True))
    return len(days), days[0] if days else None


def _rows(holder: Holder) -> "QuerySet[Region]":
    return holder.rows(OuterRef("pk")).order_by()


def _count(holder: Holder) -> Subquery:
    # An aggregate would group by the rows; a plain function counts them all.
    counted = _rows(holder).annotate(counted=Func(F("pk"), function="COUNT")).values("counted")
    return Subquery(counted, output_field=IntegerField())
