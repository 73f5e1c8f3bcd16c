"""Files that must go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeftFile(models.Model):
    """A file of the private storage that nothing names; its row goes when the file has gone.

    Written in the transaction that forgets the file, or before a file is made, so that a crash leaves none for ever.
    due_at: from then on it may be taken away.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    due_at = models.DateTimeField(_("to be removed from"), db_index=True)

    class Meta:
        verbose_name = _("file to be removed")
        verbose_name_plural = _("files to be removed")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
