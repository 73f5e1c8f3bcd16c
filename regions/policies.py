"""In which places a person of the staff works, and what she or he may do there about nominations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from regions.models import Region, RegionRole

_NOTHING = Q(pk__in=())
# An empty Q would vanish beside "or", and with it the rows.
_EVERYTHING = ~_NOTHING


@dataclass(frozen=True)
class Reach:
    """The places of one person. reads, decides: paths; each with everything below it; decides are among reads."""

    is_everywhere: bool = False
    reads: Sequence[str] = ()
    decides: Sequence[str] = ()

    def rows(self, path: str) -> Q:
        """What filters rows by the path of their place. path: name of that field, as "home_region__path"."""
        return _EVERYTHING if self.is_everywhere else _below(path, self.reads)

    def rows_to_decide(self, path: str, *, has_right: bool) -> Q:
        """The same for rows that this person decides about. has_right: by the staff group, and so within all of reach."""
        return self.rows(path) if has_right else _below(path, self.decides)

    def covers(self, region: Region) -> bool:
        """Whether this place is within reach; no query."""
        return self.is_everywhere or any(region.path.startswith(place) for place in self.reads)

    def may_decide(self, region: Region | None, *, has_right: bool) -> bool:
        """Whether the person decides about a place; without one, about any. has_right: as in rows_to_decide."""
        if region is None:
            return has_right or bool(self.decides)
        if has_right:
            return self.covers(region)
        return any(region.path.startswith(place) for place in self.decides)


def reach_of(user: Any) -> Reach:
    """Where a person of the staff works; nowhere for anybody else. At most one query for each person object."""
    kept: Reach | None = getattr(user, "_reach", None)
    if kept is None:
        kept = user._reach = _reach_of(user)
    return kept


def can_propose(user: Any, region: Region | None = None) -> bool:
    """Propose products for a place, hand them in anew and withdraw them: staff with that right, in their places.

    region: without one, whether for any place at all. No query for each place.
    """
    if not user.has_perm("regions.propose_nomination"):
        return False
    reach = reach_of(user)
    return reach.covers(region) if region else reach.is_everywhere or bool(reach.reads)


def can_recommend(user: Any, region: Region | None = None) -> bool:
    """Recommend what places propose to a state or dzongkhag: who decides in all of it, and staff with that right.

    region: the one that recommends; without one, whether any. No query for each place.
    """
    return reach_of(user).may_decide(region, has_right=user.has_perm("regions.recommend_nomination"))


def can_approve(user: Any, country: Region | None = None) -> bool:
    """Approve, return and refuse nominations: who decides in all of the country, and staff with that right.

    country: of the scheme; without one, whether of any. No query for each country.
    """
    has_right = user.has_perm("regions.approve_nomination")
    reach = reach_of(user)
    if country is None:
        return has_right or any(path.count("/") == 1 for path in reach.decides)
    return reach.may_decide(country, has_right=has_right)


def can_change_register(user: Any) -> bool:
    """Whether a person enters changes of places: a right of its own, of people who work everywhere."""
    has_right: bool = user.is_active and user.is_staff and user.has_perm("regions.change_register")
    return has_right and reach_of(user).is_everywhere


def _below(path: str, places: Sequence[str]) -> Q:
    found = _NOTHING
    for place in places:
        found |= Q(**{f"{path}__startswith": place})
    return found


def _reach_of(user: Any) -> Reach:
    if not user.is_authenticated or not user.is_active or not user.is_staff:
        return Reach()
    if user.has_perm("regions.work_everywhere"):
        return Reach(is_everywhere=True)
    roles = RegionRole.objects.filter(person=user).values_list("region__path", "may_decide")
    found = list(roles.order_by("region__path"))
    return Reach(reads=[path for path, _may in found], decides=[path for path, may in found if may])
