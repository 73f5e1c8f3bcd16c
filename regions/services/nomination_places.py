"""Open nominations follow their places when these are merged, split, or come to lie elsewhere."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from marketplace.lib.states import move
from regions.domain.names import same_name
from regions.models import IdentifiedProduct, Nomination, NominationEvent, Region, Scheme
from regions.services import holders
from regions.services.nomination_notices import tell_proposer

State = Nomination.State


def follow_places() -> None:
    """Have nominations told of what happens to places and to the products that they replace."""
    holder = holders.Holder(
        "nomination", gettext_lazy("open nominations"), _nominations_at, _move_nominations
    )
    holders.hold(holder)
    holders.hear_of_names(_mend_recommenders)
    holders.hear_of_products(_replace_other_product)


def _nominations_at(place: Region) -> Any:
    return Nomination.objects.open().filter(region=place).select_related("scheme").order_by("name", "pk")


def _move_nominations(keys: Sequence[int], old: Region, new: Region) -> int:
    """One for which the other place proposes the same stays behind, withdrawn: that of the other place goes on."""
    there = {(row.scheme_id, same_name(row.name)) for row in Nomination.objects.open().filter(region=new)}
    moved = 0
    for row in _locked(pk__in=keys, region=old):
        if (row.scheme_id, same_name(row.name)) in there:
            _withdraw(row, f"{new.name} ({new.code}) proposes the same", because=new)
            continue
        row.region = new
        row.recommending_region = _recommender(row.scheme, new, before=row)
        row.save(update_fields=["region", "recommending_region"])
        moved += 1
    return moved


def _mend_recommenders(places: Sequence[Region]) -> None:
    """Let the place that lies above now recommend what waits for it."""
    for row in _locked(region__in=places):
        above = _recommender(row.scheme, row.region, before=row)
        if above != row.recommending_region:
            row.recommending_region = above
            row.save(update_fields=["recommending_region"])


def _replace_other_product(old: IdentifiedProduct, new: IdentifiedProduct) -> None:
    for row in _locked(replaces=old):
        if Nomination.objects.open().filter(replaces=new).exists():
            _withdraw(row, f"another is proposed in place of {new.name}", because=new.region)
        else:
            # The versions keep what was handed in.
            row.replaces = new
            row.save(update_fields=["replaces"])


def _recommender(scheme: Scheme, region: Region, *, before: Nomination) -> Region | None:
    """As it was where it has been recommended already, or where no such place lies above."""
    if before.state == State.RECOMMENDED or not scheme.recommending_level:
        return before.recommending_region
    above = Region.objects.coded(region.codes).filter(level=scheme.recommending_level)
    return above.first() or before.recommending_region


def _withdraw(row: Nomination, reason: str, *, because: Region) -> None:
    move(
        row,
        State.WITHDRAWN,
        moves=Nomination.MOVES,
        event=NominationEvent,
        subject_field="nomination",
        reason=reason,
        noted={"version": row.version},
    )
    with override(row.proposed_by.preferred_language):
        note = _("%(place)s proposes it, or something else in place of the same product.") % {
            "place": because.name
        }
    tell_proposer(row, "nomination_ended", event=row.events.latest("pk").pk, note=note)


def _locked(**where: Any) -> list[Nomination]:
    rows = Nomination.objects.with_places().open().filter(**where).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))
