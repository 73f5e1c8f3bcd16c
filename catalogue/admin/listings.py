"""Listings in Django admin: the queue of the moderators and the decisions."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalogue.errors import ListingError
from catalogue.models import ListingEvent, Product, ProductImage
from catalogue.policies import can_review
from catalogue.selectors.lapsed import lapsed
from catalogue.selectors.snapshots import FIELDS
from catalogue.services import review
from marketplace.lib.decision_admin import Decision, DecisionAdmin, EventInline, StateFilter
from marketplace.lib.money import format_price
from marketplace.lib.translated import read_words
from marketplace.lib.words import language_name
from regions.scoped_admin import ScopedAdmin
from vendors.errors import ReasonMissing
from vendors.models import StockRecord

State = Product.State


class ListingEventInline(EventInline):
    """Decisions about the listing."""

    model = ListingEvent


class LapsedFilter(admin.SimpleListFilter):
    """Listings on sale whose certificate or licence is over; with the state "on sale"."""

    title = _("certificate")
    parameter_name = "lapsed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The only choice beside all."""
        return [("yes", str(_("over")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those that lack one, among what the person may see."""
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=[row.pk for row in lapsed(Product.objects.visible_to(request.user))])


def _approve(row: Any, actor: Any, reason: str) -> bool:
    return review.approve(row, actor, reason=reason, seen=getattr(row, "seen_at", None))


def _ask_for_changes(row: Any, actor: Any, reason: str) -> bool:
    seen, fields = getattr(row, "seen_at", None), getattr(row, "asked_fields", ())
    return review.ask_for_changes(row, actor, reason, fields=fields, seen=seen)


def _reject(row: Any, actor: Any, reason: str) -> bool:
    return review.reject(row, actor, reason, seen=getattr(row, "seen_at", None))


@admin.register(Product)
class ListingAdmin(ScopedAdmin, DecisionAdmin):
    """Listings, without their sizes; to be read and decided about, written only by their groups."""

    region_path = "vendor__home_region__path"
    queue_state = State.SUBMITTED
    queue_field = "submitted_at"
    refusals = (ReasonMissing, ListingError)
    decisions = (
        Decision("approve", _("Approve"), frozenset({State.SUBMITTED}), _approve, key="a", in_bulk=False),
        Decision(
            "ask_for_changes",
            _("Ask for changes"),
            frozenset({State.SUBMITTED, State.LIVE}),
            _ask_for_changes,
            needs_reason=True,
            key="c",
        ),
        Decision("reject", _("Reject"), frozenset({State.SUBMITTED}), _reject, needs_reason=True, key="r"),
    )
    list_display = ("title", "vendor", "region", "state", "price", "submitted_at")
    list_select_related = ("vendor__home_region", "region")
    list_filter = (StateFilter, LapsedFilter, "is_example")
    search_fields = ("title", "vendor__name", "region__name")
    ordering = (F("submitted_at").asc(nulls_last=True), "pk")
    fields = (
        "title",
        "vendor",
        "vendor_state",
        "region",
        "identified_product",
        "state",
        "gaps",
        "price",
        "sizes",
        "photos",
        "description",
        "words_language",
        "in_other_languages",
        "ingredients",
        "storage",
        "season",
        "lot_rule",
        "submitted_at",
        "published_at",
        "is_example",
    )
    readonly_fields = fields
    inlines = (ListingEventInline,)

    decision_fields = FIELDS

    def take_in(self, request: HttpRequest, row: Any) -> None:
        """Besides the version the fields that the note is about."""
        super().take_in(request, row)
        row.asked_fields = request.POST.getlist("fields")

    def saw(self, row: Any, version: str) -> None:
        """When what was read had been submitted."""
        row.seen_at = _moment(version)

    def page_context(self, row: Any) -> dict[str, Any]:
        """What is shown: the group may take it back and submit something else meanwhile."""
        is_waiting = row.state == State.SUBMITTED and row.submitted_at
        return {"seen_version": row.submitted_at.isoformat()} if is_waiting else {}

    def may_decide(self, user: Any) -> bool:
        """Staff with the right to review listings, and officers with that role."""
        return can_review(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_review(user, row.vendor)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Listings are written by their groups."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Texts are the group's; a moderator asks for changes."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Whole listings."""
        rows: Any = super().get_queryset(request)
        return rows.whole()

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The public page, where there is one."""
        return super().get_view_on_site_url(obj) if obj is None or obj.is_live else None

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One listing with what its page shows."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            stock = Prefetch("children", Product.objects.prefetch_related("stockrecords").order_by("pk"))
            photos = Prefetch("images", ProductImage.objects.order_by("display_order", "pk"))
            admin_rows = Product.objects.filter(pk=found.pk).select_related(
                "vendor__home_region", "region", "identified_product"
            )
            found = admin_rows.prefetch_related(stock, photos, "stockrecords").get()
        return found

    @admin.display(description=_("price"), ordering="price_from")
    def price(self, listing: Product) -> str:
        """The lowest price in its currency."""
        if listing.price_from is None:
            return "-"
        return format_price(listing.price_from, listing.price_currency)

    @admin.display(description=_("state of the group"))
    def vendor_state(self, listing: Product) -> str:
        """A listing of a group that is not approved cannot be approved."""
        return str(listing.vendor.get_state_display())

    @admin.display(description=_("still missing"))
    def gaps(self, listing: Product) -> str:
        """What review would refuse."""
        return ", ".join(str(gap) for gap in review.missing_parts(listing)) or "-"

    @admin.display(description=_("sizes and stock"))
    def sizes(self, listing: Product) -> str | SafeString:
        """Price and units of each size."""
        holders = list(listing.children.all()) or [listing]
        rows = [(size, record) for size in holders for record in size.stockrecords.all()]
        return format_html_join("", "<div>{}</div>", ((_stock_words(*row),) for row in rows)) or "-"

    @admin.display(description=_("in other languages"))
    def in_other_languages(self, listing: Product) -> str | SafeString:
        """Its words in each, and whether somebody who speaks it has read them."""
        shown = (
            (language_name(code), read_words(listing, code), code, text)
            for code, words in listing.translations.items()
            for text in words.values()
        )
        return format_html_join("", '<p><b>{}</b>, {}: <span lang="{}">{}</span></p>', shown) or "-"

    @admin.display(description=_("photos"))
    def photos(self, listing: Product) -> str | SafeString:
        """Photos side by side, each a link to the large one."""
        shown = (
            (photo.rendition_url(1280), photo.rendition_url(320), photo.alt_text)
            for photo in listing.images.all()
        )
        return format_html_join(" ", '<a href="{}"><img src="{}" alt="{}" width="240"></a>', shown) or "-"


def _moment(typed: str) -> datetime | None:
    try:
        return parse_datetime(typed)
    except ValueError:
        return None


def _stock_words(size: Product, record: StockRecord) -> SafeString:
    label = size.size_label or (
        f"{size.net_quantity.normalize():f} {size.net_unit}" if size.net_quantity else ""
    )
    price = format_price(record.price, record.price_currency)
    free = record.num_in_stock - record.num_allocated
    words = _("%(free)d free of %(all)d") % {"free": free, "all": record.num_in_stock}
    return format_html("{} {} · {}", label, price, words)
