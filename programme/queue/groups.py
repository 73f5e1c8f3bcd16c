"""Groups that have applied."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programme.queue.kind import Kind, Photo, Sheet
from vendors.models import GroupDocument, Partner, VendorEvent
from vendors.selectors.applications import version_of
from vendors.selectors.checklist import checklist

State = Partner.State


def _read(group: Partner) -> Sheet:
    """The application: facts, what its checklist still lacks, its photos and papers."""
    found = checklist(group)
    return Sheet(
        facts=(
            (_("kind"), str(group.get_kind_display())),
            (_("registration number"), group.registration_number),
            (_("in one line"), group.summary),
            (_("story"), group.story),
            (_("members"), str(group.member_count or "")),
            (_("households"), str(group.household_count or "")),
            (_("postal address"), group.address),
            (_("food licence number"), group.food_licence),
        ),
        checks=found.still_open,
        photos=[
            *(Photo(photo.small, photo.large, photo.alt_text) for photo in group.photos.all()),
            *(_paper(paper) for paper in group.documents.all()),
        ],
    )


def _paper(paper: GroupDocument) -> Photo:
    address = reverse("admin:partner_partner_paper", args=[paper.vendor_id, paper.pk])
    return Photo(address, address, str(paper))


GROUPS = Kind(
    code="group",
    names=_("groups"),
    model=Partner,
    rows=lambda: Partner.objects.all(),
    state=State.APPLIED,
    since="submitted_at",
    titles=("name",),
    place="home_region",
    group="",
    event=VendorEvent,
    subject="vendor",
    decided=frozenset({State.APPROVED, State.RETURNED, State.CLOSED}),
    read=_read,
    version=version_of,
    right="partner.decide_partner",
)
