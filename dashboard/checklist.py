"""The checklist as the application's page shows it: what to do, where, and what the office does."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.desk import Desk
from dashboard.work import Task
from vendors.models import Partner, Requirement, VendorEvent
from vendors.selectors.checklist import Checklist, CheckRow, Status
from vendors.services.applications import OPEN_STATES

Basis = Requirement.Basis
# Where what is counted is put right.
_PAGES = {
    "summary": "dashboard-story",
    "story": "dashboard-story",
    "photos": "dashboard-group-photos",
    "people": "dashboard-group-people",
    "payout_details": "dashboard-payout-account",
}


@dataclass(frozen=True)
class Item:
    """A line of the page. url: where it is put right, empty for what is said here; says: it is said here, by name."""

    row: CheckRow
    url: str
    says: bool


@dataclass(frozen=True)
class Board:
    """The checklist in the order of what must be done: to_do, at_office, optional and done."""

    to_do: Sequence[Item]
    at_office: Sequence[Item]
    optional: Sequence[Item]
    done: Sequence[Item]


def board(found: Checklist) -> Board:
    """The lines of a checklist, sorted; no query."""
    items = [_item(row) for row in found.rows]
    still_open = [item for item in items if item.row.status == Status.OPEN]
    return Board(
        to_do=[item for item in still_open if item.row.requirement.is_required],
        at_office=[item for item in items if item.row.status == Status.WAITING],
        optional=[item for item in still_open if not item.row.requirement.is_required],
        done=[item for item in items if item.row.is_met],
    )


def remark_of(vendor: Partner) -> VendorEvent | None:
    """The decision with whose words a returned, suspended or closed group begins; one query, none for others."""
    if vendor.state not in (Partner.State.RETURNED, Partner.State.SUSPENDED, Partner.State.CLOSED):
        return None
    events = VendorEvent.objects.filter(vendor=vendor, to_state=vendor.state)
    return events.order_by("-pk").first()


def application_tasks(desk: Desk) -> list[Task]:
    """An application to go on with, for those who write it; one query for one that came back."""
    state = desk.vendor.state
    if state not in OPEN_STATES or not desk.edits_group:
        return []
    page = reverse("dashboard-application")
    if state == Partner.State.DRAFT:
        note = _("What is still missing, and handing in.")
        return [Task(1, _("Finish your application"), page, "soon", note=note)]
    remark = remark_of(desk.vendor)
    words = _("Your application came back")
    if remark is None:
        return [Task(1, words, page, "now")]
    return [Task(1, words, page, "now", since=remark.created_at, quote=remark.reason)]


def _item(row: CheckRow) -> Item:
    if row.requirement.basis == Basis.ATTESTED:
        return Item(row, "", says=True)
    if row.requirement.basis == Basis.VERIFIED:
        url = f"{reverse('dashboard-group-papers')}?kind={row.requirement.document_kind}"
        return Item(row, url, says=False)
    page = _PAGES.get(row.requirement.check_name, "dashboard-group-facts")
    return Item(row, reverse(page), says=False)
