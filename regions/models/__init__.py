"""Places, schemes, identified products, protected names, officers' places."""

from regions.models.changes import RegionChange
from regions.models.committees import CommitteeMeeting, MeetingMinutes
from regions.models.entered import EnteredChange
from regions.models.loads import ReferenceLoad
from regions.models.nominations import (
    PROPOSED_FIELDS,
    Nomination,
    NominationEvent,
    NominationFile,
    NominationQuerySet,
    NominationVersion,
)
from regions.models.officers import RegionRole
from regions.models.places import (
    LEVELS_BY_COUNTRY,
    PATH_SEPARATOR,
    MapTile,
    Region,
    RegionAlias,
    RegionQuerySet,
)
from regions.models.protected_names import GeographicalIndication, GiParty
from regions.models.schemes import IdentifiedProduct, Scheme

__all__ = [
    "LEVELS_BY_COUNTRY",
    "PATH_SEPARATOR",
    "PROPOSED_FIELDS",
    "CommitteeMeeting",
    "EnteredChange",
    "GeographicalIndication",
    "GiParty",
    "IdentifiedProduct",
    "MapTile",
    "MeetingMinutes",
    "Nomination",
    "NominationEvent",
    "NominationFile",
    "NominationQuerySet",
    "NominationVersion",
    "ReferenceLoad",
    "Region",
    "RegionAlias",
    "RegionChange",
    "RegionQuerySet",
    "RegionRole",
    "Scheme",
]
