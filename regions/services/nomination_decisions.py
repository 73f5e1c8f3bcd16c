"""What is decided about nominations: recommended, returned, refused."""

from typing import Any

from django.db import transaction

from marketplace.lib.states import move
from marketplace.lib.words import plain_words
from regions.models import Nomination, NominationEvent
from regions.services.nomination_rules import Decision, facts_about, judge, lock_nomination

State = Nomination.State


def recommend(nomination: Nomination, *, actor: Any, version: int, remarks: str = "") -> bool:
    """Say for the place above that the centre should approve. False when this person has said so already.

    version: the one that was read. Raises what nomination_rules.judge does; then nothing is changed.
    """
    return _decide(nomination, Decision(State.RECOMMENDED, version, remarks), actor=actor)


def send_back(nomination: Nomination, *, actor: Any, version: int, remarks: str) -> bool:
    """Return it to the place with remarks, so that it is handed in anew; as recommend. Raises RemarksMissing."""
    return _decide(nomination, Decision(State.RETURNED, version, remarks), actor=actor)


def refuse(nomination: Nomination, *, actor: Any, version: int, remarks: str) -> bool:
    """Refuse it for good, for the centre; as recommend. Raises RemarksMissing."""
    return _decide(nomination, Decision(State.REFUSED, version, remarks), actor=actor)


def _decide(nomination: Nomination, decision: Decision, *, actor: Any) -> bool:
    with transaction.atomic():
        row = lock_nomination(nomination)
        if not judge(row, decision, actor=actor, facts=facts_about([row])):
            return False
        _carry_out(row, decision, actor=actor)
    nomination.refresh_from_db()
    return True


def _carry_out(row: Nomination, decision: Decision, *, actor: Any) -> None:
    move(
        row,
        decision.target,
        moves=Nomination.MOVES,
        event=NominationEvent,
        subject_field="nomination",
        actor=actor,
        reason=plain_words(decision.remarks),
        also=changes_of(decision, actor=actor),
        noted={"version": row.version},
    )


def changes_of(decision: Decision, *, actor: Any) -> dict[str, Any]:
    """Fields that change with the state."""
    if decision.target == State.RECOMMENDED:
        return {"recommended_by": actor}
    return {}
