"""What offers took off an order, and who pays for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractOrderDiscount, AbstractOrderLineDiscount

from vendors.models import Partner


class OrderDiscount(AbstractOrderDiscount):
    """One offer on one order: Oscar's row, with the group that pays (none: the programme). amount: in its currency.

    offer_name: the title that the buyer was shown; message: what it takes off, such as "10 %". given_back_at: since then the use counts no more, as the order came
    to nothing; what stands on the order stays.
    """

    payer = models.ForeignKey(
        Partner,
        verbose_name=_("paid by the group"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    given_back_at = models.DateTimeField(_("use given back at"), null=True, blank=True)

    class Meta(AbstractOrderDiscount.Meta):
        constraints = [
            models.UniqueConstraint(name="order_discount_once_per_offer", fields=["order", "offer_id"]),
            models.CheckConstraint(name="order_discount_is_positive", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(name="order_discount_by_offer", fields=["offer_id"])]


class OrderLineDiscount(AbstractOrderLineDiscount):
    """The part of a discount that one line has. amount: tax included, as prices are."""

    class Meta(AbstractOrderLineDiscount.Meta):
        constraints = [
            models.UniqueConstraint(name="line_discount_once", fields=["line", "order_discount"]),
            models.CheckConstraint(name="line_discount_is_positive", condition=Q(amount__gt=0)),
        ]
