"""Pages of the programme office in Django admin."""

from programme.admin.collections import CollectionAdmin
from programme.admin.coverage import SchemeCoverageAdmin
from programme.admin.impact import CountryImpactAdmin
from programme.admin.moderation import ModerationAdmin
from programme.admin.reasons import CannedReasonAdmin, ServiceLevelAdmin

__all__ = [
    "CannedReasonAdmin",
    "CollectionAdmin",
    "CountryImpactAdmin",
    "ModerationAdmin",
    "SchemeCoverageAdmin",
    "ServiceLevelAdmin",
]
