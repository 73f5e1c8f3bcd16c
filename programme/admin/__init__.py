"""Pages of the programme office in Django admin."""

from programme.admin.announcements import AnnouncementAdmin
from programme.admin.broadcasts import BroadcastAdmin
from programme.admin.collections import CollectionAdmin
from programme.admin.coverage import SchemeCoverageAdmin
from programme.admin.featured import FeaturedChoiceAdmin, FeaturedTurnAdmin
from programme.admin.impact import CountryImpactAdmin
from programme.admin.languages import WordReportAdmin
from programme.admin.misuse import MisuseCaseAdmin
from programme.admin.moderation import ModerationAdmin
from programme.admin.reasons import CannedReasonAdmin, ServiceLevelAdmin
from programme.admin.reports import ReportRunAdmin, SavedReportAdmin
from programme.admin.stories import StoryAdmin

__all__ = [
    "AnnouncementAdmin",
    "BroadcastAdmin",
    "CannedReasonAdmin",
    "CollectionAdmin",
    "CountryImpactAdmin",
    "FeaturedChoiceAdmin",
    "FeaturedTurnAdmin",
    "MisuseCaseAdmin",
    "ModerationAdmin",
    "ReportRunAdmin",
    "SavedReportAdmin",
    "SchemeCoverageAdmin",
    "ServiceLevelAdmin",
    "StoryAdmin",
    "WordReportAdmin",
]
