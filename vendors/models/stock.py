"""What a group has in stock, at which price, and how it came to be so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord


class StockRecord(AbstractStockRecord):
    """Price and units of one listing or size. Units change only through vendors.services.stock.

    num_in_stock counts what lies in the store, num_allocated what is reserved for orders not yet shipped.
    low_stock_threshold: the group is told when no more than this is left for sale; the group's own number when None.
    sku_key: partner_sku as it is compared within the group (vendors.domain.sku), kept by the database.
    move_note travels with an UPDATE of the units ({why, by, reference, token}) to the trigger that writes the
    StockMovement, which empties it again: at rest it is always None.
    """

    num_in_stock = models.PositiveIntegerField(_("number in stock"), default=0)
    num_allocated = models.PositiveIntegerField(_("number reserved"), default=0)
    price = models.DecimalField(_("price"), decimal_places=2, max_digits=12)
    sku_key = models.GeneratedField(
        expression=Func(F("partner_sku"), function="partner_sku_key"),
        output_field=models.TextField(),
        db_persist=True,
    )
    move_note = models.JSONField(null=True, editable=False)
    low_told_movement = models.BigIntegerField(
        _("last movement when the group was told that little is left"), null=True, editable=False
    )

    class Meta(AbstractStockRecord.Meta):
        constraints = [
            # A product with two stock records would be charged at the price of whichever comes first.
            models.UniqueConstraint(name="stock_record_one_per_product", fields=["product"]),
            models.UniqueConstraint(name="stock_record_sku_once", fields=["partner", "sku_key"]),
            models.CheckConstraint(
                name="stock_record_never_oversold", condition=Q(num_allocated__lte=F("num_in_stock"))
            ),
            models.CheckConstraint(name="stock_record_price_is_positive", condition=Q(price__gt=0)),
        ]


class StockMovement(models.Model):
    """One change of a stock record's units, written by the database in the same statement and never edited.

    in_stock_change and reserved_change are signed units; in_stock and reserved what the row held afterwards. The sums
    of the changes equal the row at any time. reference: an order's number or a file's; token: of the form that asked
    for a change, so that it counts once.
    """

    class Why(models.TextChoices):
        OPENED = "opened", _("first number")
        RESERVED = "reserved", _("sold")
        RELEASED = "released", _("sale given up")
        SHIPPED = "shipped", _("sent")
        COUNTED = "counted", _("counted")
        CHANGED = "changed", _("added or taken away")
        RETURNED = "returned", _("came back")
        IMPORTED = "imported", _("from a file")
        CORRECTED = "corrected", _("corrected")

    id = models.BigAutoField(primary_key=True)
    stock_record = models.ForeignKey(
        StockRecord, verbose_name=_("stock record"), on_delete=models.CASCADE, related_name="movements"
    )
    in_stock_change = models.IntegerField(_("change in the store"))
    reserved_change = models.IntegerField(_("change of what is reserved"))
    in_stock = models.PositiveIntegerField(_("in the store"))
    reserved = models.PositiveIntegerField(_("reserved"))
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    reference = models.CharField(_("reference"), max_length=64, blank=True)
    token = models.CharField(_("form"), max_length=40, blank=True)
    moved_at = models.DateTimeField(_("when"))

    class Meta:
        app_label = "partner"
        verbose_name = _("movement of stock")
        verbose_name_plural = _("movements of stock")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="stock_movement_once_per_form",
                fields=["stock_record", "token"],
                condition=~Q(token=""),
            ),
            models.CheckConstraint(
                name="stock_movement_moves_something",
                condition=~Q(in_stock_change=0, reserved_change=0),
            ),
        ]
        indexes = [models.Index(name="stock_movement_history", fields=["stock_record", "-id"])]

    def __str__(self) -> str:
        return f"{self.stock_record_id}: {self.in_stock_change:+d}, {self.reserved_change:+d} ({self.why})"
