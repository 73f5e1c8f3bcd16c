"""Who may do what to a group. What a member's role allows is asked of one table, vendors.domain.rights."""

from typing import Any

from regions.policies import reach_of
from vendors.domain.rights import Right, roles_with
from vendors.models import Membership, Partner


def has_right(user: Any, vendor: Partner | int, right: Right) -> bool:
    """Whether this person is a member of the group, in a role with this right; one query.

    vendor: the group, or its id. Staff have no rights of members: what they may do besides is said by the policy
    that asks.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    vendor_pk = vendor if isinstance(vendor, int) else vendor.pk
    members = Membership.objects.filter(vendor=vendor_pk, user=user, role__in=roles_with(right))
    return members.exists()


def can_decide_vendor(user: Any, vendor: Partner | None = None) -> bool:
    """Approve, return, suspend or close groups: staff with that right, and officers who decide in its place.

    vendor: read with its home region; without one: whether about any group at all. No query per group.
    """
    has_right = user.has_perm("partner.decide_partner")
    return reach_of(user).may_decide(vendor.home_region if vendor else None, has_right=has_right)


def can_manage_members(user: Any, vendor: Partner) -> bool:
    """Add and remove members: members with that right, and staff who may change groups; one query."""
    if user.is_active and user.has_perm("partner.change_partner"):
        return True
    return has_right(user, vendor, Right.MANAGE_MEMBERS)


def can_count_stock(user: Any, vendor: Partner) -> bool:
    """Write how many units lie in the store: members with that right, the packer too; one query."""
    return has_right(user, vendor, Right.COUNT_STOCK)


def can_verify_papers(user: Any) -> bool:
    """Look at papers of the groups that are visible and say that they are right: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("partner.verify_papers"))


def can_decide_certificate(user: Any, vendor: Partner | None = None) -> bool:
    """Verify, refuse or withdraw certificates: staff who look at papers, in their places.

    vendor: read with its home region; without one: whether any at all. No query per group.
    """
    return can_verify_papers(user) and (vendor is None or reach_of(user).covers(vendor.home_region))


def can_hand_in_certificate(user: Any, vendor: Partner) -> bool:
    """Hand in certificates on behalf of a group of one's places: staff who may fill in its application; no query per group.

    vendor: read with its home region.
    """
    return can_apply_for_group(user) and reach_of(user).covers(vendor.home_region)


def can_apply_for_group(user: Any) -> bool:
    """Begin and fill in an application on behalf of a group of one's places: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("partner.apply_for_group"))


def can_see_page(user: Any, vendor: Partner) -> bool:
    """See the page of a group in the shop: everybody once it is approved, before that members and staff; one query."""
    if vendor.state == Partner.State.APPROVED:
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_staff and user.has_perm("partner.view_partner") and reach_of(user).covers(vendor.home_region):
        return True
    return Membership.objects.filter(vendor=vendor, user=user).exists()
