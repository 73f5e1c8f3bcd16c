"""Nominations: a place proposes a product to a scheme, the place above recommends, the centre approves."""

from collections.abc import Sequence
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import Moves, StateEvent
from regions.models.committees import CommitteeMeeting
from regions.models.places import Region
from regions.models.protected_names import GeographicalIndication
from regions.models.schemes import IdentifiedProduct, Scheme


class NominationQuerySet(models.QuerySet["Nomination"]):
    """Reads of nominations; which ones a person may read is asked of regions.selectors.nominations."""

    def open(self) -> Self:
        """Those about which nobody has the last word yet."""
        return self.filter(state__in=Nomination.OPEN)

    def with_places(self) -> Self:
        """With scheme, places and the product that is replaced, as decisions and lists need them."""
        return self.select_related("scheme__country", "region", "recommending_region", "replaces", "gi")


class Proposal(models.Model):
    """What is proposed, on which grounds; at least one ground is named.

    ecosystem: who makes it there already. export_list: the list of an export hub on which it stands. gi: its protected
    name. other_grounds: any other. replaces: the product of the same scheme and place that ends when this one begins.
    """

    name = models.CharField(_("product"), max_length=160)
    category = models.CharField(_("category"), max_length=60)
    ecosystem = models.TextField(_("who makes it there already"), blank=True)
    export_list = models.TextField(_("export list on which it stands"), blank=True)
    gi = models.ForeignKey(
        GeographicalIndication,
        verbose_name=_("protected name"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    other_grounds = models.TextField(_("other grounds"), blank=True)
    replaces = models.ForeignKey(
        IdentifiedProduct,
        verbose_name=_("in place of"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_has_grounds",
                condition=~Q(ecosystem="") | ~Q(export_list="") | ~Q(other_grounds="") | Q(gi__isnull=False),
            ),
            models.CheckConstraint(name="%(class)s_names_product", condition=~Q(name="") & ~Q(category="")),
            models.CheckConstraint(name="%(class)s_version_counts", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def grounds(self) -> Sequence[tuple[str | Promise, str]]:
        """Heading and words of each ground that is named; gi must have been read."""
        words = [
            ("ecosystem", self.ecosystem),
            ("export_list", self.export_list),
            ("gi", self.gi.name if self.gi else ""),
            ("other_grounds", self.other_grounds),
        ]
        heading = self._meta.get_field
        return [(heading(name).verbose_name, text) for name, text in words if text]  # type: ignore[union-attr]


# What a version keeps, and the nomination shows as it stands now.
PROPOSED_FIELDS: Sequence[str] = (
    "name",
    "category",
    "ecosystem",
    "export_list",
    "gi",
    "other_grounds",
    "replaces",
)


class Nomination(Proposal):
    """A product that a place proposes to a scheme; the newest version stands here, each one in NominationVersion.

    recommending_region: the place above that recommends; None where the scheme sends proposals to the centre at once.
    version: grows each time that it is handed in anew. proposed_by: who handed in the newest version; recommended_by: who
    recommended that version. effective_on: from which day the product is that of the place, in the country's own days.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        RECOMMENDED = "recommended", _("recommended")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Moves] = {
        State.PROPOSED: frozenset(
            {State.RECOMMENDED, State.RETURNED, State.APPROVED, State.REFUSED, State.WITHDRAWN}
        ),
        State.RECOMMENDED: frozenset({State.RETURNED, State.APPROVED, State.REFUSED, State.WITHDRAWN}),
        State.RETURNED: frozenset({State.PROPOSED, State.WITHDRAWN}),
        State.APPROVED: frozenset(),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
    OPEN: ClassVar[tuple[str, ...]] = (State.PROPOSED, State.RECOMMENDED, State.RETURNED)
    # Where somebody above the place has to decide.
    WAITING: ClassVar[tuple[str, ...]] = (State.PROPOSED, State.RECOMMENDED)

    scheme = models.ForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="nominations"
    )
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="nominations"
    )
    recommending_region = models.ForeignKey(
        Region,
        verbose_name=_("recommended by the place"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recommended by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"))
    created_at = models.DateTimeField(_("begun at"), auto_now_add=True)

    objects = NominationQuerySet.as_manager()

    class Meta(Proposal.Meta):
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ["-handed_in_at", "-pk"]
        permissions = [
            ("propose_nomination", "Can propose products for places"),
            ("recommend_nomination", "Can recommend nominations"),
            ("approve_nomination", "Can approve nominations"),
        ]
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(
                F("scheme"),
                F("region"),
                Lower("name"),
                name="nomination_open_once",
                condition=Q(state__in=("proposed", "recommended", "returned")),
            ),
            models.UniqueConstraint(
                name="nomination_replaces_once",
                fields=["replaces"],
                condition=Q(state__in=("proposed", "recommended", "returned"), replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="nomination_recommended_by_another", condition=~Q(recommended_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="nomination_approved_by_another",
                condition=~Q(approved_by=F("proposed_by")) & ~Q(approved_by=F("recommended_by")),
            ),
            models.CheckConstraint(
                name="nomination_approved_from_a_day",
                condition=Q(state="approved", approved_by__isnull=False, effective_on__isnull=False)
                | (~Q(state="approved") & Q(approved_by__isnull=True, effective_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="nomination_recommended_by_somebody",
                condition=~Q(state__in=("recommended", "approved"))
                | Q(recommended_by__isnull=False)
                | Q(state="approved", recommending_region__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="nomination_queue",
                fields=["handed_in_at"],
                condition=Q(state__in=("proposed", "recommended")),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether nobody has the last word yet."""
        return self.state in self.OPEN

    @property
    def waits_for_recommendation(self) -> bool:
        """Whether the place above has to speak before the centre approves."""
        return self.state == self.State.PROPOSED and self.recommending_region_id is not None


class NominationVersion(Proposal):
    """A nomination as it was handed in once, appended and never edited. form_key: random, of the form that did so."""

    nomination = models.ForeignKey(
        Nomination, verbose_name=_("nomination"), on_delete=models.PROTECT, related_name="versions"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("handed in by"), on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.CharField(max_length=40, unique=True, editable=False)
    created_at = models.DateTimeField(_("handed in at"), auto_now_add=True)

    class Meta(Proposal.Meta):
        verbose_name = _("version of a nomination")
        verbose_name_plural = _("versions of nominations")
        ordering = ["nomination", "-version"]
        constraints = [
            *Proposal.Meta.constraints,
            models.UniqueConstraint(name="nomination_version_once", fields=["nomination", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.name}"


class NominationFile(models.Model):
    """A photo of a paper behind a nomination, written anew, in the private storage. version: with which it came."""

    nomination = models.ForeignKey(
        Nomination, verbose_name=_("nomination"), on_delete=models.PROTECT, related_name="files"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("file"), max_length=120, editable=False)
    digest = models.CharField(_("fingerprint of the upload"), max_length=64, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("uploaded by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("paper of a nomination")
        verbose_name_plural = _("papers of nominations")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="nomination_file_once", fields=["nomination", "digest"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class NominationEvent(StateEvent):
    """A move of a nomination. version: which one it was about; the words of who decided are its reason.

    meeting: of the committee that decided so.
    """

    nomination = models.ForeignKey(
        Nomination, verbose_name=_("nomination"), on_delete=models.PROTECT, related_name="events"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    meeting = models.ForeignKey(
        CommitteeMeeting,
        verbose_name=_("meeting"),
        on_delete=models.PROTECT,
        related_name="decisions",
        null=True,
        blank=True,
    )

    class Meta(StateEvent.Meta):
        verbose_name = _("decision about a nomination")
        verbose_name_plural = _("decisions about nominations")
        indexes = [models.Index(name="nomination_event_newest", fields=["created_at"])]
