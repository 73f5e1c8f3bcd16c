"""What a group has in stock, and at which price."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord


class StockRecord(AbstractStockRecord):
    """Price and units of one listing or size. Units change only through vendors.services.stock.

    num_in_stock counts what lies in the store, num_allocated what is reserved for orders not yet shipped.
    """

    num_in_stock = models.PositiveIntegerField(_("number in stock"), default=0)
    num_allocated = models.PositiveIntegerField(_("number reserved"), default=0)
    price = models.DecimalField(_("price"), decimal_places=2, max_digits=12)

    class Meta(AbstractStockRecord.Meta):
        constraints = [
            # A product with two stock records would be charged at the price of whichever comes first.
            models.UniqueConstraint(name="stock_record_one_per_product", fields=["product"]),
            models.CheckConstraint(
                name="stock_record_never_oversold", condition=Q(num_allocated__lte=F("num_in_stock"))
            ),
            models.CheckConstraint(name="stock_record_price_is_positive", condition=Q(price__gt=0)),
        ]
