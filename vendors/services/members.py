"""Who works for a group."""

from typing import Any

from django.db import transaction

from vendors.errors import LastChair
from vendors.models import Membership, Partner


@transaction.atomic
def set_member(vendor: Partner, user: Any, *, role: str) -> Membership:
    """Give a person a role in a group, whether new there or not.

    role: one of Membership.Role. Raises LastChair when the only chair would become something else, and
    ValueError for a word that is no role.
    """
    if role not in Membership.Role.values:
        raise ValueError(f"no such role: {role}")
    _lock(vendor)
    if role != Membership.Role.CHAIR:
        _keep_a_chair(vendor, without=user)
    membership, _ = Membership.objects.update_or_create(vendor=vendor, user=user, defaults={"role": role})
    return membership


@transaction.atomic
def remove_member(vendor: Partner, user: Any) -> bool:
    """End a person's work for a group; False when there was none. Raises LastChair for the only chair."""
    _lock(vendor)
    _keep_a_chair(vendor, without=user)
    removed, _ = Membership.objects.filter(vendor=vendor, user=user).delete()
    return bool(removed)


def _lock(vendor: Partner) -> None:
    # Two chairs who leave at the same moment must see each other.
    Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)


def _keep_a_chair(vendor: Partner, *, without: Any) -> None:
    chairs = set(vendor.memberships.filter(role=Membership.Role.CHAIR).values_list("user_id", flat=True))
    if chairs == {without.pk}:
        raise LastChair
