"""Invitations into a group, sent to a phone number or an e-mail address."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.contacts import masked
from marketplace.lib.states import Moves, StateEvent
from vendors.models.members import Membership
from vendors.models.vendor import Partner

_SIGNER = signing.Signer(salt="vendors.invitation", sep=".")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def open_now(self) -> Self:
        """Those that can be accepted at this moment."""
        return self.filter(state=Invitation.State.OPEN, expires_at__gt=timezone.now())

    def run_out_since(self, day: datetime) -> Self:
        """The last one of each contact that ran out after this moment, without a newer one; the latest first."""
        ended = Q(state=Invitation.State.EXPIRED) | Q(state=Invitation.State.OPEN)
        newer = Invitation.objects.filter(
            vendor=OuterRef("vendor"), contact=OuterRef("contact"), pk__gt=OuterRef("pk")
        )
        rows = self.filter(ended, ~Exists(newer), expires_at__gt=day, expires_at__lte=timezone.now())
        return rows.order_by("-expires_at", "pk")


class Invitation(models.Model):
    """A person asked into a group in a role. Its link shows it; only a code sent to the contact accepts it.

    contact: in normal form (people.models.normal_contact), whether anybody has an account with it or not.
    sent_count: messages sent so far.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    MOVES: ClassVar[Moves] = {
        State.OPEN: frozenset({State.ACCEPTED, State.WITHDRAWN, State.EXPIRED}),
    }

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="invitations"
    )
    name = models.CharField(_("name"), max_length=150)
    contact = models.CharField(_("contact"), max_length=254)
    role = models.CharField(_("role"), max_length=12, choices=Membership.Role.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("invited by"), on_delete=models.PROTECT, related_name="+"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    sent_count = models.PositiveSmallIntegerField(_("messages sent"), default=1)
    created_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        app_label = "partner"
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                name="invitation_open_once", fields=["vendor", "contact"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(name="invitation_runs_out", fields=["expires_at"], condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted now; time ends it before the sweeper writes so."""
        return self.state == self.State.OPEN and self.expires_at > timezone.now()

    @property
    def token(self) -> str:
        """What its link carries: the key, signed, so that nobody finds others by counting."""
        return _SIGNER.sign(str(self.pk))

    @property
    def masked_contact(self) -> str:
        """Enough of the contact for its owner."""
        return masked(self.contact)


def pk_of_token(token: str) -> int | None:
    """The invitation that a link names, or None for a link that is not ours."""
    try:
        return int(_SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


class InvitationEvent(StateEvent):
    """A move of an invitation."""

    invitation = models.ForeignKey(
        Invitation, verbose_name=_("invitation"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "partner"
        verbose_name = _("move of an invitation")
        verbose_name_plural = _("moves of invitations")
