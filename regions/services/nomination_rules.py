"""Who may decide what about a nomination, and whether it can be done now. Nothing is written here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.lib.dates import today_in
from marketplace.lib.states import IllegalTransition
from marketplace.lib.words import is_blank
from regions.domain.names import same_name
from regions.errors import (
    NominationError,
    NominationMoved,
    NotYourPlace,
    OwnNomination,
    OwnRecommendation,
    RemarksMissing,
)
from regions.models import IdentifiedProduct, Nomination, NominationEvent, Region
from regions.policies import can_approve, can_recommend

State = Nomination.State
LONGEST_REMARKS = 4000
# A day further away is a slip of the pen.
AHEAD, BACK = timedelta(days=366), timedelta(days=3660)


@dataclass(frozen=True)
class Decision:
    """What somebody says about a nomination. target: the state. version: the one that was read.

    remarks: what the proposer reads; needed to return or refuse. effective_on: needed to approve.
    """

    target: State
    version: int
    remarks: str = ""
    effective_on: date | None = None


@dataclass
class Hands:
    """Keys of who had a hand in a nomination, in any of its versions; last: where the last move led, and who made it."""

    proposed: set[int | None] = field(default_factory=set)
    recommended: set[int | None] = field(default_factory=set)
    last: tuple[str, int | None] = ("", None)


@dataclass(frozen=True)
class Facts:
    """What other tables say. named: (scheme, region, same_name) of products -> first day without it, None for no end.

    replaced: locked rows by key.
    """

    hands: Mapping[int, Hands]
    named: Mapping[tuple[int, int, str], date | None]
    replaced: Mapping[int, IdentifiedProduct]


def lock_nomination(nomination: Nomination) -> Nomination:
    """The row as it stands now, read with_places, held until the transaction is over."""
    rows = Nomination.objects.with_places().select_for_update(of=("self",), no_key=True)
    return rows.get(pk=nomination.pk)


def facts_about(locked: Sequence[Nomination]) -> Facts:
    """What is asked once for any number of nominations: three queries. Locks the products that would be replaced.

    The caller holds the rows of the nominations; products are locked after them, by key.
    """
    hands: defaultdict[int, Hands] = defaultdict(Hands)
    events = NominationEvent.objects.filter(nomination__in=locked).order_by("pk")
    for pk, state, actor in events.values_list("nomination", "to_state", "actor"):
        hand = hands[pk]
        hand.last = state, actor
        if state == State.PROPOSED:
            hand.proposed.add(actor)
        elif state == State.RECOMMENDED:
            hand.recommended.add(actor)
    products = IdentifiedProduct.objects.filter(region__in={row.region_id for row in locked}).kept()
    # Of one name the last end counts, and none most of all.
    products = products.order_by(F("ended_on").asc(nulls_last=True))
    named = {
        (scheme, region, same_name(name)): end
        for scheme, region, name, end in products.values_list("scheme", "region", "name", "ended_on")
    }
    rows = IdentifiedProduct.objects.filter(pk__in={row.replaces_id for row in locked if row.replaces_id})
    replaced = {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",), no_key=True)}
    return Facts(hands, named, replaced)


def judge(row: Nomination, decision: Decision, *, actor: Any, facts: Facts) -> bool:
    """Whether this person can decide so now; False where she or he has done so already. No query.

    row: locked, read with_places. Raises NotYourPlace, IllegalTransition for a state in which it is not done,
    NominationMoved for another version than was read, OwnNomination, RemarksMissing, and NominationError.
    """
    if not _has_right(row, decision.target, actor):
        raise NotYourPlace
    if _is_repeat(row, decision, actor=actor, facts=facts):
        return False
    if decision.target not in Nomination.MOVES[row.state]:
        raise IllegalTransition(row, row.state, decision.target)
    if decision.version != row.version:
        raise NominationMoved
    _refuse_own(facts.hands[row.pk], decision.target, actor=actor)
    if len(decision.remarks) > LONGEST_REMARKS:
        words = _("This is longer than %(count)d letters. Say it shorter.") % {"count": LONGEST_REMARKS}
        raise NominationError(words, field="remarks")
    if decision.target in (State.RETURNED, State.REFUSED):
        if is_blank(decision.remarks):
            raise RemarksMissing
        return True
    _refuse_place_that_left(row)
    if decision.target == State.APPROVED:
        _refuse_what_cannot_be_named(row, decision, facts)
    elif row.recommending_region is None:
        raise NominationError(_("This scheme asks for no recommendation: it goes to the centre at once."))
    return True


def _has_right(row: Nomination, target: State, actor: Any) -> bool:
    """The place above recommends and may return what waits for it; all else is the centre's."""
    if target == State.RECOMMENDED:
        return can_recommend(actor, row.recommending_region or row.scheme.country)
    if can_approve(actor, row.scheme.country):
        return True
    is_below = target == State.RETURNED and row.state != State.RECOMMENDED
    return is_below and row.recommending_region is not None and can_recommend(actor, row.recommending_region)


def _is_repeat(row: Nomination, decision: Decision, *, actor: Any, facts: Facts) -> bool:
    is_same = (row.state, row.version) == (decision.target, decision.version)
    return (
        is_same
        and facts.hands[row.pk].last == (row.state, actor.pk)
        and row.effective_on == decision.effective_on
    )


def _refuse_own(hands: Hands, target: State, *, actor: Any) -> None:
    if actor.pk in hands.proposed:
        raise OwnNomination
    if target == State.APPROVED and actor.pk in hands.recommended:
        raise OwnRecommendation


def _refuse_place_that_left(row: Nomination) -> None:
    if row.region.ended_on is None and row.region.level == row.scheme.proposing_level:
        return
    words = _("%(place)s does not propose to “%(scheme)s” any more. Return this, or refuse it.")
    raise NominationError(words % {"place": row.region.name, "scheme": row.scheme.name})


def _refuse_what_cannot_be_named(row: Nomination, decision: Decision, facts: Facts) -> None:
    if row.waits_for_recommendation and row.recommending_region is not None:
        words = _("%(place)s has not recommended this yet.") % {"place": row.recommending_region.name}
        raise NominationError(words)
    day = decision.effective_on
    _refuse_unlikely_day(day, row.region)
    _refuse_what_is_named(row, day, facts)
    replaced = facts.replaced.get(row.replaces_id) if row.replaces_id else None
    if replaced is not None:
        _refuse_wrong_successor(row, replaced, day)


def _refuse_what_is_named(row: Nomination, day: date | None, facts: Facts) -> None:
    key = row.scheme_id, row.region_id, same_name(row.name)
    if key not in facts.named:
        return
    about, end = {"product": row.name, "place": row.region.name}, facts.named[key]
    if end is None:
        words = _("“%(product)s” is already a product of %(place)s. Return this, or refuse it.")
        raise NominationError(words % about)
    if day is not None and day < end:
        words = _("“%(product)s” is a product of %(place)s until %(day)s. Choose that day or a later one.")
        raise NominationError(words % {**about, "day": date_format(end)}, field="effective_on")


def _refuse_unlikely_day(day: date | None, region: Region) -> None:
    if day is None:
        raise NominationError(_("Say from which day it is the product of the place."), field="effective_on")
    today = today_in(region.country_code)
    if not today - BACK <= day <= today + AHEAD:
        words = _("%(day)s is far from today. Check the year.")
        raise NominationError(words % {"day": date_format(day)}, field="effective_on")


def _refuse_wrong_successor(row: Nomination, replaced: IdentifiedProduct, day: date | None) -> None:
    about = {"product": replaced.name, "place": row.region.name}
    if (replaced.scheme_id, replaced.region_id) != (row.scheme_id, row.region_id):
        words = _("“%(product)s” is no product of %(place)s any more. Return this.")
        raise NominationError(words % about)
    if replaced.ended_on is not None or replaced.replaced_by_id is not None:
        words = _("“%(product)s” has an end already, so that nothing can take its place. Return this.")
        raise NominationError(words % about)
    if replaced.named_on is not None and day is not None and day <= replaced.named_on:
        words = _("“%(product)s” begins on %(day)s itself. Choose a later day.")
        raise NominationError(words % {**about, "day": date_format(replaced.named_on)}, field="effective_on")
