"""Nominations from the side of the place: proposed, handed in anew after a return, withdrawn."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.lib.states import IllegalTransition, move
from marketplace.lib.words import plain_words
from regions.domain.names import same_name
from regions.errors import NominationError, NominationMoved, NotYourPlace, ProposalFormUsed
from regions.models import (
    PROPOSED_FIELDS,
    Nomination,
    NominationEvent,
    NominationVersion,
    Region,
    Scheme,
)
from regions.policies import can_propose
from regions.services import nomination_papers
from regions.services.nomination_notices import tell_that_it_waits
from regions.services.nomination_rules import lock_nomination
from regions.services.proposals import Proposed, checked, recommender_of, refuse_open_twin

__all__ = ["Proposed", "add_papers", "propose", "revise", "withdraw"]

State = Nomination.State


def propose(
    scheme: Scheme,
    region: Region,
    proposed: Proposed,
    *,
    actor: Any,
    form_key: str,
    papers: "Sequence[UploadedFile[Any]]" = (),
) -> Nomination:
    """Propose a product for a place to a scheme, with photos of papers; once for each form_key (random, of the form).

    scheme, region: read with the country, and with the places above. Raises NominationError, whose field says what is
    wrong: no such level, no grounds, named or proposed already; NotYourPlace; PictureRefused; ProposalFormUsed for a
    form_key that came with another product. Then nothing is kept.
    """
    if (there := _handed_in(form_key, actor)) is not None:
        version = there.versions.get(form_key=form_key)
        if same_name(version.name) != same_name(proposed.name):
            raise ProposalFormUsed
        return there
    if not can_propose(actor, region):
        raise NotYourPlace(field="region")
    recommending = recommender_of(scheme, region)
    values = checked(proposed, scheme=scheme, region=region)
    refuse_open_twin(values, scheme=scheme, region=region)
    try:
        with nomination_papers.stored(papers) as kept, transaction.atomic():
            now = timezone.now()
            nomination = Nomination.objects.create(
                scheme=scheme,
                region=region,
                recommending_region=recommending,
                proposed_by=actor,
                handed_in_at=now,
                **values,
            )
            _append_version(nomination, actor=actor, form_key=form_key)
            NominationEvent.objects.create(
                nomination=nomination, from_state="", to_state=State.PROPOSED, actor=actor, version=1
            )
            nomination_papers.keep(nomination, kept, actor=actor)
            tell_that_it_waits(nomination)
    except IntegrityError:
        # The same form came twice at the same moment, or another one with the same product.
        if (there := _handed_in(form_key, actor)) is not None:
            return there
        refuse_open_twin(values, scheme=scheme, region=region)
        raise _sent_in_another_way() from None
    return nomination


def revise(
    nomination: Nomination,
    proposed: Proposed,
    *,
    actor: Any,
    version: int,
    form_key: str,
    papers: "Sequence[UploadedFile[Any]]" = (),
) -> Nomination:
    """Hand a returned nomination in anew, as its next version; once for each form_key. Papers of before stay.

    version: the one that was returned. Raises as propose does, NominationMoved for another version and IllegalTransition
    for one that is not returned; then nothing is kept.
    """
    if (there := _handed_in(form_key, actor)) is not None:
        return there
    try:
        with nomination_papers.stored(papers) as kept, transaction.atomic():
            locked = lock_nomination(nomination)
            _refuse_stranger(locked, State.PROPOSED, actor=actor, version=version)
            values = checked(proposed, scheme=locked.scheme, region=locked.region)
            refuse_open_twin(values, scheme=locked.scheme, region=locked.region, besides=locked)
            also = {
                **values,
                "version": locked.version + 1,
                "recommending_region": recommender_of(locked.scheme, locked.region),
                "proposed_by": actor,
                "recommended_by": None,
                "handed_in_at": timezone.now(),
            }
            _move(locked, State.PROPOSED, actor=actor, also=also, version=locked.version + 1)
            _append_version(locked, actor=actor, form_key=form_key)
            twins = nomination_papers.keep(locked, kept, actor=actor)
            tell_that_it_waits(locked)
    except (IntegrityError, IllegalTransition, NominationMoved) as error:
        # The same form came twice at the same moment: its twin has moved the row.
        if (there := _handed_in(form_key, actor)) is not None:
            return there
        if isinstance(error, IntegrityError):
            raise _sent_in_another_way() from None
        raise
    nomination_papers.drop(twins)
    return locked


def add_papers(nomination: Nomination, papers: "Sequence[UploadedFile[Any]]", *, actor: Any) -> int:
    """Add photos of papers while nobody has recommended it; the same file is kept once. Returns how many are new.

    Raises NotYourPlace, PictureRefused, NominationError for too many, IllegalTransition; then none is kept.
    """
    with nomination_papers.stored(papers) as kept, transaction.atomic():
        locked = lock_nomination(nomination)
        if not can_propose(actor, locked.region):
            raise NotYourPlace
        if locked.state not in (State.PROPOSED, State.RETURNED):
            raise IllegalTransition(locked, locked.state, locked.state)
        twins = nomination_papers.keep(locked, kept, actor=actor)
    nomination_papers.drop(twins)
    return len(kept) - len(twins)


@transaction.atomic
def withdraw(nomination: Nomination, *, actor: Any, version: int, reason: str = "") -> bool:
    """Take it back for the place before the centre has the last word. False when this person has done so already.

    version: the one that was read. Raises NotYourPlace, NominationMoved, IllegalTransition.
    """
    locked = lock_nomination(nomination)
    if locked.events.filter(to_state=State.WITHDRAWN, actor=actor).exists():
        return False
    _refuse_stranger(locked, State.WITHDRAWN, actor=actor, version=version)
    _move(locked, State.WITHDRAWN, actor=actor, reason=plain_words(reason), version=locked.version)
    nomination.refresh_from_db()
    return True


def _refuse_stranger(locked: Nomination, target: State, *, actor: Any, version: int) -> None:
    if not can_propose(actor, locked.region):
        raise NotYourPlace
    if target not in Nomination.MOVES[locked.state]:
        # Also for what a colleague has done alike: of two, one hears that it was done.
        raise IllegalTransition(locked, locked.state, target)
    if locked.version != version:
        raise NominationMoved


def _move(locked: Nomination, target: State, *, actor: Any, version: int, **said: Any) -> None:
    move(
        locked,
        target,
        moves=Nomination.MOVES,
        event=NominationEvent,
        subject_field="nomination",
        actor=actor,
        noted={"version": version},
        **said,
    )


def _append_version(nomination: Nomination, *, actor: Any, form_key: str) -> None:
    NominationVersion.objects.create(
        nomination=nomination,
        version=nomination.version,
        by=actor,
        form_key=form_key,
        **{name: getattr(nomination, name) for name in PROPOSED_FIELDS},
    )


def _handed_in(form_key: str, actor: Any) -> Nomination | None:
    rows = NominationVersion.objects.filter(form_key=form_key, by=actor).select_related("nomination")
    version = rows.first()
    return version.nomination if version else None


def _sent_in_another_way() -> NominationError:
    return NominationError(
        _("Something else was handed in at this moment. Look at the list, then try again.")
    )
