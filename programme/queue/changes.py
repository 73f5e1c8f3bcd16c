"""Changes of listings on sale."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import ListingChange, ListingChangeEvent
from catalogue.selectors.changes import field_diffs
from programme.queue.kind import Kind, Sheet

State = ListingChange.State


def _read(change: ListingChange) -> Sheet:
    """What stands beside what is wanted."""
    diffs = field_diffs(change)
    moved = [diff.label for diff in diffs if diff.is_moved]
    words = _("The listing itself has changed since: %(fields)s.") % {"fields": ", ".join(moved)}
    return Sheet(
        checks=[words] if moved else [],
        diffs=diffs,
        sides=(_("On sale now"), _("Proposed")),
        fields={diff.name: diff.label for diff in diffs},
        address=change.listing.get_absolute_url(),
    )


def _version(change: Any) -> str:
    return str(change.version)


CHANGES = Kind(
    code="change",
    names=_("changes of listings"),
    model=ListingChange,
    rows=lambda: ListingChange.objects.exclude(submitted_at=None),
    state=State.SUBMITTED,
    since="submitted_at",
    titles=("listing__title",),
    place="listing__vendor__home_region",
    group="listing__vendor",
    event=ListingChangeEvent,
    subject="change",
    decided=frozenset({State.APPROVED, State.RETURNED, State.REJECTED}),
    read=_read,
    version=_version,
    right="catalogue.review_product",
)
