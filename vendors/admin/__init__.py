"""Groups in Django admin: the queue of applications, the checklist, decisions, members."""

from vendors.admin.requirements import RequirementAdmin
from vendors.admin.vendors import VendorAdmin

__all__ = ["RequirementAdmin", "VendorAdmin"]
