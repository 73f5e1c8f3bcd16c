"""What a member must do now, most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import ListingChange, ListingChangeEvent, ListingEvent, Product
from catalogue.selectors.lapsed import Lapse, lapsed
from marketplace.lib.money import format_price
from orders.models import VendorOrder
from orders.selectors.returns import returns_to_answer
from orders.selectors.vendor_orders import VendorOrderRow, oldest
from vendors.models import Partner
from vendors.selectors.group_changes import waiting_of

MOST_RETURNED = 5
MOST_LAPSED = 5


@dataclass(frozen=True)
class Task:
    """One thing to do. urgency: "late", "now", "soon" or empty; since: when its waiting began; note: why or what.

    due_at: what happens by itself when nobody does it happens then; is_rest: it is about the rest of an order that has
    left in part.
    """

    number: int
    words: str
    url: str
    urgency: str = ""
    since: datetime | None = None
    note: str = ""
    quote: str = ""
    due_at: datetime | None = None
    is_rest: bool = False


def tasks(vendor: Partner, vendor_orders: QuerySet[VendorOrder], counts: Mapping[str, int]) -> list[Task]:
    """Everything that waits for a group, at most eighteen queries. counts: orders by state."""
    states = VendorOrder.State
    found: list[Task] = []
    if new := counts.get(states.NEW, 0):
        words = ngettext("Say yes to an order", "Say yes to orders", new)
        first = oldest(vendor_orders, [states.NEW])
        found.append(_order_task(new, words, first=first, show="new", urgency="now"))
    if to_pack := counts.get(states.ACCEPTED, 0):
        words = ngettext("Pack an order", "Pack orders", to_pack)
        first = oldest(vendor_orders, [states.ACCEPTED])
        found.append(_order_task(to_pack, words, first=first, show="pack", urgency="soon"))
    if packed := counts.get(states.PACKED, 0):
        words = ngettext("Hand over an order", "Hand over orders", packed)
        first = oldest(vendor_orders, [states.PACKED])
        found.append(_order_task(packed, words, first=first, show="hand-over", urgency="soon"))
    return [
        *found,
        *_lapsed(vendor),
        *_returns(vendor),
        *_returned(vendor),
        *_returned_changes(vendor),
        *_page_returned(vendor),
    ]


def _order_task(count: int, words: str, *, first: VendorOrderRow | None, show: str, urgency: str) -> Task:
    listed = f"{reverse('dashboard-order-list')}?show={show}"
    if first is None:
        # It was moved on between counting and reading.
        return Task(count, words, listed, urgency)
    price = format_price(first.total, first.currency)
    parts = [price, first.goods, first.town]
    note = " · ".join(part for part in parts if part)
    if count > 1:
        note = _("The oldest: %(order)s") % {"order": note}
    clock = first.clock
    return Task(
        count,
        words,
        first.url if count == 1 else listed,
        "late" if clock and clock.urgency == "late" else urgency,
        first.since,
        note,
        due_at=clock.due_at if clock else None,
        is_rest=bool(clock and clock.is_rest),
    )


def _returns(vendor: Partner) -> Sequence[Task]:
    """Returns that wait for an answer, or for the word that the goods are there; the clock of the first. One query."""
    waiting = list(returns_to_answer(vendor).values_list("pk", "due_at"))
    if not waiting:
        return []
    first, due_at = waiting[0]
    url = reverse("dashboard-return", args=[first]) if len(waiting) == 1 else reverse("dashboard-return-list")
    words = ngettext("Answer a buyer's return", "Answer buyers' returns", len(waiting))
    return [Task(len(waiting), words, url, "soon", due_at=due_at)]


def _lapsed(vendor: Partner) -> Sequence[Task]:
    """Listings on sale whose certificate is over or covers them no more, and what to do about each."""
    rows = lapsed(Product.objects.filter(vendor=vendor))[:MOST_LAPSED]
    return [
        Task(1, words, reverse("dashboard-listing-detail", args=[row.pk]), "now", note=note)
        for row, (words, note) in ((row, _lapse_words(row)) for row in rows)
    ]


def _lapse_words(row: Lapse) -> tuple[str, str]:
    if row.is_out_of_scope:
        words = _("Certificate does not cover it any more: %(title)s")
        note = _("Take “%(name)s” out of the title, or ask the office what your certificate covers.")
        return words % {"title": row.title}, note % {"name": row.name}
    note = _("Nobody can buy it until the office has verified your new food licence.")
    if row.name:
        note = _("Hand in the new one for “%(name)s”, or take the name out.") % {"name": row.name}
    return _("Certificate is over: %(title)s") % {"title": row.title}, note


def _returned(vendor: Partner) -> Sequence[Task]:
    note = ListingEvent.objects.filter(listing=OuterRef("pk"), to_state=Product.State.RETURNED)
    rows = (
        Product.objects.filter(vendor=vendor, state=Product.State.RETURNED)
        .whole()
        .annotate(
            note=Subquery(note.order_by("-created_at").values("reason")[:1]),
            returned_at=Subquery(note.order_by("-created_at").values("created_at")[:1]),
        )
        .order_by("returned_at", "pk")
    )
    return [
        Task(
            1,
            _("Listing came back: %(title)s") % {"title": row.title},
            reverse("dashboard-listing-detail", args=[row.pk]),
            quote=row.note or "",
        )
        for row in rows[:MOST_RETURNED]
    ]


def _returned_changes(vendor: Partner) -> Sequence[Task]:
    note = ListingChangeEvent.objects.filter(change=OuterRef("pk"), to_state=ListingChange.State.RETURNED)
    rows = (
        ListingChange.objects.filter(listing__vendor=vendor, state=ListingChange.State.RETURNED)
        .select_related("listing")
        .annotate(note=Subquery(note.order_by("-created_at").values("reason")[:1]))
        .order_by("submitted_at", "pk")
    )
    return [
        Task(
            1,
            _("Change came back: %(title)s") % {"title": row.listing.title},
            reverse("dashboard-listing-detail", args=[row.listing_id]),
            quote=row.note or "",
        )
        for row in rows[:MOST_RETURNED]
    ]


def _page_returned(vendor: Partner) -> Sequence[Task]:
    waiting = waiting_of(vendor)
    if waiting is None or not waiting.is_returned:
        return []
    return [Task(1, _("Your group's page came back"), reverse("dashboard-story"), quote=waiting.note)]
