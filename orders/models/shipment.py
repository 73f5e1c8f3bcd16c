"""What a group packs (packages) and hands to one carrier (shipments)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Shipment(models.Model):
    """Packages of one vendor order handed to one carrier: a courier's number, or a vehicle and its driver.

    code: six digits that group and buyer know; whoever takes the goods from the vehicle says them, and the goods count
    as received. Empty for a courier. wrong_codes: how often something else was said by people who may not see the order;
    own_wrong_codes: by its buyer or its group. received_at: by the code.
    reminded_at: that the rest of the vendor order, which did not leave with this shipment, is waited for.
    """

    class Carrier(models.TextChoices):
        COURIER = "courier", _("post or courier")
        VEHICLE = "vehicle", _("bus or taxi")

    vendor_order = models.ForeignKey(
        "order.VendorOrder",
        verbose_name=_("vendor order"),
        on_delete=models.PROTECT,
        related_name="shipments",
    )
    carrier = models.CharField(_("how it goes"), max_length=8, choices=Carrier.choices)
    courier_name = models.CharField(_("courier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("courier number"), max_length=60, blank=True)
    vehicle_number = models.CharField(_("vehicle"), max_length=30, blank=True)
    driver_name = models.CharField(_("driver"), max_length=80, blank=True)
    driver_phone = models.CharField(_("driver's phone"), max_length=16, blank=True)
    shipped_at = models.DateTimeField(_("handed over at"))
    code = models.CharField(_("hand-over code"), max_length=6, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    own_wrong_codes = models.PositiveSmallIntegerField(_("wrong codes of buyer and group"), default=0)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded of the rest at"), null=True, blank=True)

    class Meta:
        app_label = "order"
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.CheckConstraint(
                name="shipment_can_be_followed",
                condition=(Q(carrier="courier") & ~Q(tracking_number=""))
                | (Q(carrier="vehicle") & ~Q(vehicle_number="")),
            ),
        ]
        ordering = ["shipped_at", "pk"]

    def __str__(self) -> str:
        return self.tracking_number or self.vehicle_number


class Package(models.Model):
    """Units that one group has packed together; it leaves whole, once.

    place: counted within the vendor order from 1, and never used again, so that a page that names it means no other.
    """

    vendor_order = models.ForeignKey(
        "order.VendorOrder", verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="packages"
    )
    place = models.PositiveSmallIntegerField(_("number"))
    shipment = models.ForeignKey(
        Shipment,
        verbose_name=_("shipment"),
        on_delete=models.PROTECT,
        related_name="packages",
        null=True,
        blank=True,
    )
    packed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("packed by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    packed_at = models.DateTimeField(_("packed at"))

    class Meta:
        app_label = "order"
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(name="package_place_once", fields=["vendor_order", "place"]),
        ]

    def __str__(self) -> str:
        return str(self.place)


class PackageLine(models.Model):
    """Units of one order line in a package."""

    package = models.ForeignKey(
        Package, verbose_name=_("package"), on_delete=models.CASCADE, related_name="lines"
    )
    line = models.ForeignKey(
        "order.Line", verbose_name=_("line"), on_delete=models.PROTECT, related_name="package_lines"
    )
    quantity = models.PositiveIntegerField(_("units"))

    class Meta:
        app_label = "order"
        verbose_name = _("content of a package")
        verbose_name_plural = _("contents of packages")
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(name="package_line_once", fields=["package", "line"]),
            models.CheckConstraint(name="package_line_is_not_empty", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line}"
