"""Who may do what to a group."""

from typing import Any

from vendors.models import Membership, Partner


def can_decide_vendor(user: Any) -> bool:
    """Approve, return, suspend or close groups: staff with that right; no query per group."""
    return bool(user.is_active and user.is_staff and user.has_perm("partner.decide_partner"))


def can_manage_members(user: Any, vendor: Partner) -> bool:
    """Add and remove members: the group's chair, and staff who may change groups; one query."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.has_perm("partner.change_partner"):
        return True
    chairs = Membership.objects.filter(vendor=vendor, user=user, role=Membership.Role.CHAIR)
    return chairs.exists()


def can_count_stock(user: Any, vendor: Partner) -> bool:
    """Write how many units lie in the store: every member of the group, the packer too; one query."""
    if not user.is_authenticated or not user.is_active:
        return False
    return Membership.objects.filter(vendor=vendor, user=user).exists()


def can_verify_papers(user: Any) -> bool:
    """Look at papers of groups and say that they are right: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("partner.verify_papers"))


def can_apply_for_group(user: Any) -> bool:
    """Begin and fill in an application on behalf of a group: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("partner.apply_for_group"))


def can_see_page(user: Any, vendor: Partner) -> bool:
    """See the page of a group in the shop: everybody once it is approved, before that members and staff; one query."""
    if vendor.state == Partner.State.APPROVED:
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_staff and user.has_perm("partner.view_partner"):
        return True
    return Membership.objects.filter(vendor=vendor, user=user).exists()
