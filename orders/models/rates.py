"""What the programme and the state take of a sale: commission rules and tax rates, each valid from day to day."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from vendors.models import Partner


class RateQuerySet(models.QuerySet[Any]):
    """Reads of rules that are valid from day to day."""

    def on(self, day: date) -> Self:
        """Those valid on this day, of which both ends are included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class DatedRate(models.Model):
    """A rate, as a fraction, that is valid from a day to a day, both included; days are the group's country's.

    Sales freeze the rate of their day, so that a rate that has begun is not edited: it ends, and another follows.
    """

    rate = models.DecimalField(
        _("rate"), max_digits=5, decimal_places=4, help_text=_("A fraction: 0.08 is 8 percent.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; empty while no end is known.")
    )
    note = models.CharField(_("note"), max_length=140, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    objects = RateQuerySet.as_manager()

    class Meta:
        abstract = True

    def has_begun(self, day: date) -> bool:
        """Whether a sale may have been made at this rate by that day."""
        return self.valid_from <= day

    def clean(self) -> None:
        """Refuse an end before the beginning."""
        if self.valid_until and self.valid_from and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": _("The last day lies before the first.")})


class CommissionRule(DatedRate):
    """The programme's part of sales of a group, of a category with all below it, of a listing, or of all sales.

    The most specific one counts: listing, then group and category, group, category, all. Of two alike, the deeper
    category, then the one that began later. Without any, settings.COMMISSION_RATE counts.
    """

    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        related_name="commission_rules",
        null=True,
        blank=True,
    )
    category = models.ForeignKey(
        "catalogue.Category",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    product = models.ForeignKey(
        Product, verbose_name=_("listing"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        app_label = "order"
        verbose_name = _("commission rule")
        verbose_name_plural = _("commission rules")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="commission_rule_is_a_fraction", condition=Q(rate__gte=0, rate__lte=1)
            ),
            models.CheckConstraint(
                name="commission_rule_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="commission_rule_of_listing_stands_alone",
                condition=Q(product__isnull=True) | Q(vendor__isnull=True, category__isnull=True),
            ),
            models.UniqueConstraint(
                name="commission_rule_once",
                fields=["vendor", "category", "product", "valid_from"],
                nulls_distinct=False,
                violation_error_message=_("There is a rule for the same from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.rate:%}"

    def clean(self) -> None:
        """Refuse a rule of a listing that names more."""
        super().clean()
        if self.product_id and (self.vendor_id or self.category_id):
            raise ValidationError(_("A rule for a listing names neither group nor category."))

    @property
    def subject(self) -> str:
        """Which kind of rule it is, in words of the record (English)."""
        if self.product_id:
            return "listing"
        kinds = ["group" if self.vendor_id else "", "category" if self.category_id else ""]
        return " and ".join(kind for kind in kinds if kind) or "all sales"


class TaxRate(DatedRate):
    """The tax of a country on goods, delivery, or the programme's service (commission), under the tax's own name.

    Goods may have rates by category, with all below it; the deepest counts. Prices contain the tax of goods and
    delivery; that of the commission is kept back beside it. Where no rate is known, none is reckoned.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", _("goods")
        DELIVERY = "delivery", _("delivery")
        COMMISSION = "commission", _("commission")

    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166: BT, IN, TH."))
    kind = models.CharField(_("on"), max_length=10, choices=Kind.choices)
    category = models.ForeignKey(
        "catalogue.Category",
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    name = models.CharField(_("name"), max_length=20, help_text=_("As bills say it: GST, VAT."))

    class Meta:
        app_label = "order"
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["country", "kind", "-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(name="tax_rate_is_a_fraction", condition=Q(rate__gte=0, rate__lte=1)),
            models.CheckConstraint(
                name="tax_rate_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="tax_rate_names_a_country", condition=Q(country__regex=r"^[A-Z][A-Z]$")
            ),
            models.CheckConstraint(
                name="tax_rate_by_category_is_on_goods",
                condition=Q(category__isnull=True) | Q(kind="goods"),
            ),
            models.UniqueConstraint(
                name="tax_rate_once",
                fields=["country", "kind", "category", "valid_from"],
                nulls_distinct=False,
                violation_error_message=_("There is a rate for the same from that day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.country} {self.kind} {self.rate:%}"
