"""Where a group lets its buyers pay in cash at hand-over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from vendors.models import Partner


class CashRule(models.Model):
    """A group delivers against cash to addresses in a region, and to everything below it."""

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.CASCADE, related_name="cash_rules"
    )
    region = models.ForeignKey(
        Region, verbose_name=_("to addresses in"), on_delete=models.PROTECT, related_name="cash_rules"
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("cash on delivery")
        verbose_name_plural = _("cash on delivery")
        ordering = ["vendor", "region"]
        constraints = [
            models.UniqueConstraint(name="cash_rule_once", fields=["vendor", "region"]),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} > {self.region}"
