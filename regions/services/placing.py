"""Rows of a place that ended go to the place after it: all of them after a merger, those that staff choose after a split."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib.audit import noting
from regions.models import Region, RegionChange
from regions.selectors.register import successors_of
from regions.services.holders import HOLDERS, Holder

logger = logging.getLogger(__name__)


class PlacingError(Exception):
    """Why rows cannot be placed so; message: for the person who asked."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


def follow_mergers(*, at: Region | None = None) -> int:
    """Take what still stands at a place that became part of another to that one; returns how many rows were moved.

    at: the place whose merger is carried out now. Raises PlacingError for what cannot go with it; what was written late at
    another place and cannot go stays there, where the office finds it among what waits, and holds nothing else up.
    Safe to repeat. In the order of the days, so that a place merged twice arrives at the last. Must run in a transaction.
    """
    moved = 0
    mergers = RegionChange.objects.filter(kind=RegionChange.Kind.MERGED, place__ended_on__isnull=False)
    for change in mergers.select_related("place", "successor").order_by("on", "pk"):
        if change.successor is None:
            continue
        reason = (
            f"{change.on}: {change.place.name} ({change.place.code}) became part of {change.successor.name}"
        )
        with noting(reason=reason):
            for holder in HOLDERS.values():
                if holder.has_followers:
                    moved += _follow(holder, change.place, change.successor, must=change.place == at)
    return moved


def _follow(holder: Holder, old: Region, new: Region, *, must: bool) -> int:
    keys = list(holder.rows(old).values_list("pk", flat=True))
    if not keys:
        return 0
    try:
        with transaction.atomic():
            return holder.move(keys, old, new)
    except PlacingError:
        if must:
            raise
        logger.warning("rows stay at a place that ended", extra={"place": old.pk, "kind": holder.kind})
        return 0


def place_rows(
    old: Region, new: Region, chosen: Mapping[str, Sequence[int]], *, actor: Any, reason: str
) -> int:
    """Take chosen rows of a place that was split to one of the places that have its land; returns how many were moved.

    chosen: kind of holder -> keys. All of them or none; what stands elsewhere by now is passed over, so that a form may be
    sent twice. The audit says who moved each, and the reason. Raises PlacingError.
    """
    if not reason.strip():
        raise PlacingError(_("Say why these go there: the notification, or who decided it."))
    if new.pk not in {place.pk for place in successors_of(old)}:
        raise PlacingError(_("Choose one of the places that have the land of this one now."))
    with transaction.atomic(), noting(person=actor.pk, reason=reason.strip()):
        return sum(
            HOLDERS[kind].move(sorted(keys), old, new)
            for kind, keys in chosen.items()
            if kind in HOLDERS and keys
        )


def waiting_at(place: Region) -> Mapping[str, Sequence[Any]]:
    """What stands at this very place, by kind of holder, those with any; a query for each kind."""
    found = {kind: list(holder.rows(place)) for kind, holder in HOLDERS.items()}
    return {kind: rows for kind, rows in found.items() if rows}
