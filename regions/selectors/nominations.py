"""Which nominations a person may read, and which wait for her or him."""

from typing import Any

from django.db.models import Q

from regions.models import Nomination, NominationQuerySet, Scheme
from regions.policies import reach_of

State = Nomination.State


def visible_to(user: Any) -> NominationQuerySet:
    """Nominations that this person may read: staff with that right those of their places, nobody else any.

    A function, since the queryset lies below what knows where people work.
    """
    rows = Nomination.objects.all()
    if not user.is_authenticated or not user.has_perm("regions.view_nomination"):
        return rows.none()
    return rows.filter(reach_of(user).rows("region__path"))


def waiting_for(user: Any) -> NominationQuerySet:
    """Those that this person may recommend or approve now; without what she or he has handed in or recommended.

    Who had a hand in an older version is found out by the decision.
    """
    if not user.is_authenticated:
        return Nomination.objects.none()
    reach = reach_of(user)
    recommends = reach.rows_to_decide(
        "recommending_region__path", has_right=user.has_perm("regions.recommend_nomination")
    )
    approves = reach.rows_to_decide(
        "scheme__country__path", has_right=user.has_perm("regions.approve_nomination")
    )
    is_at_the_centre = Q(state=State.RECOMMENDED) | Q(state=State.PROPOSED, recommending_region=None)
    below = Q(state=State.PROPOSED, recommending_region__isnull=False)
    rows = visible_to(user).filter((below & recommends) | (is_at_the_centre & approves))
    own = Q(proposed_by=user) | Q(recommended_by__isnull=False, recommended_by=user)
    return rows.exclude(own)


def waiting_at_the_centre(scheme: Scheme) -> NominationQuerySet:
    """Nominations to a scheme that the centre can approve now, everybody's."""
    at_once = Q(state=State.PROPOSED, recommending_region=None)
    return Nomination.objects.filter(Q(state=State.RECOMMENDED) | at_once, scheme=scheme)
