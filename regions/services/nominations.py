"""Nominations from the side of the place: proposed, handed in anew after a return, withdrawn."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regions.errors import NominationError, NotYourPlace
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
from regions.services.proposals import Proposed, checked, recommender_of, refuse_open_twin

__all__ = ["Proposed", "propose"]

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
    wrong: no such level, no grounds, named or proposed already; NotYourPlace; PictureRefused. Then nothing is kept.
    """
    if (there := _handed_in(form_key, actor)) is not None:
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
    except IntegrityError:
        # The same form came twice at the same moment, or another one with the same product.
        if (there := _handed_in(form_key, actor)) is not None:
            return there
        refuse_open_twin(values, scheme=scheme, region=region)
        raise _sent_in_another_way() from None
    return nomination


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
