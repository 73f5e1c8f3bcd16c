"""Producer groups (Oscar's Partner) and the decisions about them."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractPartner

from marketplace.lib.dates import today_in
from marketplace.lib.states import Moves, StateEvent
from marketplace.lib.translated import Translated, language_field, marks_field, translations_field
from regions.policies import reach_of


class VendorQuerySet(models.QuerySet["Partner"]):
    """Reads of producer groups."""

    def public(self) -> Self:
        """Groups that shoppers may see: approved ones."""
        return self.filter(state=Partner.State.APPROVED)

    def visible_to(self, user: Any) -> Self:
        """Groups this person may work for: the own ones, and for staff those of their places."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        own = Q(pk__in=Partner.objects.filter(memberships__user=user).values("pk"))
        if user.is_staff and user.has_perm("partner.view_partner"):
            return self.filter(own | reach_of(user).rows("home_region__path"))
        return self.filter(own)


class Partner(AbstractPartner, Translated):
    """A vendor: producer group, co-operative, artisan or the programme's own shop. Screens say *producer group*.

    closed_from, closed_until: both days included; open orders go on meanwhile. begun_key: random, of the form with
    which an application was begun, so that it begins one group however often it is sent. submitted_at: last time.
    """

    class Kind(models.TextChoices):
        PRODUCER_GROUP = "producer_group", _("producer group")
        FARMERS_GROUP = "farmers_group", _("farmers' group")
        COOPERATIVE = "cooperative", _("co-operative")
        SELF_HELP_GROUP = "self_help_group", _("self-help group")
        ARTISAN = "artisan", _("artisan")
        AGGREGATOR = "aggregator", _("aggregator")
        PROGRAMME_SHOP = "programme_shop", _("programme's own shop")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPLIED = "applied", _("applied")
        RETURNED = "returned", _("returned with remarks")
        APPROVED = "approved", _("approved")
        SUSPENDED = "suspended", _("suspended")
        CLOSED = "closed", _("closed for good")

    TRANSLATED = ("summary", "story")
    MOVES: ClassVar[Moves] = {
        State.DRAFT: frozenset({State.APPLIED, State.CLOSED}),
        State.APPLIED: frozenset({State.APPROVED, State.RETURNED, State.CLOSED}),
        State.RETURNED: frozenset({State.APPLIED, State.CLOSED}),
        State.APPROVED: frozenset({State.SUSPENDED, State.CLOSED}),
        State.SUSPENDED: frozenset({State.APPROVED, State.CLOSED}),
        State.CLOSED: frozenset(),
    }

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.PRODUCER_GROUP)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.APPLIED)
    home_region = models.ForeignKey(
        "regions.Region", verbose_name=_("home place"), on_delete=models.PROTECT, related_name="vendors"
    )
    summary = models.CharField(_("in one line"), max_length=160, blank=True)
    story = models.TextField(_("story"), blank=True)
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    member_count = models.PositiveIntegerField(_("members"), null=True, blank=True)
    household_count = models.PositiveIntegerField(_("households"), null=True, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone number"), max_length=16, blank=True)
    language = models.CharField(_("language of its notices"), max_length=8, default="en")
    address = models.CharField(_("postal address"), max_length=255, blank=True)
    food_licence = models.CharField(_("food licence number"), max_length=40, blank=True)
    closed_from = models.DateField(_("closed from"), null=True, blank=True)
    closed_until = models.DateField(_("closed until"), null=True, blank=True)
    closure_message = models.CharField(_("what shoppers are told about it"), max_length=200, blank=True)
    begun_key = models.CharField(max_length=40, unique=True, null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    low_stock_default = models.PositiveSmallIntegerField(_("tell when this many are left"), default=2)
    is_example = models.BooleanField(_("example"), default=False)
    words_language = language_field()
    translations = translations_field()
    translation_marks = marks_field()

    objects = VendorQuerySet.as_manager()

    class Meta(AbstractPartner.Meta):
        verbose_name = _("producer group")
        verbose_name_plural = _("producer groups")
        permissions = [
            *AbstractPartner.Meta.permissions,
            ("decide_partner", "Can decide about groups"),
            ("verify_papers", "Can look at papers of groups and say that they are right"),
            ("apply_for_group", "Can apply on behalf of a group"),
        ]
        constraints = [
            models.CheckConstraint(
                name="vendor_closure_is_whole",
                condition=Q(closed_from__isnull=True, closed_until__isnull=True)
                | Q(closed_from__lte=F("closed_until")),
            ),
            models.CheckConstraint(
                name="vendor_approved_has_time", condition=~Q(state="approved") | Q(approved_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="vendor_newest", fields=["-approved_at"], condition=Q(state="approved")),
            models.Index(name="vendor_queue", fields=["submitted_at", "id"], condition=Q(state="applied")),
        ]

    def get_absolute_url(self) -> str:
        """The group's public page."""
        return reverse("vendor-detail", kwargs={"code": self.code})

    def is_closed_on(self, day: date) -> bool:
        """Whether the group takes no orders on this day (of its own country)."""
        return bool(self.closed_from and self.closed_until and self.closed_from <= day <= self.closed_until)

    @property
    def today(self) -> date:
        """The date in the group's own country, by which it closes and opens. The home region must have been read."""
        return today_in(self.home_region.country_code)


class VendorEvent(StateEvent):
    """A decision about a group."""

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "partner"
        verbose_name = _("decision about a group")
        verbose_name_plural = _("decisions about groups")
        indexes = [models.Index(name="vendor_event_newest", fields=["created_at"])]
