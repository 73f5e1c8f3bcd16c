"""Loads of the reference data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferenceLoad(models.Model):
    """One load of the reference data that changed something or was the first of these files."""

    fingerprint = models.CharField(_("fingerprint of the files"), max_length=64)
    counts = models.JSONField(_("rows held after it"))
    loaded_at = models.DateTimeField(_("loaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("load of reference data")
        verbose_name_plural = _("loads of reference data")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.fingerprint[:12]} {self.loaded_at:%Y-%m-%d %H:%M}"
