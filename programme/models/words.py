"""Wrong words of the interface, as readers report them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WordReport(models.Model):
    """A word that a reader found wrong on a page. page: address without language; reporter: tells visitors apart and names nobody."""

    language = models.CharField(_("language"), max_length=8)
    page = models.CharField(_("page"), max_length=200, blank=True)
    wrong = models.CharField(_("what stands there"), max_length=300)
    better = models.CharField(_("what should stand there"), max_length=300, blank=True)
    reporter = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("reported at"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("wrong word")
        verbose_name_plural = _("wrong words, and what is translated")
        ordering = ["-created_at", "-pk"]
        permissions = [("read_translation", "Can say that words in a language are right")]
        constraints = [
            # The same form sent twice is one report.
            models.UniqueConstraint(
                name="word_report_once", fields=["reporter", "language", "wrong", "better"]
            ),
            models.CheckConstraint(
                name="word_report_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="word_report_open", fields=["created_at"], condition=Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.wrong
