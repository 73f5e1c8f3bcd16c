"""The audit in Django admin."""

from audit.admin.audit import ChangeAdmin

__all__ = ["ChangeAdmin"]
