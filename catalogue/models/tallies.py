"""How many listings are on sale, kept as sums so that no page counts them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListingTally(models.Model):
    """A change of the number of whole listings on sale of a region, kind of group and root of the category tree.

    root: its path, or empty for all listings. Sums of change are the numbers. PostgreSQL appends a row with whatever puts a
    listing on sale or takes it away (migration 0048), so that no two of them wait for each other;
    catalogue.services.tallies puts one row in the place of many.
    """

    region = models.ForeignKey("regions.Region", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    root = models.CharField(max_length=4, blank=True)
    change = models.IntegerField()

    class Meta:
        verbose_name = _("number of listings")
        verbose_name_plural = _("numbers of listings")
        indexes = [models.Index(name="tally_by_root", fields=["root", "region"], include=["kind", "change"])]

    def __str__(self) -> str:
        return f"{self.region_id} {self.root} {self.change:+d}"
