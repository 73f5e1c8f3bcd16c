"""Who works for a group, and in which role."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vendors.models.vendor import Partner


class Membership(models.Model):
    """A person's role in a group; one person may serve several groups."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        BOOKKEEPER = "bookkeeper", _("bookkeeper")
        PACKER = "packer", _("packer")

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        app_label = "partner"
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(name="membership_once", fields=["vendor", "user"])]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class MemberEvent(models.Model):
    """One change of who works for a group, appended and never edited. An empty role: not a member then."""

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="member_events"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    from_role = models.CharField(_("role before"), max_length=12, choices=Membership.Role.choices, blank=True)
    to_role = models.CharField(_("role after"), max_length=12, choices=Membership.Role.choices, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        app_label = "partner"
        verbose_name = _("change of members")
        verbose_name_plural = _("changes of members")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_role} > {self.to_role}"
