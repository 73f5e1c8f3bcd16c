"""Coverage in the admin: a view of schemes, without a table of its own."""

from django.utils.translation import gettext_lazy as _

from regions.models import Scheme


class SchemeCoverage(Scheme):
    """A scheme, seen by which places it has reached."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("coverage of a scheme")
        verbose_name_plural = _("coverage")
