"""Differences between orders, attempts, ledger and provider, each with an owner and an age."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Difference(models.Model):
    """Two places that should say the same and do not; open until a later run finds them equal.

    key: names place and subject, such as "ledger:order:17"; open at most once. expected, found: in currency.
    """

    class Area(models.TextChoices):
        ORDERS = "orders", _("orders")
        ATTEMPTS = "attempts", _("payment attempts")
        LEDGER = "ledger", _("ledger")
        PROVIDER = "provider", _("provider's balance")
        PAYOUTS = "payouts", _("payouts")

    key = models.CharField(_("key"), max_length=120)
    area = models.CharField(_("area"), max_length=10, choices=Area.choices)
    subject = models.CharField(_("about"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    expected = models.DecimalField(_("expected"), max_digits=14, decimal_places=2)
    found = models.DecimalField(_("found"), max_digits=14, decimal_places=2)
    detail = models.CharField(_("what differs"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    resolved_at = models.DateTimeField(_("gone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["first_seen_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="difference_open_once", fields=["key"], condition=Q(resolved_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.key
