"""Pages of the programme office in Django admin."""

from programme.admin.coverage import SchemeCoverageAdmin

__all__ = ["SchemeCoverageAdmin"]
