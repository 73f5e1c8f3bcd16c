"""Impact in the admin: a view of countries, without a table of its own; and what the public was told of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.models import Region


class CountryImpact(Region):
    """A country, seen by what the programme has brought to its producers."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("impact in a country")
        verbose_name_plural = _("impact")


class PublishedImpact(models.Model):
    """One public table of a year as it was published when a month was over; never changed afterwards.

    country: its code. month: the last one that it counts, 1 to 12. by: programme.selectors.impact.By. rows: figures by row,
    null where hidden, the total last. told: for no page; what is known from it and those before it, as
    programme.domain.veil.Told, with what each group had in each figure, so that the next table can be compared with it.
    """

    country = models.CharField(_("country"), max_length=2)
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"))
    by = models.CharField(_("rows"), max_length=10)
    currency = models.CharField(_("currency"), max_length=3)
    rows = models.JSONField(_("figures"))
    told = models.JSONField(_("what is known"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("published impact")
        verbose_name_plural = _("published impact")
        default_permissions = ()
        ordering = ["country", "by", "currency", "-year", "-month"]
        constraints = [
            models.UniqueConstraint(
                name="published_impact_once", fields=["country", "by", "currency", "year", "month"]
            ),
            models.CheckConstraint(
                name="published_impact_month", condition=Q(month__gte=1) & Q(month__lte=12)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.year}-{self.month:02} {self.by} {self.currency}"
