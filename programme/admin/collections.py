"""Collections in Django admin: words and days, and a page on which listings are found and put in order."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from catalogue.models import Product
from marketplace.lib.counting import count_for_each
from marketplace.lib.decision_admin import EventInline
from programme.admin.publications import PublicationAdmin, PublicationForm
from programme.errors import CurationError
from programme.models import Collection, CollectionEvent, CollectionListing
from programme.policies import can_edit
from programme.selectors.collections import chosen, findable
from programme.services.collections import add_listing, move_listing, remove_listing
from regions.policies import reach_of


class CollectionForm(PublicationForm):
    """Words and days of a collection."""

    class Meta:
        model = Collection
        fields = (
            "kind", "region", "starts_on", "ends_on", "title", "slug", "words", "title_hi", "words_hi", "title_dz",
            "words_dz",
        )  # fmt: skip

    def clean_region(self) -> Any:
        """What stands in it already comes from there."""
        region = super().clean_region()
        if region is not None and self.instance.pk:
            goods = Product.objects.filter(collections__collection=self.instance)
            stranger = goods.exclude(region__path__startswith=region.path).first()
            if stranger is not None:
                words = _("%(listing)s does not come from %(place)s. Take it out first.")
                values = {"listing": stranger.title, "place": region.name}
                raise forms.ValidationError(words % values, "elsewhere")
        return region


class CollectionEventInline(EventInline):
    """When it was published and taken back."""

    model = CollectionEvent


@admin.register(Collection)
class CollectionAdmin(PublicationAdmin):
    """Collections, newest first."""

    form = CollectionForm
    list_display = ("title", "kind", "region", "starts_on", "ends_on", "state", "size")
    list_filter = ("state", "kind")
    search_fields = ("title", "slug", "region__name")
    ordering = ("-starts_on", "-pk")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets: ClassVar[Any] = (
        (
            None,
            {"fields": ("kind", "region", ("starts_on", "ends_on"), "state", "published_at", "created_by")},
        ),
        (_("English"), {"fields": ("title", "slug", "words")}),
        (_("Hindi"), {"fields": ("title_hi", "words_hi")}),
        (_("Dzongkha"), {"fields": ("title_dz", "words_dz")}),
    )
    inlines: ClassVar[Any] = (CollectionEventInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of its listings."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.annotate(size=count_for_each(CollectionListing.objects.all(), "collection"))

    @admin.display(description=_("listings"))
    def size(self, collection: Collection) -> int:
        """How many were chosen."""
        return int(collection.size)  # type: ignore[attr-defined]  # annotated above

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """The address follows the title only while it is new."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_urls(self) -> list[URLPattern]:
        """The page of its listings beside the form."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.listings_view))
        page = path("<int:pk>/listings/", view, name="programme_collection_listings")
        found: list[URLPattern] = [page, *super().get_urls()]
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With the way to its listings."""
        context = {"listings_url": self._listings_url(object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """A new collection wants its listings next."""
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(self._listings_url(obj.pk))

    def listings_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stands in it, in order, with what shoppers do not see of it; ?q finds more. 404: outside of reach."""
        collection = self.get_object(request, str(pk))
        if collection is None or not self.has_view_permission(request, collection):
            raise Http404
        query = request.GET.get("q", "")
        if request.method == "POST":
            self._change(request, collection)
            return HttpResponseRedirect(request.get_full_path())
        may_edit = can_edit(request.user, collection)
        context = {
            **self.admin_site.each_context(request),
            "title": collection.title,
            "opts": self.opts,
            "collection": collection,
            "chosen": chosen(collection),
            "may_edit": may_edit,
            "found": findable(collection, query, request.user) if may_edit else [],
            "q": query,
        }
        return TemplateResponse(request, "admin/programme/collection_listings.html", context)

    def _change(self, request: HttpRequest, collection: Collection) -> None:
        what, number = request.POST.get("do", ""), request.POST.get("listing", "")
        key = int(number) if number.isdecimal() and len(number) < 19 else 0
        try:
            if what == "add":
                # What is found on the page; a draft of a group elsewhere would be called by its title here.
                on_sale = Product.objects.live().whole()
                within = on_sale.filter(reach_of(request.user).rows("region__path"))
                listing = within.select_related("region").filter(pk=key).first()
                if listing is None:
                    raise Http404
                add_listing(collection, listing, actor=request.user)
            elif what == "remove":
                remove_listing(collection, key, actor=request.user)
            elif what == "move":
                place = request.POST.get("place", "")
                move_listing(
                    collection, key, place=int(place) if place.isdecimal() else 0, actor=request.user
                )
        except CurationError as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)

    def _listings_url(self, pk: Any) -> str:
        return reverse(f"{self.admin_site.name}:programme_collection_listings", args=[pk])
