"""Corrections of certificates that are verified: what stood there, what stands there now, and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vendors.models.certificates import Certificate


class CertificateCorrection(models.Model):
    """One correction by the office, appended and never edited.

    version: the one that the certificate has since; each is made once. before, after: values by field, only those that
    differ, as vendors.selectors.corrections.snapshot() writes them. form_key: random, of the form that was sent.
    """

    certificate = models.ForeignKey(
        Certificate, verbose_name=_("certificate"), on_delete=models.PROTECT, related_name="corrections"
    )
    version = models.PositiveIntegerField()
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    reason = models.TextField(_("reason"))
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    corrected_at = models.DateTimeField(_("when"))
    form_key = models.CharField(max_length=40, unique=True, editable=False)

    class Meta:
        app_label = "partner"
        verbose_name = _("correction of a certificate")
        verbose_name_plural = _("corrections of certificates")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(name="certificate_version_once", fields=["certificate", "version"]),
            models.CheckConstraint(name="certificate_correction_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(_("version %(version)d") % {"version": self.version})
