"""Which announcements somebody reads now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from marketplace.lib.dates import TIME_ZONES, today_in
from programme.domain.words import Words, words_in
from programme.models import Announcement
from programme.models.publications import office_today
from regions.models import Region
from regions.policies import reach_of
from vendors.models import Membership

# Publishing draws a new word, under which the list is kept: a page that was being made meanwhile keeps an old list under
# the old word, where nobody looks any more.
KEPT, WORD = "announcements", "announcements-word"
SECONDS_KEPT = 30
MOST = 2
Audience = Announcement.Audience


@dataclass(frozen=True)
class Told:
    """One announcement as it is kept between pages. path: of its place, empty without one."""

    pk: int
    audience: str
    level: str
    texts: Mapping[str, str]
    path: str
    starts_on: date
    ends_on: date
    is_dismissible: bool

    @property
    def words(self) -> Words:
        """In the reader's language, or in English."""
        return words_in(self.texts, get_language())

    @property
    def runs(self) -> bool:
        """Whether today is one of its days, where it is."""
        country = self.path.split("/")[0]
        today = today_in(country) if country in TIME_ZONES else office_today()
        return self.starts_on <= today <= self.ends_on


def told(user: Any, audiences: Collection[str], *, dismissed: Collection[int] = ()) -> list[Told]:
    """What this person reads on pages for these audiences, warnings first, at most MOST; at most one query.

    That query is asked of members alone, while something is announced to the members of some place. dismissed: keys of what
    was put away.
    """
    found = [
        each
        for each in _kept()
        if each.audience in audiences and each.runs and not (each.is_dismissible and each.pk in dismissed)
    ]
    if any(each.audience == Audience.MEMBERS for each in found):
        places = _places_of_groups(user)
        found = [each for each in found if each.audience != Audience.MEMBERS or _reaches(each, places)]
    if any(each.audience == Audience.STAFF for each in found):
        found = [each for each in found if each.audience != Audience.STAFF or _works_at(user, each)]
    found.sort(key=lambda each: (each.level != Announcement.Level.WARNING, each.starts_on.toordinal() * -1))
    return found[:MOST]


def forget() -> None:
    """Read them anew for the next page."""
    cache.set(WORD, uuid4().hex, None)


def _kept() -> Sequence[Told]:
    """All that are published and not over; from the cache, else by one query."""
    key = f"{KEPT}:{cache.get(WORD, '')}"
    kept: Sequence[Told] | None = cache.get(key)
    if kept is None:
        # The day in Bhutan may be one further than that of UTC, and nowhere one behind it.
        still = Announcement.objects.published().filter(
            ends_on__gte=timezone.now().date() - timedelta(days=1)
        )
        kept = [
            Told(
                row.pk,
                row.audience,
                row.level,
                row.in_all("words"),
                row.region.path if row.region else "",
                row.starts_on,
                row.ends_on,
                row.is_dismissible,
            )
            for row in still.select_related("region").order_by("pk")
        ]
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def _places_of_groups(user: Any) -> list[str]:
    if not user.is_authenticated:
        return []
    return list(Membership.objects.filter(user=user).values_list("vendor__home_region__path", flat=True))


def _reaches(each: Told, places: Sequence[str]) -> bool:
    return any(place.startswith(each.path) for place in places)


def _works_at(user: Any, each: Told) -> bool:
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return False
    return not each.path or reach_of(user).covers(Region(path=each.path))
