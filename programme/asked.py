"""What part of the queue a page is asked for: its address, its filters and their links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q

from programme.queue import KINDS
from programme.selectors.queue import Narrowing, Spot
from regions.models import Region
from regions.policies import reach_of

NAMES = ("kind", "place", "language", "mine", "over", "decide")


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the address, and what they mean."""

    query: Mapping[str, str]
    narrowing: Narrowing
    after: Spot | None

    @property
    def words(self) -> str:
        """The filters for an address, without a question mark; empty when there are none."""
        return urlencode(self.query)

    def link(self, **changes: str) -> str:
        """The same with other filters; an empty word takes one out."""
        kept = {name: word for name, word in {**self.query, **changes}.items() if word}
        return f"?{urlencode(kept)}" if kept else "?"


def asked_queue(query: Mapping[str, str], user: Any) -> Asked | None:
    """Read ?kind, ?place (code of a region), ?language, ?mine, ?over, ?decide and ?after; None for what there is not.

    A place outside the person's reach is as little there as one that does not exist.
    """
    given = {name: query.get(name, "").replace("\0", "") for name in NAMES}
    given = {name: word for name, word in given.items() if word}
    place = _place(given["place"], user) if "place" in given else ""
    after = Spot.of(query["after"]) if query.get("after") else None
    if place is None or (query.get("after") and after is None):
        return None
    if given.get("kind", next(iter(KINDS))) not in KINDS:
        return None
    if given.get("language", settings.LANGUAGE_CODE) not in dict(settings.LANGUAGES):
        return None
    narrowing = Narrowing(
        kind=given.get("kind", ""),
        place=place,
        language=given.get("language", ""),
        is_mine="mine" in given,
        is_over="over" in given,
        is_to_decide="decide" in given,
    )
    return Asked(given, narrowing, after)


def places_of(user: Any) -> list[Region]:
    """Countries and what they are divided into, as far as the person works there, and the person's own places; one query."""
    reach = reach_of(user)
    shown = Q(depth__lt=2) | Q(path__in=reach.reads)
    return list(Region.objects.filter(reach.rows("path"), shown).order_by("path"))


def _place(code: str, user: Any) -> str | None:
    found = Region.objects.filter(reach_of(user).rows("path"), code=code).values_list("path", flat=True)
    return found.first()
