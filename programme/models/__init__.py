"""What the programme office looks at and keeps."""

from programme.models.announcements import Announcement, AnnouncementEvent
from programme.models.broadcasts import Broadcast, BroadcastEvent, BroadcastRecipient
from programme.models.canned_reasons import CannedReason
from programme.models.claims import Claim
from programme.models.collections import Collection, CollectionEvent, CollectionListing, FormerCollectionSlug
from programme.models.coverage import SchemeCoverage
from programme.models.featured import FeaturedChoice, FeaturedListing, FeaturedTurn
from programme.models.impact import CountryImpact, PublishedImpact
from programme.models.misuse import MOST_TO_READ, MisuseCase, MisuseEvent, MisuseReport, to_be_read
from programme.models.reports import ReportDownload, ReportRun, SavedReport
from programme.models.service_levels import ServiceLevel
from programme.models.stories import FormerStorySlug, Story, StoryEvent, StoryPhoto
from programme.models.words import WordReport

__all__ = [
    "MOST_TO_READ",
    "Announcement",
    "AnnouncementEvent",
    "Broadcast",
    "BroadcastEvent",
    "BroadcastRecipient",
    "CannedReason",
    "Claim",
    "Collection",
    "CollectionEvent",
    "CollectionListing",
    "CountryImpact",
    "FeaturedChoice",
    "FeaturedListing",
    "FeaturedTurn",
    "FormerCollectionSlug",
    "FormerStorySlug",
    "MisuseCase",
    "MisuseEvent",
    "MisuseReport",
    "PublishedImpact",
    "ReportDownload",
    "ReportRun",
    "SavedReport",
    "SchemeCoverage",
    "ServiceLevel",
    "Story",
    "StoryEvent",
    "StoryPhoto",
    "WordReport",
    "to_be_read",
]
