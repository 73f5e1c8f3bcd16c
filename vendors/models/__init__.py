"""Producer groups (Oscar's Partner), their members, and what they have in stock. Oscar's models come last, as a fork asks."""

from vendors.models.application import GroupDocument, Requirement, RequirementMark
from vendors.models.certificates import Certificate, CertificateEvent
from vendors.models.changes import GroupChange, GroupChangeEvent
from vendors.models.corrections import CertificateCorrection
from vendors.models.invitations import Invitation, InvitationEvent, pk_of_token
from vendors.models.members import MemberEvent, Membership
from vendors.models.stock import StockMovement, StockRecord
from vendors.models.story import GroupPerson, GroupPhoto
from vendors.models.vendor import Partner, VendorEvent, VendorQuerySet

# isort: split
from oscar.apps.partner.models import *  # noqa: F403 - Oscar: a fork's own models come first

__all__ = [
    "Certificate",
    "CertificateCorrection",
    "CertificateEvent",
    "GroupChange",
    "GroupChangeEvent",
    "GroupDocument",
    "GroupPerson",
    "GroupPhoto",
    "Invitation",
    "InvitationEvent",
    "MemberEvent",
    "Membership",
    "Partner",
    "Requirement",
    "RequirementMark",
    "StockMovement",
    "StockRecord",
    "VendorEvent",
    "VendorQuerySet",
    "pk_of_token",
]
