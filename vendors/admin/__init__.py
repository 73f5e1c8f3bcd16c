"""Groups in Django admin: the queue of applications, the checklist, decisions, members, certificates."""

from vendors.admin.certificates import CertificateAdmin
from vendors.admin.changes import GroupChangeAdmin
from vendors.admin.requirements import RequirementAdmin
from vendors.admin.vendors import VendorAdmin

__all__ = ["CertificateAdmin", "GroupChangeAdmin", "RequirementAdmin", "VendorAdmin"]
