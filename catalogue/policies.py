"""Who may do what to a listing."""

from typing import Any

from catalogue.models import Product
from regions.policies import reach_of
from vendors.domain.rights import Right
from vendors.models import Partner
from vendors.policies import has_right


def can_review(user: Any, vendor: Partner | None = None) -> bool:
    """Approve, return or reject listings: staff with that right, and officers who decide in the place of their group.

    vendor: of the listing, read with its home region; without one: whether any listing at all. No query per listing.
    """
    has_right = user.has_perm("catalogue.review_product")
    return reach_of(user).may_decide(vendor.home_region if vendor else None, has_right=has_right)


def can_work_on(user: Any, listing: Product) -> bool:
    """Change the listing and hand it in: any member of its group but the packer, and staff who may change listings.

    One query. Being allowed to see it is decided by visible_to before.
    """
    if user.is_active and user.has_perm("catalogue.change_product"):
        return True
    return listing.vendor_id is not None and has_right(user, listing.vendor_id, Right.LIST_GOODS)
