"""What the programme asks of a group before it may sell, and what was said and shown for it."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regions.policies import reach_of
from vendors.models.vendor import Partner


class GroupDocumentQuerySet(models.QuerySet["GroupDocument"]):
    """Reads of papers: they name people and accounts."""

    def visible_to(self, user: Any) -> Self:
        """Papers of the own groups; for staff who look at papers those of their places."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_staff and user.has_perm("partner.verify_papers"):
            return self.filter(reach_of(user).rows("vendor__home_region__path"))
        return self.filter(vendor__memberships__user=user)


class GroupDocument(models.Model):
    """One page of a paper, photographed and re-encoded; kept in the private storage, which no address leads to.

    name: in that storage. digest: of the upload, so that a form sent twice adds it once.
    """

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("registration certificate")
        IDENTITY = "identity", _("identity card of the chair")
        FOOD_LICENCE = "food_licence", _("food licence")
        CERTIFICATE = "certificate", _("certificate of our goods")
        PASSBOOK = "passbook", _("first page of the passbook")
        OTHER = "other", _("another paper")

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(_("fingerprint of the upload"), max_length=64, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = GroupDocumentQuerySet.as_manager()

    class Meta:
        app_label = "partner"
        verbose_name = _("paper of a group")
        verbose_name_plural = _("papers of groups")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(name="group_document_once", fields=["vendor", "kind", "digest"])
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


class RequirementQuerySet(models.QuerySet["Requirement"]):
    """Reads of requirements."""

    def asked_of(self, kind: str) -> Self:
        """What is asked of a group of this kind, in the programme's order."""
        asked = Q(kinds__contains=[kind]) | Q(kinds=[])
        return self.filter(asked, is_active=True).order_by("position", "pk")


class Requirement(models.Model):
    """One line of the programme's checklist.

    check: for a computed one what is counted, for others the key of our own words, which may be empty. number: how
    many of it are enough. kinds: of groups, empty for all. words: the programme's own, instead of ours.
    """

    class Basis(models.TextChoices):
        COMPUTED = "computed", _("counted from what the group has entered")
        ATTESTED = "attested", _("the group says so")
        VERIFIED = "verified", _("staff have looked at a paper")

    basis = models.CharField(_("how it is met"), max_length=10, choices=Basis.choices)
    check_name = models.CharField(_("what is counted, or which words"), max_length=40, blank=True)
    number = models.PositiveIntegerField(_("how many are enough"), default=1)
    document_kind = models.CharField(
        _("paper to look at"), max_length=16, choices=GroupDocument.Kind.choices, blank=True
    )
    kinds = ArrayField(
        models.CharField(max_length=16, choices=Partner.Kind.choices),
        verbose_name=_("asked of"),
        default=list,
        blank=True,
    )
    words = models.CharField(_("words (English)"), max_length=200, blank=True)
    words_hi = models.CharField(_("words (Hindi)"), max_length=200, blank=True)
    words_dz = models.CharField(_("words (Dzongkha)"), max_length=200, blank=True)
    is_required = models.BooleanField(_("needed"), default=True)
    is_active = models.BooleanField(_("in force"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        app_label = "partner"
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="requirement_verified_names_paper",
                condition=~Q(basis="verified") | ~Q(document_kind=""),
            ),
            models.CheckConstraint(
                name="requirement_computed_names_check", condition=~Q(basis="computed") | ~Q(check_name="")
            ),
            models.CheckConstraint(
                name="requirement_says_something", condition=~Q(check_name="") | ~Q(words="")
            ),
            models.CheckConstraint(name="requirement_number_is_positive", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return self.own_words or self.check_name

    @property
    def own_words(self) -> str:
        """The programme's words in the active language, else in English; empty when ours are to be used."""
        return str(getattr(self, f"words_{get_language()}", "") or self.words)

    def clean(self) -> None:
        """Say in words what the constraints would refuse."""
        super().clean()
        if self.basis == self.Basis.VERIFIED and not self.document_kind:
            raise ValidationError({"document_kind": _("Choose the paper that staff look at.")})
        if self.basis == self.Basis.COMPUTED and not self.check_name:
            raise ValidationError({"check_name": _("Choose what is counted.")})
        if not self.check_name and not self.words:
            raise ValidationError({"words": _("Write what is asked.")})
        if self.number == 0:
            raise ValidationError({"number": _("At least one.")})


class RequirementMark(models.Model):
    """What somebody said about a requirement of a group; appended, never edited: the newest one counts.

    name: as typed by whoever attests. document: the paper that was looked at.
    """

    class Action(models.TextChoices):
        ATTESTED = "attested", _("said by the group")
        VERIFIED = "verified", _("checked")
        WAIVED = "waived", _("waived")
        TAKEN_BACK = "taken_back", _("taken back")

    COUNTING: ClassVar[frozenset[str]] = frozenset({Action.ATTESTED, Action.VERIFIED, Action.WAIVED})

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="requirement_marks"
    )
    requirement = models.ForeignKey(
        Requirement, verbose_name=_("requirement"), on_delete=models.PROTECT, related_name="marks"
    )
    action = models.CharField(_("what"), max_length=10, choices=Action.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+", null=True
    )
    on_behalf_of = models.CharField(_("on behalf of"), max_length=128, blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    document = models.ForeignKey(
        GroupDocument,
        verbose_name=_("paper"),
        on_delete=models.SET_NULL,
        related_name="marks",
        null=True,
        blank=True,
    )
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        app_label = "partner"
        verbose_name = _("word on a requirement")
        verbose_name_plural = _("words on requirements")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="requirement_mark_no_has_reason", condition=~Q(action="waived") | ~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.requirement}"
