"""Stories in Django admin: the texts, and a page for the photos."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from marketplace.lib.decision_admin import EventInline
from marketplace.lib.photos import PictureRefused
from programme.admin.publications import PublicationAdmin, PublicationForm
from programme.errors import CurationError
from programme.models import Story, StoryEvent
from programme.policies import can_edit
from programme.services.story_photos import add_photo, remove_photo, show_first
from regions.models import IdentifiedProduct
from vendors.models import Partner


class StoryForm(PublicationForm):
    """Texts, and what the story is about."""

    vendor = forms.CharField(
        label=_("Group"), required=False, max_length=128, help_text=_("Name or code of an approved group.")
    )
    product_name = forms.CharField(
        label=_("Product the place is known for"),
        required=False,
        max_length=160,
        help_text=_("Its name as the list has it, for this place or one below it."),
    )

    class Meta:
        model = Story
        fields = (
            "region", "vendor", "title", "slug", "summary", "body", "told_by", "title_hi", "summary_hi", "body_hi",
            "title_dz", "summary_dz", "body_dz",
        )  # fmt: skip
        help_texts = {
            "body": _(
                "A blank line ends a paragraph. “## ” begins a heading, “- ” a point of a list; [words](/places/BT-11/) "
                "leads to a page of ours."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        story = self.instance
        self.initial["vendor"] = story.vendor.code if story.vendor else ""
        self.initial["product_name"] = story.product.name if story.product else ""

    def clean_vendor(self) -> Partner | None:
        """An approved group that this person may see."""
        words = self.cleaned_data["vendor"].replace("\0", "").strip()
        if not words:
            return None
        groups = Partner.objects.visible_to(self.user).public()
        found = list(groups.filter(code__iexact=words)[:1]) or list(groups.filter(name__iexact=words)[:2])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(_("No approved group is called so, or several. Write its code."))

    def clean(self) -> dict[str, Any]:
        """The product is one of the place."""
        given = super().clean()
        name, region = given.get("product_name", ""), given.get("region")
        self.instance.product = None
        if name:
            found = IdentifiedProduct.objects.begun().filter(name__iexact=name)
            # The one of today comes before one that has ended.
            found = found.order_by(F("ended_on").desc(nulls_first=True), "region__path", "pk")
            if region is not None:
                found = found.filter(region__path__startswith=region.path)
            self.instance.product = found.first()
            if self.instance.product is None:
                self.add_error("product_name", _("No list names this product for the place."))
        return given


class StoryEventInline(EventInline):
    """When it was published and taken back."""

    model = StoryEvent


@admin.register(Story)
class StoryAdmin(PublicationAdmin):
    """Stories, newest first."""

    form = StoryForm
    list_display = ("title", "region", "vendor", "state", "published_at", "created_by")
    list_filter = ("state",)
    list_select_related = ("region", "vendor", "created_by")
    search_fields = ("title", "slug", "region__name", "vendor__name")
    ordering = ("-created_at", "-pk")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": (
                    "region",
                    "vendor",
                    "product_name",
                    "told_by",
                    "state",
                    "published_at",
                    "created_by",
                )
            },
        ),
        (_("English"), {"fields": ("title", "slug", "summary", "body")}),
        (_("Hindi"), {"fields": ("title_hi", "summary_hi", "body_hi")}),
        (_("Dzongkha"), {"fields": ("title_dz", "summary_dz", "body_dz")}),
    )
    inlines: ClassVar[Any] = (StoryEventInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the form names."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("region", "vendor", "product")

    @admin.display(description=_("product the place is known for"))
    def product_name(self, story: Story) -> str:
        """For those who may only read."""
        return story.product.name if story.product else "-"

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """The address follows the title only while it is new."""
        return {} if obj else dict(self.prepopulated_fields)

    def get_urls(self) -> list[URLPattern]:
        """The page of its photos beside the form."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.photos_view))
        page = path("<int:pk>/photos/", view, name="programme_story_photos")
        found: list[URLPattern] = [page, *super().get_urls()]
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With the way to its photos."""
        address = reverse(f"{self.admin_site.name}:programme_story_photos", args=[object_id])
        context = {"photos_url": address, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def photos_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Photos in order, a form for one more. 404: outside of reach."""
        story = self.get_object(request, str(pk))
        if story is None or not self.has_view_permission(request, story):
            raise Http404
        if request.method == "POST":
            self._change(request, story)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": story.title,
            "opts": self.opts,
            "story": story,
            "photos": list(story.photos.all()),
            "may_edit": can_edit(request.user, story),
        }
        return TemplateResponse(request, "admin/programme/story_photos.html", context)

    def _change(self, request: HttpRequest, story: Story) -> None:
        what, number = request.POST.get("do", ""), request.POST.get("photo", "")
        key = int(number) if number.isdecimal() and len(number) < 19 else 0
        try:
            if what == "remove":
                remove_photo(story, key, actor=request.user)
            elif what == "first":
                show_first(story, key, actor=request.user)
            elif what == "add":
                upload = request.FILES.get("file")
                if upload is None:
                    raise CurationError(_("Choose a photo."))
                add_photo(story, upload, alt_text=request.POST.get("alt_text", ""), actor=request.user)
        except (CurationError, PictureRefused) as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
