"""Review of listings: nothing is seen or bought before a moderator has approved it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from catalogue.errors import ChangeMoved, ListingIncomplete, VendorNotApproved
from catalogue.models import ListingEvent, Product
from catalogue.selectors.gaps import gaps
from catalogue.selectors.snapshots import FIELDS, snapshot
from catalogue.services.changes import withdraw_open
from catalogue.services.telling import tell_of_decision
from marketplace.lib.states import IllegalTransition, move
from vendors.errors import ReasonMissing
from vendors.models import Partner

State = Product.State


@transaction.atomic
def submit(listing: Product, actor: Any, *, reason: str = "", on_behalf_of: str = "") -> bool:
    """Hand a draft, returned or withdrawn listing in for review; False when it waits already.

    The group may still be an applicant. Raises ListingIncomplete naming each gap, IllegalTransition.
    """
    locked = _lock(listing)
    missing = missing_parts(locked)
    if missing:
        raise ListingIncomplete(missing)
    return _move(listing, locked, State.SUBMITTED, actor=actor, reason=reason, on_behalf_of=on_behalf_of)


@transaction.atomic
def take_back(listing: Product, actor: Any, *, on_behalf_of: str = "") -> bool:
    """Make a listing that waits for review a draft again; raises IllegalTransition for any other."""
    return _move(listing, _lock(listing), State.DRAFT, actor=actor, reason="", on_behalf_of=on_behalf_of)


@transaction.atomic
def approve(
    listing: Product,
    actor: Any,
    *,
    reason: str = "",
    on_behalf_of: str = "",
    seen: datetime | None = None,
) -> bool:
    """Put a submitted listing on sale with all its sizes; False when it is on sale already.

    seen: when it had been submitted as the moderator has read it, None where nothing was read before. Raises ChangeMoved
    when it was taken back and submitted anew since, VendorNotApproved, ListingIncomplete naming each gap, IllegalTransition.
    """
    vendor = _lock_vendor(listing)
    locked = _lock(listing)
    if locked.state not in (State.SUBMITTED, State.LIVE):
        raise IllegalTransition(locked, locked.state, State.LIVE)
    _refuse_unread(locked, seen)
    if vendor.state != Partner.State.APPROVED:
        raise VendorNotApproved
    missing = missing_parts(locked)
    if missing:
        raise ListingIncomplete(missing)
    return _move(listing, locked, State.LIVE, actor=actor, reason=reason, on_behalf_of=on_behalf_of)


@transaction.atomic
def ask_for_changes(
    listing: Product,
    actor: Any,
    note: str,
    *,
    fields: Iterable[str] = (),
    on_behalf_of: str = "",
    seen: datetime | None = None,
) -> bool:
    """Return a listing to its group with a note; one on sale is taken from sale at once.

    fields: those of catalogue.selectors.snapshots that the note is about. seen: as in approve. Raises ReasonMissing,
    ChangeMoved, IllegalTransition.
    """
    if not note.strip():
        raise ReasonMissing
    locked = _lock(listing)
    _refuse_unread(locked, seen)
    withdraw_open(locked, actor, reason=note)
    noted = [name for name in FIELDS if name in set(fields)]
    also = {"noted_fields": noted, "returned_as": snapshot(locked)}
    return _move(
        listing, locked, State.RETURNED, actor=actor, reason=note, on_behalf_of=on_behalf_of, also=also
    )


@transaction.atomic
def reject(
    listing: Product, actor: Any, reason: str, *, on_behalf_of: str = "", seen: datetime | None = None
) -> bool:
    """Refuse a submitted listing for good; seen: as in approve. Raises ReasonMissing, ChangeMoved, IllegalTransition."""
    if not reason.strip():
        raise ReasonMissing
    locked = _lock(listing)
    _refuse_unread(locked, seen)
    return _move(listing, locked, State.REJECTED, actor=actor, reason=reason, on_behalf_of=on_behalf_of)


@transaction.atomic
def withdraw(listing: Product, actor: Any, *, reason: str = "", on_behalf_of: str = "") -> bool:
    """Take a listing from sale, or give up a draft; open orders keep their lines. Raises IllegalTransition."""
    locked = _lock(listing)
    withdraw_open(locked, actor, reason=reason)
    return _move(listing, locked, State.WITHDRAWN, actor=actor, reason=reason, on_behalf_of=on_behalf_of)


def missing_parts(listing: Product) -> list[str | Promise]:
    """What a listing still lacks before anyone may buy it, in plain words; at most six queries."""
    return [gap.words for gap in gaps(listing)]


def _refuse_unread(locked: Product, seen: datetime | None) -> None:
    if seen is not None and locked.state == State.SUBMITTED and locked.submitted_at != seen:
        raise ChangeMoved


def _lock_vendor(listing: Product) -> Partner:
    """The group's row, so that it is not suspended while its listing goes on sale."""
    vendor: Partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=listing.vendor_id)
    return vendor


def _lock(listing: Product) -> Product:
    if listing.structure == Product.CHILD:
        raise ValueError("a size has no state of its own: decide about its listing")
    locked: Product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=listing.pk)
    return locked


def _move(
    listing: Product,
    locked: Product,
    target: str,
    *,
    actor: Any,
    reason: str,
    on_behalf_of: str,
    also: Mapping[str, Any] | None = None,
) -> bool:
    mirrored: dict[str, Any] = {"is_public": target == State.LIVE}
    if target == State.LIVE:
        mirrored["published_at"] = locked.published_at or timezone.now()
    if target == State.SUBMITTED:
        mirrored["submitted_at"] = timezone.now()
    own = {"noted_fields": [], **(also or {})}
    if target in (State.LIVE, State.REJECTED, State.WITHDRAWN):
        own["returned_as"] = None
    changed = move(
        locked,
        target,
        moves=Product.MOVES,
        event=ListingEvent,
        subject_field="listing",
        actor=actor,
        reason=reason.strip(),
        on_behalf_of=on_behalf_of,
        also={**mirrored, **own},
    )
    if changed:
        Product.objects.filter(parent=locked, is_removed=False).update(state=target, **mirrored)
        tell_of_decision(locked, note=reason.strip())
    for field in ("state", *mirrored, *own):
        setattr(listing, field, getattr(locked, field))
    return changed
