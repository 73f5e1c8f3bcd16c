"""Reasons that moderators give again and again, ready in the languages of the groups."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CannedReason(models.Model):
    """Words that may be put into the note of a decision, to be edited there.

    kind: code of programme.queue.KINDS; decision: name of one of its decisions. code: the same for the same reason in all
    languages, so that a moderator reads the title in the own language and group or buyer the text in theirs. What is out of use
    stays, because notes hold its words.
    """

    kind = models.CharField(_("what it is about"), max_length=20)
    decision = models.CharField(_("decision"), max_length=30)
    code = models.SlugField(_("short name"), max_length=40)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    title = models.CharField(_("title, for the list"), max_length=60)
    text = models.TextField(_("words for the group"), max_length=600)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("ready reason")
        verbose_name_plural = _("ready reasons")
        ordering = ["kind", "position", "code", "language"]
        constraints = [
            models.UniqueConstraint(
                name="canned_reason_once", fields=["kind", "decision", "code", "language"]
            ),
        ]

    def __str__(self) -> str:
        return self.title
