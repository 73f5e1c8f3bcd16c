"""Who is looking at what: a lock, so that two persons never decide about one thing."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.lib.spans import span_words


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Reads of claims."""

    def in_force(self, now: datetime) -> Self:
        """Those that still hold; one whose time is over counts for nothing and may be taken over."""
        return self.filter(until__gt=now)


class Claim(models.Model):
    """One thing in the queue is with one person, until a moment or until it is decided or put back.

    kind: code of programme.queue.KINDS; object_id: key of its row. Whoever has the row has the thing: it is taken by
    inserting, or by an UPDATE that only fits one whose time is over.
    """

    kind = models.CharField(_("kind"), max_length=20)
    object_id = models.BigIntegerField(_("number"))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("with"), on_delete=models.CASCADE, related_name="+"
    )
    taken_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))

    objects = ClaimQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("item of moderation")
        verbose_name_plural = _("moderation")
        constraints = [models.UniqueConstraint(name="claim_once", fields=["kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

    @property
    def until_words(self) -> str:
        """Until when it holds, as clock and as span: "20:15, 14 minutes from now"."""
        time = date_format(timezone.localtime(self.until), "H:i")
        span = span_words(timezone.now(), self.until)
        return gettext("%(time)s, %(span)s from now") % {"time": time, "span": span}
