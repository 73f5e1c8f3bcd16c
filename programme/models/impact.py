"""Impact in the admin: a view of countries, without a table of its own."""

from django.utils.translation import gettext_lazy as _

from regions.models import Region


class CountryImpact(Region):
    """A country, seen by what the programme has brought to its producers."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("impact in a country")
        verbose_name_plural = _("impact")
