"""Reports of misuse, and the cases in which they come together."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from marketplace.lib.states import Moves, StateEvent
from orders.models import Review
from regions.policies import reach_of
from vendors.models import Partner


class MisuseCaseQuerySet(models.QuerySet["MisuseCase"]):
    """Reads of cases."""

    def visible_to(self, user: Any) -> Self:
        """Cases about groups of the places of this person of the staff; a group never learns of its own."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        if not user.has_perm("programme.view_misusecase"):
            return self.none()
        return self.filter(reach_of(user).rows("vendor__home_region__path"))


# Of one thing so many reports are to be read before it is decided; more of them hold nobody up.
MOST_TO_READ = 50


def to_be_read(count: int) -> int:
    """How many of so many reports a moderator must have read: in a flood new ones come faster than anybody reads."""
    return min(count, MOST_TO_READ)


class MisuseCase(models.Model):
    """All that was reported about one thing until it is decided: a listing, what a buyer says of one, or the page of a group.

    vendor: whose thing it is, always set. Without a listing or a review it is the group's page itself. Of each thing at most one
    case is open. created_at: of the first report.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be decided")
        UNFOUNDED = "unfounded", _("nothing wrong")
        CHANGES = "changes", _("changes asked for")
        TAKEN_DOWN = "taken_down", _("taken off")

    MOVES: ClassVar[Moves] = {
        State.OPEN: frozenset({State.UNFOUNDED, State.CHANGES, State.TAKEN_DOWN}),
        State.UNFOUNDED: frozenset(),
        State.CHANGES: frozenset(),
        State.TAKEN_DOWN: frozenset(),
    }

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="misuse_cases"
    )
    listing = models.ForeignKey(
        Product,
        verbose_name=_("listing"),
        on_delete=models.PROTECT,
        related_name="misuse_cases",
        null=True,
        blank=True,
    )
    review = models.ForeignKey(
        Review,
        verbose_name=_("review of a buyer"),
        on_delete=models.PROTECT,
        related_name="misuse_cases",
        null=True,
        blank=True,
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(_("first reported at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = MisuseCaseQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("report of misuse")
        verbose_name_plural = _("reports of misuse")
        ordering = ["created_at", "pk"]
        permissions = [("decide_misusecase", "Can decide reports of misuse")]
        constraints = [
            models.UniqueConstraint(
                name="misuse_one_open_per_listing", fields=["listing"], condition=Q(state="open")
            ),
            models.UniqueConstraint(
                name="misuse_one_open_per_group",
                fields=["vendor"],
                condition=Q(state="open", listing__isnull=True, review__isnull=True),
            ),
            models.UniqueConstraint(
                name="misuse_one_open_per_review", fields=["review"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="misuse_about_one_thing", condition=Q(listing__isnull=True) | Q(review__isnull=True)
            ),
            models.CheckConstraint(
                name="misuse_decided_has_time",
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="misuse_queue", fields=["created_at", "id"], condition=Q(state="open")),
            models.Index(name="misuse_decided", fields=["decided_at"], condition=~Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.thing

    @property
    def thing(self) -> str:
        """What was reported, in words. Group, listing and review should have been read."""
        if self.review:
            return str(self.review)
        return str(self.listing.title if self.listing else self.vendor.name)

    @property
    def kind_words(self) -> str:
        """What kind of thing it is."""
        if self.review_id:
            return str(_("review of a buyer"))
        return str(_("listing") if self.listing_id else _("page of a group"))

    @property
    def url(self) -> str:
        """Its page in the shop, whether or not it is still there."""
        if self.review:
            return self.review.get_absolute_url()
        return self.listing.get_absolute_url() if self.listing else self.vendor.get_absolute_url()


class MisuseReport(models.Model):
    """What one visitor says is wrong. reporter: a keyed hash of person or browser, so that each counts once.

    contact: where the visitor wants to hear what was decided, in normal form; wiped some days after the decision, as
    person is. No page shows it.
    """

    class Reason(models.TextChoices):
        COPIED = "copied", _("a photo or text that belongs to somebody else")
        FALSE = "false", _("a wrong origin or another false claim")
        UNSAFE = "unsafe", _("unsafe or forbidden goods")
        INSULTING = "insulting", _("insulting or hateful")
        OTHER = "other", _("something else")

    case = models.ForeignKey(
        MisuseCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="reports"
    )
    reason = models.CharField(_("what is wrong"), max_length=10, choices=Reason.choices)
    words = models.TextField(_("in the visitor's words"), max_length=1000, blank=True)
    contact = models.CharField(_("contact"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    reporter = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("reported at"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("words of a visitor")
        verbose_name_plural = _("words of visitors")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="misuse_report_once", fields=["case", "reporter"]),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class MisuseEvent(StateEvent):
    """A decision about a case."""

    case = models.ForeignKey(
        MisuseCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        default_permissions = ()
        verbose_name = _("decision about a report")
        verbose_name_plural = _("decisions about reports")
