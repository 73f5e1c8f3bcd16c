"""Pages of the programme office in Django admin."""

from programme.admin.coverage import SchemeCoverageAdmin
from programme.admin.impact import CountryImpactAdmin

__all__ = ["CountryImpactAdmin", "SchemeCoverageAdmin"]
