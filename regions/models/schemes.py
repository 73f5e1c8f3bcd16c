"""Schemes and the products that they name for places."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models.places import Region


class Scheme(models.Model):
    """A programme that names the products of places, such as OGOP; one row also for what no programme names."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country = models.ForeignKey(
        Region,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        related_name="schemes",
        limit_choices_to={"level": "country"},
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["country", "code"]

    def __str__(self) -> str:
        return self.name


class IdentifiedProduct(models.Model):
    """A product that a scheme names for a place. When the source names no place, the place is the country."""

    scheme = models.ForeignKey(
        Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="identified_products"
    )
    region = models.ForeignKey(
        Region, verbose_name=_("place"), on_delete=models.PROTECT, related_name="identified_products"
    )
    name = models.CharField(_("product"), max_length=160)
    category = models.CharField(_("category"), max_length=60)
    sector = models.CharField(_("sector in the source"), max_length=60, blank=True)
    rank = models.CharField(_("rank in the list"), max_length=20, blank=True)
    year_of_source = models.PositiveSmallIntegerField(_("year of the source"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=255, blank=True)
    source = models.CharField(_("source"), max_length=400)

    class Meta:
        verbose_name = _("identified product")
        verbose_name_plural = _("identified products")
        ordering = ["region", "name"]
        constraints = [
            models.UniqueConstraint(name="identified_product_once", fields=["scheme", "region", "name"]),
        ]

    def __str__(self) -> str:
        return self.name
