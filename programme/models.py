"""What the programme office looks at: no tables of its own, only rights and addresses in the admin."""

from django.utils.translation import gettext_lazy as _

from regions.models import Region, Scheme


class SchemeCoverage(Scheme):
    """A scheme, seen by which places it has reached."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("coverage of a scheme")
        verbose_name_plural = _("coverage")


class CountryImpact(Region):
    """A country, seen by what the programme has brought to its producers."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("impact in a country")
        verbose_name_plural = _("impact")
