"""Invoices and credit notes of the groups, numbered without gaps."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import VendorOrder
from payments.models.refunds import Refund
from vendors.models import Partner


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Reads of invoices and credit notes."""

    def visible_to(self, user: Any) -> Self:
        """Those of the groups this person belongs to, or all with the staff permission."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("payments.view_invoice"):
            return self
        return self.filter(vendor__memberships__user=user)


class Invoice(models.Model):
    """What a group bills for its part of an order, or takes back from that bill (credit note, one for each refund).

    sequence counts from 1 without a gap, for each group, kind and year of the group's country; number says it all.
    seller_* are copied, so that a group that moves does not change old papers. total in currency, tax included.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        CREDIT_NOTE = "credit_note", _("credit note")

    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="invoices"
    )
    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="invoices"
    )
    refund = models.ForeignKey(
        Refund, verbose_name=_("refund"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("sequence"))
    number = models.CharField(_("number"), max_length=32, unique=True)
    seller_name = models.CharField(_("seller"), max_length=128)
    seller_address = models.CharField(_("seller's address"), max_length=400, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    issued_at = models.DateTimeField(_("issued at"))

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="invoice_number_once", fields=["vendor", "kind", "year", "sequence"]
            ),
            models.UniqueConstraint(
                name="invoice_once_per_vendor_order", fields=["vendor_order"], condition=Q(kind="invoice")
            ),
            models.UniqueConstraint(
                name="credit_note_once_per_refund",
                fields=["refund", "vendor_order"],
                condition=Q(kind="credit_note"),
            ),
            models.CheckConstraint(
                name="invoice_credit_note_names_refund",
                condition=Q(kind="invoice", refund__isnull=True)
                | Q(kind="credit_note", refund__isnull=False),
            ),
            models.CheckConstraint(
                name="invoice_is_positive", condition=Q(total__gt=0, sequence__gt=0, year__gt=2000)
            ),
        ]

    def __str__(self) -> str:
        return self.number
