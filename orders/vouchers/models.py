"""Vouchers: a code and the one offer that it gives. Their days, limits and payer are the offer's."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.voucher.abstract_models import AbstractVoucher, AbstractVoucherSet


class VoucherSet(AbstractVoucherSet):
    """The codes of an offer that each count for one order. count: how many there are.

    fetched_at: when the file of them was first handed out; it can be had again for minutes only.
    """

    offer = models.OneToOneField(
        "offer.ConditionalOffer",
        verbose_name=_("offer"),
        on_delete=models.PROTECT,
        related_name="code_set",
    )
    fetched_at = models.DateTimeField(_("codes fetched at"), null=True, blank=True)

    class Meta(AbstractVoucherSet.Meta):
        verbose_name = _("set of codes")
        verbose_name_plural = _("sets of codes")


class Voucher(AbstractVoucher):
    """Oscar's voucher. num_orders of one in a set is 1 while an order has it; what Oscar counts else is not used."""

    class Meta(AbstractVoucher.Meta):
        constraints = [
            models.CheckConstraint(
                name="voucher_of_a_set_used_once",
                condition=Q(voucher_set__isnull=True)
                | Q(usage=AbstractVoucher.SINGLE_USE, num_orders__lte=1),
            ),
        ]

    @property
    def is_used(self) -> bool:
        """Whether an order has it and no other may; never of a code for many orders."""
        return bool(self.voucher_set_id is not None and self.num_orders)


from oscar.apps.voucher.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first
