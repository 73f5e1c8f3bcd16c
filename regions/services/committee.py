"""A committee decides about many nominations at once.

Locks: the register, shared; nominations by key; the products that they replace by key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.lib.states import IllegalTransition, Step, move_many
from marketplace.lib.words import plain_words
from regions.errors import NominationError, NotYourPlace
from regions.models import (
    CommitteeMeeting,
    IdentifiedProduct,
    Nomination,
    NominationEvent,
    Scheme,
)
from regions.policies import can_approve
from regions.services.nomination_decisions import changes_of, identified_product
from regions.services.nomination_notices import tell_what_was_decided
from regions.services.nomination_rules import Decision, Facts, facts_about, judge
from regions.services.settling import share_lock

State = Nomination.State
DECIDED = (State.APPROVED, State.RETURNED, State.REFUSED)
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class LeftOut:
    """A nomination that was not decided about, and why, in words. nomination: None where there is none of this key."""

    key: int
    nomination: Nomination | None
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of many decisions. decided: now; repeated: by the same person before; left_out: nothing was changed."""

    decided: Sequence[Nomination] = ()
    repeated: Sequence[Nomination] = ()
    left_out: Sequence[LeftOut] = field(default_factory=tuple)


def decide_many(meeting: CommitteeMeeting, decisions: Mapping[int, Decision], *, actor: Any) -> Outcome:
    """Carry out what a meeting decided, in one transaction and a number of queries that does not grow with the rows.

    It grows with the proposers, each of whom is told once. meeting: read with scheme and country. decisions: key of the nomination -> approve, return or refuse. What cannot be
    decided about is left out and comes back with its reason, while all others are carried out; what this person has
    decided so before is left as it is, so that a form may be sent twice. Raises NotYourPlace and, for all together,
    NominationError.
    """
    if not can_approve(actor, meeting.scheme.country):
        raise NotYourPlace
    if len(decisions) > MOST_AT_ONCE:
        words = _("Decide about at most %(count)d at once, then about the others.")
        raise NominationError(words % {"count": MOST_AT_ONCE})
    if any(decision.target not in DECIDED for decision in decisions.values()):
        raise ValueError("a committee approves, returns or refuses")
    try:
        with transaction.atomic():
            share_lock()
            return _decide(meeting, decisions, actor=actor)
    except IntegrityError:
        # A list that is loaded at this moment may name the same product.
        raise NominationError(_("Something else was written at this moment. Try again.")) from None


def _decide(meeting: CommitteeMeeting, decisions: Mapping[int, Decision], *, actor: Any) -> Outcome:
    rows = lock_nominations(decisions, scheme=meeting.scheme)
    facts = facts_about(rows)
    fit: list[Nomination] = []
    repeated: list[Nomination] = []
    left_out: list[LeftOut] = []
    for row in rows:
        try:
            is_new = judge(row, decisions[row.pk], actor=actor, facts=facts)
        except (NominationError, IllegalTransition) as error:
            left_out.append(LeftOut(row.pk, row, words_of(error)))
        else:
            (fit if is_new else repeated).append(row)
    unknown = sorted(decisions.keys() - {row.pk for row in rows})
    words = _("This is no nomination to “%(scheme)s”.") % {"scheme": meeting.scheme.name}
    left_out += [LeftOut(pk, None, words) for pk in unknown]
    _carry_out(meeting, fit, decisions, actor=actor, facts=facts)
    return Outcome(fit, repeated, left_out)


def lock_nominations(keys: Mapping[int, Decision], *, scheme: Scheme) -> list[Nomination]:
    """The rows as they stand now, by key, held until the transaction is over; one query."""
    rows = Nomination.objects.with_places().filter(pk__in=keys, scheme=scheme).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def words_of(error: NominationError | IllegalTransition) -> str:
    """Why it was left out, for whoever decided."""
    if isinstance(error, NominationError):
        return str(error.message)
    if error.current == State.RETURNED:
        return _("It has been returned, and waits to be handed in anew.")
    return _("It is %(state)s already.") % {"state": State(error.current).label}


def _carry_out(
    meeting: CommitteeMeeting,
    rows: Sequence[Nomination],
    decisions: Mapping[int, Decision],
    *,
    actor: Any,
    facts: Facts,
) -> None:
    steps = [
        Step(
            row,
            decisions[row.pk].target,
            reason=plain_words(decisions[row.pk].remarks),
            also=changes_of(decisions[row.pk], actor=actor),
            noted={"version": row.version, "meeting": meeting},
        )
        for row in rows
    ]
    move_many(
        steps,
        moves=Nomination.MOVES,
        event=NominationEvent,
        subject_field="nomination",
        actor=actor,
        reason=str(meeting),
    )
    approved = [row for row in rows if row.state == State.APPROVED]
    products = IdentifiedProduct.objects.bulk_create(identified_product(row) for row in approved)
    replaced = []
    for row, product in zip(approved, products, strict=True):
        if row.replaces_id is not None:
            old = facts.replaced[row.replaces_id]
            old.ended_on, old.replaced_by = row.effective_on, product
            replaced.append(old)
    IdentifiedProduct.objects.bulk_update(replaced, ["ended_on", "replaced_by"])
    tell_what_was_decided(meeting, rows, decisions)
