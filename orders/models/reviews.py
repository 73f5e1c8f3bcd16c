"""What buyers say of goods that they have, and what the groups answer. Both wait until somebody has read them."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from marketplace.lib.states import Moves, StateEvent
from orders.models.vendor_order import Line


class Spoken(models.Model):
    """Words of one side, published only when a moderator has read them. version: counts how often they were changed.

    What was refused may be written anew, what was taken down may not. written_by: None for a guest, who has proved the
    contact. submitted_at: since when it waits, or has waited.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for review")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")
        TAKEN_DOWN = "taken_down", _("taken down")

    MOVES: ClassVar[Moves] = {
        State.WAITING: frozenset({State.PUBLISHED, State.REFUSED}),
        State.PUBLISHED: frozenset({State.TAKEN_DOWN}),
        State.REFUSED: frozenset({State.WAITING}),
        State.TAKEN_DOWN: frozenset(),
    }

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    words = models.TextField(_("words"), max_length=2000)
    version = models.PositiveIntegerField(_("version"), default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("submitted at"))

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether who wrote it may write it otherwise."""
        return self.state in (self.State.WAITING, self.State.REFUSED)

    @property
    def reason(self) -> str:
        """Why the newest decision was taken; empty without one. No query where its events were read before."""
        events: Any = self.events  # type: ignore[attr-defined]  # both have a history of that name
        return next((event.reason for event in reversed(events.all())), "")


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reads of reviews."""

    def published(self) -> Self:
        """What the public sees."""
        return self.filter(state=Review.State.PUBLISHED)


class Review(Spoken):
    """What the buyer of one delivered line says of it; one for each line.

    stars: 1 to 5. name: as the buyer wants to be called; place: where the goods went, said where there is no name.
    bought_on: day of the order. is_former: whose it was has closed the account. No contact is kept here.
    """

    line = models.OneToOneField(
        Line, verbose_name=_("line"), on_delete=models.PROTECT, related_name="buyer_review"
    )
    listing = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.PROTECT, related_name="buyer_reviews"
    )
    stars = models.PositiveSmallIntegerField(_("stars"))
    title = models.CharField(_("title"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=40, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    bought_on = models.DateField(_("bought on"))
    is_former = models.BooleanField(_("by a former customer"), default=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        app_label = "order"
        default_permissions = ("view",)
        verbose_name = _("review of a buyer")
        verbose_name_plural = _("reviews of buyers")
        ordering = ["submitted_at", "pk"]
        permissions = [("decide_review", "Can decide about reviews of buyers and the answers to them")]
        constraints = [
            models.CheckConstraint(name="review_stars", condition=Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [
            models.Index(name="review_queue", fields=["submitted_at", "id"], condition=Q(state="waiting")),
            models.Index(
                name="review_of_listing",
                fields=["listing", "-submitted_at"],
                condition=Q(state="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stars} ★ {self.listing.title}"

    def get_absolute_url(self) -> str:
        """Its place on the page of the goods, among the newest there. The listing should have been read."""
        return f"{self.listing.get_absolute_url()}#review-{self.pk}"

    @property
    def by(self) -> str:
        """Whose it is, as everybody may read it."""
        if self.is_former:
            return str(_("A former customer"))
        if self.name:
            return self.name
        return str(_("A buyer from %(place)s") % {"place": self.place} if self.place else _("A buyer"))

    @property
    def full_and_empty(self) -> str:
        """The stars as signs."""
        return "★" * self.stars + "☆" * (5 - self.stars)


class ReviewAnswer(Spoken):
    """What the group answers to a published review; one for each."""

    review = models.OneToOneField(
        Review, verbose_name=_("review"), on_delete=models.PROTECT, related_name="answer"
    )

    class Meta:
        app_label = "order"
        default_permissions = ("view",)
        verbose_name = _("answer to a review")
        verbose_name_plural = _("answers to reviews")
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(name="answer_queue", fields=["submitted_at", "id"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return str(self.review)


class ReviewEvent(StateEvent):
    """A decision about a review."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "order"
        default_permissions = ()
        verbose_name = _("decision about a review")
        verbose_name_plural = _("decisions about reviews")


class ReviewAnswerEvent(StateEvent):
    """A decision about an answer."""

    answer = models.ForeignKey(
        ReviewAnswer, verbose_name=_("answer"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "order"
        default_permissions = ()
        verbose_name = _("decision about an answer")
        verbose_name_plural = _("decisions about answers")


def group_of(row: Any) -> Any:
    """The group that a review or an answer is about; the listing should have been read."""
    return (row.review if isinstance(row, ReviewAnswer) else row).listing.vendor
