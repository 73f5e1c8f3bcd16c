"""A notice is a row before it is a message, so that neither a broker nor a worker can lose it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def due(self, now: datetime) -> Self:
        """Notices that should be sent by themselves by now, oldest first."""
        waiting = self.filter(state=Notice.State.WAITING, is_gathered=False, send_after__lte=now)
        return waiting.order_by("send_after", "pk")

    def due_for_digest(self, now: datetime) -> Self:
        """Notices whose daily message should be made by now, and is not made yet."""
        gathered = self.filter(state=Notice.State.WAITING, is_gathered=True, digest=None)
        return gathered.filter(send_after__lte=now)

    def given_up(self) -> Self:
        """Notices that failed and that nobody has sent again; one in a daily message is that message's affair."""
        return self.filter(state=Notice.State.FAILED, digest=None, again=None)


class Notice(models.Model):
    """One message to one address about one event.

    key: unique words for event, recipient and channel; asking twice for the same notice changes nothing.
    context: values for the template, plain words only. Sending is repeated with growing pauses until it
    succeeds or max tries are spent; the message carries the key, so a provider can drop a repeat.
    is_gathered: goes out with others in one message a day, which is digest once that is made. resend_of: the notice
    that somebody of the staff sent again with this one. expires_at: of no use to its reader from then on.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        SUPPRESSED = "suppressed", _("not wanted")

    key = models.CharField(_("key"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=254)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.SET_NULL,
        related_name="notices",
        null=True,
        blank=True,
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    context = models.JSONField(_("values"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    send_after = models.DateTimeField(_("send after"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    expires_at = models.DateTimeField(_("of use until"), null=True, blank=True)
    is_gathered = models.BooleanField(_("for the daily message"), default=False)
    digest = models.ForeignKey(
        "self",
        verbose_name=_("sent with"),
        on_delete=models.PROTECT,
        related_name="items",
        null=True,
        blank=True,
    )
    resend_of = models.ForeignKey(
        "self",
        verbose_name=_("sends again"),
        on_delete=models.PROTECT,
        related_name="again",
        null=True,
        blank=True,
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        app_label = "communication"
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                name="notice_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(name="notice_has_address", condition=~Q(address="")),
            models.CheckConstraint(
                name="notice_resend_has_grounds",
                condition=Q(resend_of=None) | (Q(requested_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="notice_digest_of_gathered", condition=Q(digest=None) | Q(is_gathered=True)
            ),
        ]
        permissions = [("resend_notice", "Can send a notice again")]
        indexes = [
            models.Index(name="notice_waiting", fields=["send_after"], condition=Q(state="waiting")),
            models.Index(name="notice_newest", fields=["-created_at"]),
            models.Index(name="notice_failed", fields=["created_at"], condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return self.key


class NoticePreference(models.Model):
    """How one person wants to be reached; without a row the defaults below hold. The language stands on the person.

    quiet_from, quiet_until: times of day on the person's clock, both or neither; neither means those of the settings,
    equal ones none. time_zone: a name such as Asia/Tokyo; "" means that of the phone number. digest_hour: 0 to 23.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="notice_preference",
    )
    wants_email = models.BooleanField(_("by e-mail"), default=True)
    wants_sms = models.BooleanField(_("by SMS"), default=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    wants_digest = models.BooleanField(_("one message a day"), default=False)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily message"), default=18)

    class Meta:
        app_label = "communication"
        verbose_name = _("how a person is reached")
        verbose_name_plural = _("how people are reached")
        constraints = [
            models.CheckConstraint(
                name="preference_reaches", condition=Q(wants_email=True) | Q(wants_sms=True)
            ),
            models.CheckConstraint(
                name="preference_quiet_is_whole",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
            models.CheckConstraint(name="preference_hour", condition=Q(digest_hour__lte=23)),
        ]

    def __str__(self) -> str:
        return str(self.person)


class NoticeText(models.Model):
    """One version of a text that staff wrote in the place of a shipped one; appended, never edited.

    The newest row of a kind, channel and language counts. is_shipped: from here on the shipped text again.
    subject: e-mail only. text and subject hold placeholders such as {number}.
    """

    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Notice.Channel.choices)
    language = models.CharField(_("language"), max_length=8)
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    text = models.TextField(_("text"), blank=True)
    is_shipped = models.BooleanField(_("back to the shipped text"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        app_label = "communication"
        verbose_name = _("text of a notice")
        verbose_name_plural = _("texts of notices")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                name="notice_text_version", fields=["kind", "channel", "language", "version"]
            ),
            models.CheckConstraint(
                name="notice_text_says_something", condition=Q(is_shipped=True) | ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}.{self.channel}.{self.language} {self.version}"


from oscar.apps.communication.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first
