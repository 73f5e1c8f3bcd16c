"""Stories: pages about a place, about those who make something there, or about what they make."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib.former_slugs import FormerSlug
from marketplace.lib.states import StateEvent
from marketplace.lib.stored_photos import StoredPhoto
from programme.models.publications import Publication, PublicationQuerySet, published_at_some_time
from regions.models import IdentifiedProduct, Region
from vendors.models import Partner


class StoryQuerySet(PublicationQuerySet["Story"]):
    """Reads of stories."""

    def newest_first(self) -> Self:
        """In the order of lists."""
        return self.order_by("-published_at", "-pk")

    def about_place(self, region: Region) -> Self:
        """Published ones about the place or what lies below it, newest first."""
        return self.published().filter(region__path__startswith=region.path).newest_first()

    def about_group(self, vendor: Partner) -> Self:
        """Published ones about the group, newest first."""
        return self.published().filter(vendor=vendor).newest_first()


class Story(Publication):
    """A page to read. Texts are plain, with the little markup of programme.domain.markup.

    vendor: the group that it is about, which is named while it is approved. told_by: who wrote it, as readers see it.
    """

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        related_name="stories",
        null=True,
        blank=True,
    )
    product = models.ForeignKey(
        IdentifiedProduct,
        verbose_name=_("product the place is known for"),
        on_delete=models.SET_NULL,
        related_name="stories",
        null=True,
        blank=True,
    )
    title = models.CharField(_("title (English)"), max_length=100)
    title_hi = models.CharField(_("title (Hindi)"), max_length=100, blank=True)
    title_dz = models.CharField(_("title (Dzongkha)"), max_length=100, blank=True)
    summary = models.CharField(_("in one sentence (English)"), max_length=200)
    summary_hi = models.CharField(_("in one sentence (Hindi)"), max_length=200, blank=True)
    summary_dz = models.CharField(_("in one sentence (Dzongkha)"), max_length=200, blank=True)
    body = models.TextField(_("text (English)"), max_length=10_000)
    body_hi = models.TextField(_("text (Hindi)"), max_length=10_000, blank=True)
    body_dz = models.TextField(_("text (Dzongkha)"), max_length=10_000, blank=True)
    told_by = models.CharField(_("told by"), max_length=80, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-created_at", "-pk"]
        permissions = [("publish_story", "Can publish stories and take them back")]
        default_permissions = ("add", "change", "view")
        constraints = [published_at_some_time("story_published_at")]
        indexes = [
            models.Index(
                name="story_newest", fields=["-published_at", "-id"], condition=Q(state="published")
            ),
            models.Index(name="story_begun", fields=["-created_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page."""
        return reverse("story-detail", args=[self.slug])


class FormerStorySlug(FormerSlug):
    """A word under which a story was found before."""

    page = models.ForeignKey(
        Story, verbose_name=_("story"), on_delete=models.CASCADE, related_name="former_slugs"
    )

    class Meta(FormerSlug.Meta):
        verbose_name = _("address of before of a story")
        verbose_name_plural = _("addresses of before of stories")


class StoryEvent(StateEvent):
    """A story was published or taken back."""

    story = models.ForeignKey(Story, verbose_name=_("story"), on_delete=models.PROTECT, related_name="events")

    class Meta(StateEvent.Meta):
        verbose_name = _("decision about a story")
        verbose_name_plural = _("decisions about stories")


class StoryPhoto(StoredPhoto):
    """A photo of a story."""

    story = models.ForeignKey(Story, verbose_name=_("story"), on_delete=models.CASCADE, related_name="photos")

    class Meta(StoredPhoto.Meta):
        verbose_name = _("photo of a story")
        verbose_name_plural = _("photos of stories")
        default_permissions = ()
        constraints = [
            # The same form sent twice adds its photo once.
            models.UniqueConstraint(name="story_photo_once", fields=["story", "digest"]),
        ]
