"""Certificates of groups: what is proved by whom, for which goods of which place, and until when."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import Moves, StateEvent
from regions.days import today_between, today_from
from regions.policies import reach_of
from vendors.models.application import GroupDocument
from vendors.models.vendor import Partner


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Reads of certificates."""

    def visible_to(self, user: Any) -> Self:
        """Certificates of the own groups; for staff who read them those of their places."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(vendor__in=Partner.objects.filter(memberships__user=user).values("pk"))
        if user.is_staff and user.has_perm("partner.view_certificate"):
            return self.filter(own | reach_of(user).rows("vendor__home_region__path"))
        return self.filter(own)

    def valid_now(self) -> Self:
        """Verified ones that hold on this day of their group's own country; no query of its own.

        The day is asked of the clock each time, so that nobody has to touch a row when one ends.
        """
        today = today_between("valid_from", "valid_until", path="vendor__home_region__path")
        return self.filter(today, state=Certificate.State.VERIFIED)

    def begun(self) -> Self:
        """Those whose first day has come in their group's own country, whatever became of them; as valid_now."""
        return self.filter(today_from("valid_from", path="vendor__home_region__path"))


class Certificate(models.Model):
    """What somebody attests of a group's goods; only a verified one counts, from its first day to the end of its last.

    gi: the protected name that a GI authorised user may use. goods: words parted by commas, as "turmeric, haldi".
    region: the goods come from there or from below. Products and goods together are the scope; both empty stands for
    all food of the group, and only a food licence may be so. Dates are those of the group's country. last_warning:
    days before the end of which the group was told last. version: one more with each correction. form_key: random, of the form that handed it in.
    """

    class Kind(models.TextChoices):
        GI = "gi", _("GI, authorised user")
        FSSAI = "fssai", _("food licence (FSSAI)")
        BFDA = "bfda", _("food licence (BFDA)")
        ORGANIC = "organic", _("organic")
        OTHER = "other", _("another certificate")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("with the office")
        VERIFIED = "verified", _("verified")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Moves] = {
        State.SUBMITTED: frozenset({State.VERIFIED, State.REFUSED, State.WITHDRAWN}),
        State.VERIFIED: frozenset({State.WITHDRAWN}),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
    SEALS: ClassVar[dict[str, str]] = {
        Kind.GI: "GI",
        Kind.FSSAI: "FS",
        Kind.BFDA: "FS",
        Kind.ORGANIC: "ORG",
        Kind.OTHER: "C",
    }
    FOOD_LICENCES: ClassVar[tuple[str, ...]] = (Kind.FSSAI, Kind.BFDA)
    COUNTING: ClassVar[tuple[str, ...]] = (State.SUBMITTED, State.VERIFIED)

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="certificates"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SUBMITTED)
    number = models.CharField(_("number"), max_length=60)
    holder = models.CharField(_("holder, as printed"), max_length=160)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    gi = models.ForeignKey(
        "regions.GeographicalIndication",
        verbose_name=_("protected name"),
        on_delete=models.PROTECT,
        related_name="certificates",
        null=True,
        blank=True,
    )
    products = models.ManyToManyField(
        "regions.IdentifiedProduct",
        verbose_name=_("products it covers"),
        related_name="certificates",
        blank=True,
    )
    goods = models.CharField(_("words of the goods it covers"), max_length=200, blank=True)
    region = models.ForeignKey(
        "regions.Region",
        verbose_name=_("goods come from"),
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    document = models.ForeignKey(
        GroupDocument,
        verbose_name=_("paper"),
        on_delete=models.PROTECT,
        related_name="certificates",
        null=True,
        blank=True,
    )
    form_key = models.CharField(max_length=40, unique=True, null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    last_warning = models.PositiveSmallIntegerField(null=True, editable=False)
    submitted_at = models.DateTimeField(_("handed in at"))
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        app_label = "partner"
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["kind", "-valid_until", "pk"]
        constraints = [
            models.CheckConstraint(
                name="certificate_gi_names_it",
                condition=Q(kind="gi", gi__isnull=False) | (~Q(kind="gi") & Q(gi__isnull=True)),
            ),
            models.CheckConstraint(
                name="certificate_days_in_order", condition=Q(valid_from__lte=F("valid_until"))
            ),
            models.CheckConstraint(name="certificate_has_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="certificate_verified_by_somebody",
                condition=~Q(state="verified") | Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="certificate_once",
                fields=["vendor", "kind", "number", "valid_until"],
                condition=Q(state__in=("submitted", "verified")),
            ),
        ]
        indexes = [
            models.Index(name="certificate_ending", fields=["valid_until"], condition=Q(state="verified")),
            models.Index(name="certificate_queue", fields=["submitted_at"], condition=Q(state="submitted")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def seal(self) -> str:
        """Two or three letters that stand in the seal."""
        return self.SEALS[self.kind]

    @property
    def covers(self) -> str:
        """Products and words of its scope; empty for all food of the group. One query unless products were prefetched."""
        return ", ".join(filter(None, [*(product.name for product in self.products.all()), self.goods]))

    @property
    def today(self) -> date:
        """The date in the group's country. The group must have been read with its home region."""
        return self.vendor.today

    @property
    def is_valid(self) -> bool:
        """Whether it counts today; as today, no query."""
        return self.state == self.State.VERIFIED and self.valid_from <= self.today <= self.valid_until

    @property
    def has_ended(self) -> bool:
        """Whether its last day is over in the group's country."""
        return self.today > self.valid_until


class CertificateEvent(StateEvent):
    """A decision about a certificate."""

    certificate = models.ForeignKey(
        Certificate, verbose_name=_("certificate"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "partner"
        verbose_name = _("decision about a certificate")
        verbose_name_plural = _("decisions about certificates")
        indexes = [models.Index(name="certificate_event_newest", fields=["created_at"])]
