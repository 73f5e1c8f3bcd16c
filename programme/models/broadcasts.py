"""Messages of the office to groups: written, looked at, sent to an audience that is fixed when sending begins."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import Moves, StateEvent
from marketplace.lib.words import language_name
from programme.domain.audiences import Words
from regions.policies import reach_of
from vendors.models import Certificate, Partner


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    """Reads of messages."""

    def visible_to(self, user: Any) -> Self:
        """Messages to places of this person; one to all places is there only for whoever works everywhere."""
        if not user.is_authenticated or not user.has_perm("programme.view_broadcast"):
            return self.none()
        return self.filter(reach_of(user).rows("region__path"))

    def under_way(self) -> Self:
        """Messages that wait for the worker, oldest first."""
        return self.filter(state=Broadcast.State.SENDING).order_by("pk")


class Broadcast(models.Model):
    """One message to members of groups.

    texts: by language {"subject", "text", "short"}; English is always there, and read by whoever reads no other of them.
    region: groups at home there or below; None for all places. kind, group_state, language, certificate_state narrow
    further where they are not empty; certificate_kind empty stands for any kind; certificate_days: of RUNNING_OUT only.
    version: grows with every change, so that only what was read is sent. form_key: random, of the form that began it.
    person_count, group_count: of the audience, from the time at which it is fixed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("waits for a second person")
        SENDING = "sending", _("is being sent")
        SENT = "sent", _("sent")
        STOPPED = "stopped", _("stopped")

    class Readers(models.TextChoices):
        CHAIRS = "chairs", _("chairs")
        MANAGERS = "managers", _("chairs and bookkeepers")
        MEMBERS = "members", _("all members")

    class Standing(models.TextChoices):
        NONE = "none", _("none handed in or verified")
        VALID = "valid", _("valid today")
        RUNNING_OUT = "running_out", _("runs out soon, and nothing follows")
        ENDED = "ended", _("ended, and none is valid today")

    MOVES: ClassVar[Moves] = {
        State.DRAFT: frozenset({State.PROPOSED, State.SENDING, State.STOPPED}),
        State.PROPOSED: frozenset({State.DRAFT, State.SENDING, State.STOPPED}),
        State.SENDING: frozenset({State.SENT, State.STOPPED}),
        State.SENT: frozenset(),
        State.STOPPED: frozenset(),
    }

    texts = models.JSONField(_("words"))
    is_important = models.BooleanField(_("important: goes out at night too"), default=False)
    region = models.ForeignKey(
        "regions.Region",
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    kind = models.CharField(_("kind of group"), max_length=16, choices=Partner.Kind.choices, blank=True)
    group_state = models.CharField(
        _("state of the group"),
        max_length=10,
        choices=Partner.State.choices,
        default=Partner.State.APPROVED,
        blank=True,
    )
    language = models.CharField(_("language of the reader"), max_length=8, blank=True)
    certificate_kind = models.CharField(
        _("certificate"), max_length=10, choices=Certificate.Kind.choices, blank=True
    )
    certificate_state = models.CharField(_("its state"), max_length=12, choices=Standing.choices, blank=True)
    certificate_days = models.PositiveSmallIntegerField(_("runs out within days"), default=60)
    readers = models.CharField(
        _("who reads it"), max_length=10, choices=Readers.choices, default=Readers.MEMBERS
    )
    to_contacts = models.BooleanField(_("and the group's own contacts"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    form_key = models.CharField(max_length=40, unique=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    person_count = models.PositiveIntegerField(_("readers"), null=True, blank=True)
    group_count = models.PositiveIntegerField(_("groups"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    started_at = models.DateTimeField(_("sending began"), null=True, blank=True)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to groups")
        verbose_name_plural = _("messages to groups")
        default_permissions = ("view",)
        permissions = [
            ("send_broadcast", "Can write and send messages to groups"),
            ("send_important_broadcast", "Can send messages that go out at night too"),
        ]
        constraints = [
            models.CheckConstraint(
                name="broadcast_sent_is_fixed",
                condition=~Q(state__in=("sending", "sent"))
                | Q(started_at__isnull=False, person_count__isnull=False, group_count__isnull=False),
            ),
            models.CheckConstraint(
                name="broadcast_second_person", condition=Q(approved_by=None) | ~Q(approved_by=F("author"))
            ),
        ]
        indexes = [
            models.Index(name="broadcast_newest", fields=["-created_at", "-id"]),
            models.Index(
                name="broadcast_at_work", fields=["id"], condition=Q(state__in=("proposed", "sending"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.texts["en"]["subject"])

    @property
    def languages(self) -> list[str]:
        """Codes of the languages that it is written in."""
        return list(self.texts)

    def words_for(self, language: str) -> tuple[str, Words]:
        """The language in which somebody reads it who wishes for this one, and the words."""
        known = language if language in self.texts else "en"
        return known, Words(**self.texts[known])

    @property
    def language_name(self) -> str:
        """The language of its readers by name; empty for any."""
        return language_name(self.language)

    @property
    def notice_kind(self) -> str:
        """Its code in notices.kinds."""
        return "broadcast_important" if self.is_important else "broadcast"

    @property
    def notice_key(self) -> str:
        """What the keys of its notices begin with, before the sign ":"."""
        return f"broadcast:{self.pk}"


class BroadcastEvent(StateEvent):
    """A step of a message."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.PROTECT, related_name="events")

    class Meta(StateEvent.Meta):
        verbose_name = _("step of a message")
        verbose_name_plural = _("steps of messages")


class BroadcastRecipient(models.Model):
    """One reader, fixed when sending begins: a person with one of her or his groups, or a group's own contacts."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not queued yet")
        QUEUED = "queued", _("queued")
        UNREACHABLE = "unreachable", _("cannot be reached")
        # Has left the group, say, or the group the place, since sending began.
        LEFT_OUT = "left_out", _("no reader of it any more")
        BROKEN = "broken", _("could not be queued")

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    vendor = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)

    class Meta:
        verbose_name = _("reader of a message")
        verbose_name_plural = _("readers of messages")
        constraints = [
            models.UniqueConstraint(
                name="broadcast_person_once",
                fields=["broadcast", "person"],
                condition=Q(person__isnull=False),
            ),
            models.UniqueConstraint(
                name="broadcast_contact_once", fields=["broadcast", "vendor"], condition=Q(person=None)
            ),
        ]
        indexes = [
            models.Index(name="broadcast_to_queue", fields=["broadcast", "id"], condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.broadcast_id}: {self.person or self.vendor}"
