"""Who may do what to a listing."""

from typing import Any

from catalogue.models import Product
from vendors.domain.rights import Right
from vendors.policies import has_right


def can_review(user: Any) -> bool:
    """Approve, return or reject listings: staff with that right; no query per listing."""
    return bool(user.is_active and user.is_staff and user.has_perm("catalogue.review_product"))


def can_work_on(user: Any, listing: Product) -> bool:
    """Change the listing and hand it in: any member of its group but the packer, and staff who may change listings.

    One query. Being allowed to see it is decided by visible_to before.
    """
    if user.is_active and user.has_perm("catalogue.change_product"):
        return True
    return listing.vendor_id is not None and has_right(user, listing.vendor_id, Right.LIST_GOODS)
