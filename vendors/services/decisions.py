"""Decisions about groups: one function for each move, each written down with who and why, and told to the group.

What each state means for listings, open orders and money is said in vendors.effects.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.lib.states import IllegalTransition, move
from vendors.errors import ApplicationIncomplete, GroupChangeMoved, ReasonMissing, RequirementsOpen
from vendors.models import Partner, VendorEvent
from vendors.selectors.applications import version_of
from vendors.selectors.checklist import checklist
from vendors.services.group_changes import withdraw_open
from vendors.services.group_notices import tell_decision
from vendors.services.requirements import refuse_own_group

State = Partner.State


@transaction.atomic
def approve(vendor: Partner, *, actor: Any, reason: str = "", on_behalf_of: str = "", seen: str = "") -> bool:
    """Let an applied group sell; False when it may already.

    seen: version_of the group as it was read, empty where it does not matter. Raises GroupChangeMoved, OwnGroup for a member of it, RequirementsOpen while something needed is neither met nor waived, and IllegalTransition for a group that
    has not applied; one that was suspended is reinstated instead.
    """
    locked = _lock(vendor, sources=(State.APPLIED, State.APPROVED), target=State.APPROVED)
    if locked.state != State.APPROVED:
        # Whatever a group writes, it writes under this lock.
        if seen and seen != version_of(locked):
            raise GroupChangeMoved
        refuse_own_group(locked, actor)
        still_open = checklist(locked).still_open
        if still_open:
            raise RequirementsOpen(still_open)
    also = {"approved_at": locked.approved_at or timezone.now()}
    return _decide(
        vendor,
        locked,
        State.APPROVED,
        actor=actor,
        reason=reason,
        on_behalf_of=on_behalf_of,
        also=also,
        kind="group_approved",
    )


@transaction.atomic
def return_with_remarks(vendor: Partner, *, actor: Any, reason: str, on_behalf_of: str = "") -> bool:
    """Send an application back to be mended; raises ReasonMissing, IllegalTransition."""
    _require(reason)
    locked = _lock(vendor, sources=(State.APPLIED, State.RETURNED), target=State.RETURNED)
    return _decide(
        vendor,
        locked,
        State.RETURNED,
        actor=actor,
        reason=reason,
        on_behalf_of=on_behalf_of,
        kind="group_returned",
    )


@transaction.atomic
def submit(vendor: Partner, *, actor: Any, reason: str = "", on_behalf_of: str = "") -> bool:
    """Hand in an application, for the first time or again; False when it is with the office already.

    Raises ApplicationIncomplete naming what the group must still do, and IllegalTransition for a group that sells,
    is suspended or closed.
    """
    locked = _lock(vendor, sources=(State.DRAFT, State.RETURNED, State.APPLIED), target=State.APPLIED)
    if locked.state != State.APPLIED:
        gaps = checklist(locked).gaps
        if gaps:
            raise ApplicationIncomplete(gaps)
    also = {"submitted_at": timezone.now()} if locked.state != State.APPLIED else None
    return _decide(
        vendor,
        locked,
        State.APPLIED,
        actor=actor,
        reason=reason,
        on_behalf_of=on_behalf_of,
        also=also,
        kind="group_applied",
    )


@transaction.atomic
def suspend(vendor: Partner, *, actor: Any, reason: str, on_behalf_of: str = "") -> bool:
    """Take a group and all its listings from sale at once; open orders go on, no payout is begun.

    Raises ReasonMissing, and IllegalTransition for a group that is not approved.
    """
    _require(reason)
    locked = _lock(vendor, sources=(State.APPROVED, State.SUSPENDED), target=State.SUSPENDED)
    return _decide(
        vendor,
        locked,
        State.SUSPENDED,
        actor=actor,
        reason=reason,
        on_behalf_of=on_behalf_of,
        kind="group_suspended",
    )


@transaction.atomic
def reinstate(vendor: Partner, *, actor: Any, reason: str = "", on_behalf_of: str = "") -> bool:
    """Let a suspended group sell again, its listings as they were; raises OwnGroup, IllegalTransition."""
    locked = _lock(vendor, sources=(State.SUSPENDED, State.APPROVED), target=State.APPROVED)
    refuse_own_group(locked, actor)
    return _decide(
        vendor,
        locked,
        State.APPROVED,
        actor=actor,
        reason=reason,
        on_behalf_of=on_behalf_of,
        kind="group_reinstated",
    )


@transaction.atomic
def close(vendor: Partner, *, actor: Any, reason: str, on_behalf_of: str = "") -> bool:
    """End a group for good; open orders must still be finished, and what is left is paid. Raises ReasonMissing."""
    _require(reason)
    locked = _lock(vendor, sources=tuple(State), target=State.CLOSED)
    withdraw_open(locked, actor=actor, reason=reason)
    return _decide(
        vendor,
        locked,
        State.CLOSED,
        actor=actor,
        reason=reason,
        on_behalf_of=on_behalf_of,
        kind="group_closed",
    )


@transaction.atomic
def give_up(vendor: Partner, *, actor: Any, on_behalf_of: str = "") -> bool:
    """A group ends an application that it has begun and not handed in; raises IllegalTransition for any other.

    Nobody is told: who ends it knows, and the office never heard of it.
    """
    locked = _lock(vendor, sources=(State.DRAFT, State.CLOSED), target=State.CLOSED)
    return _decide(
        vendor,
        locked,
        State.CLOSED,
        actor=actor,
        reason=str(_("Given up before it was handed in.")),
        on_behalf_of=on_behalf_of,
        kind="",
    )


def _require(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _lock(vendor: Partner, *, sources: tuple[str, ...], target: str) -> Partner:
    """The group's row, locked and read again; the verb must fit where it stands now."""
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)
    if locked.state not in sources:
        raise IllegalTransition(locked, locked.state, target)
    return locked


def _decide(
    vendor: Partner,
    locked: Partner,
    target: str,
    *,
    actor: Any,
    reason: str,
    on_behalf_of: str,
    kind: str,
    also: Mapping[str, Any] | None = None,
) -> bool:
    changed = move(
        locked,
        target,
        moves=Partner.MOVES,
        event=VendorEvent,
        subject_field="vendor",
        actor=actor,
        reason=reason.strip(),
        on_behalf_of=on_behalf_of,
        also=also,
    )
    vendor.state, vendor.approved_at, vendor.submitted_at = (
        locked.state,
        locked.approved_at,
        locked.submitted_at,
    )
    if changed and kind:
        tell_decision(locked, locked.events.order_by("-pk")[0], kind)
    return changed
