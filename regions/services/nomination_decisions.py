"""What is decided about nominations: recommended, returned, approved, refused. One by one; many: regions.services.committee.

Locks: the register, shared; the nomination; the product that it replaces.
"""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.lib.states import move
from marketplace.lib.words import plain_words
from regions.errors import NominationError
from regions.models import IdentifiedProduct, Nomination, NominationEvent
from regions.services.nomination_notices import tell_proposer, tell_that_it_waits
from regions.services.nomination_rules import Decision, Facts, facts_about, judge, lock_nomination
from regions.services.settling import share_lock

State = Nomination.State
KINDS = {
    State.RECOMMENDED: "nomination_recommended",
    State.RETURNED: "nomination_returned",
    State.APPROVED: "nomination_approved",
    State.REFUSED: "nomination_refused",
}


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


def approve(
    nomination: Nomination, *, actor: Any, version: int, effective_on: date | None, remarks: str = ""
) -> bool:
    """Make it a product of the place from that day on, for the centre; what it replaces ends on the same day.

    As recommend. Raises NominationError too where the product is there already, or what it replaces has an end.
    """
    return _decide(nomination, Decision(State.APPROVED, version, remarks, effective_on), actor=actor)


def identified_product(row: Nomination) -> IdentifiedProduct:
    """The product that an approved nomination makes; not saved yet."""
    return IdentifiedProduct(
        scheme_id=row.scheme_id,
        region_id=row.region_id,
        name=row.name,
        category=row.category,
        named_on=row.effective_on,
        nomination=row,
        source=_source(row),
    )


def _source(row: Nomination) -> str:
    # Kept for everybody, so not in the language of whoever approves.
    return f"Nomination {row.pk}, approved by {row.scheme.country.name}"


def _decide(nomination: Nomination, decision: Decision, *, actor: Any) -> bool:
    try:
        with transaction.atomic():
            # What is approved while its place becomes part of another would stay behind there.
            share_lock()
            row = lock_nomination(nomination)
            facts = facts_about([row])
            if not judge(row, decision, actor=actor, facts=facts):
                return False
            _carry_out(row, decision, actor=actor, facts=facts)
    except IntegrityError:
        # A list that is loaded at this moment may name the same product.
        raise NominationError(_("Something else was written at this moment. Try again.")) from None
    nomination.refresh_from_db()
    return True


def _carry_out(row: Nomination, decision: Decision, *, actor: Any, facts: Facts) -> None:
    note = plain_words(decision.remarks)
    move(
        row,
        decision.target,
        moves=Nomination.MOVES,
        event=NominationEvent,
        subject_field="nomination",
        actor=actor,
        reason=note,
        also=changes_of(decision, actor=actor),
        noted={"version": row.version},
    )
    tell_proposer(row, KINDS[decision.target], event=row.events.latest("pk").pk, note=note)
    if decision.target == State.RECOMMENDED:
        tell_that_it_waits(row)
    elif decision.target == State.APPROVED:
        product = identified_product(row)
        product.save()
        replaced = facts.replaced.get(row.replaces_id) if row.replaces_id else None
        if replaced is not None:
            replaced.ended_on, replaced.replaced_by = row.effective_on, product
            replaced.save(update_fields=["ended_on", "replaced_by"])


def changes_of(decision: Decision, *, actor: Any) -> dict[str, Any]:
    """Fields that change with the state."""
    if decision.target == State.RECOMMENDED:
        return {"recommended_by": actor}
    if decision.target == State.APPROVED:
        return {"approved_by": actor, "effective_on": decision.effective_on}
    return {}
