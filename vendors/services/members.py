"""Who works for a group."""

from typing import Any

from django.db import transaction

from marketplace.lib.audit import noting
from vendors.errors import LastChair
from vendors.models import MemberEvent, Membership, Partner
from vendors.services.member_notices import tell_of_change


@transaction.atomic
def set_member(vendor: Partner, user: Any, *, role: str, actor: Any = None, reason: str = "") -> Membership:
    """Give a person a role in a group, whether new there or not; a change is written down.

    role: one of Membership.Role. Raises LastChair when the only chair would become something else, and
    ValueError for a word that is no role.
    """
    if role not in Membership.Role.values:
        raise ValueError(f"no such role: {role}")
    lock_group(vendor)
    if role != Membership.Role.CHAIR:
        _keep_a_chair(vendor, without=user)
    before = _role(vendor, user)
    with noting(person=getattr(actor, "pk", None), reason=reason):
        membership, _ = Membership.objects.update_or_create(vendor=vendor, user=user, defaults={"role": role})
    if before != role:
        event = MemberEvent.objects.create(
            vendor=vendor, person=user, from_role=before, to_role=role, actor=actor, reason=reason
        )
        tell_of_change(event)
    return membership


@transaction.atomic
def remove_member(vendor: Partner, user: Any, *, actor: Any = None, reason: str = "") -> bool:
    """End a person's work for a group; False when there was none. Raises LastChair for the only chair."""
    lock_group(vendor)
    _keep_a_chair(vendor, without=user)
    before = _role(vendor, user)
    with noting(person=getattr(actor, "pk", None), reason=reason):
        removed, _ = Membership.objects.filter(vendor=vendor, user=user).delete()
    if removed:
        event = MemberEvent.objects.create(
            vendor=vendor, person=user, from_role=before, actor=actor, reason=reason
        )
        tell_of_change(event)
    return bool(removed)


def lock_group(vendor: Partner) -> None:
    """Wait for others who change the members of this group: two chairs who leave at once must see each other."""
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)


def _role(vendor: Partner, user: Any) -> str:
    return Membership.objects.filter(vendor=vendor, user=user).values_list("role", flat=True).first() or ""


def _keep_a_chair(vendor: Partner, *, without: Any) -> None:
    chairs = vendor.memberships.filter(role=Membership.Role.CHAIR)
    # Whoever cannot sign in any more keeps no group going; such a chair may go once somebody else is one.
    others = chairs.filter(user__is_active=True).exclude(user=without.pk)
    if chairs.filter(user=without.pk).exists() and not others.exists():
        raise LastChair
