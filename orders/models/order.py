"""Orders: one checkout and one payment."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress
from oscar.apps.order.abstract_models import AbstractOrder

from marketplace.lib.states import Moves, StateEvent


class OrderQuerySet(models.QuerySet["Order"]):
    """Reads of orders."""

    def visible_to(self, user: Any) -> Self:
        """Orders this person placed, or all with the staff permission; guests prove a contact instead."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("order.view_order"):
            return self
        return self.filter(user=user)

    def bought_as_guest(self, contacts: Collection[str]) -> Self:
        """Orders that are in no account and were placed with these contacts, in their normal form, and with no other."""
        phones, mails = _by_kind(contacts)
        has_phone, has_mail = Q(guest_phone__in=phones), Q(guest_mail__in=mails)
        without_other = Q(has_phone, guest_email="") | Q(has_mail, guest_phone="") | Q(has_phone, has_mail)
        return self._of_guests().filter(without_other)

    def bought_with_another(self, contacts: Collection[str]) -> Self:
        """Orders that are in no account and were placed with one of these contacts, in their normal form, and with another."""
        phones, mails = _by_kind(contacts)
        own_phone, own_mail = Q(guest_phone__in=phones), Q(guest_mail__in=mails)
        other_phone, other_mail = ~Q(guest_phone="") & ~own_phone, ~Q(guest_email="") & ~own_mail
        return self._of_guests().filter((own_phone & other_mail) | (own_mail & other_phone))

    def _of_guests(self) -> Self:
        return self.filter(user=None).alias(guest_mail=Lower("guest_email"))

    def unpaid_since(self, now: datetime) -> Self:
        """Orders whose reservation has ended without payment."""
        return self.filter(status=Order.Status.AWAITING_PAYMENT, reserved_until__lte=now)


def _by_kind(contacts: Collection[str]) -> tuple[list[str], list[str]]:
    """Phone numbers and e-mail addresses."""
    phones = [contact for contact in contacts if "@" not in contact]
    return phones, [contact for contact in contacts if "@" in contact]


class Order(AbstractOrder):
    """One checkout and one payment; what each group fulfils is a vendor order.

    Amounts are in currency, tax included; total_incl_tax equals the sum of the vendor orders' totals.
    reserved_until: stock is held for this order until then. guest_phone: E.164, for buyers without an account.
    released_at: handed to the groups, with the money or, for cash on delivery, before it; paid_at: with the money.
    kept_at: when a person who had bought as guest took the order into the account.
    is_gift: the packing slips name no prices and bear gift_message.
    """

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("waiting for payment")
        PAID = "paid", _("paid")
        PART_REFUNDED = "part_refunded", _("refunded in part")
        REFUNDED = "refunded", _("refunded")
        EXPIRED = "expired", _("not paid in time")
        PAY_ON_DELIVERY = "pay_on_delivery", _("to be paid at hand-over")
        CANCELLED = "cancelled", _("cancelled")

    MOVES: ClassVar[Moves] = {
        Status.AWAITING_PAYMENT: frozenset({Status.PAID, Status.EXPIRED, Status.PAY_ON_DELIVERY}),
        # Paid at the last moment: released after all when the goods can be reserved again.
        Status.EXPIRED: frozenset({Status.PAID}),
        Status.PAY_ON_DELIVERY: frozenset({Status.PAID, Status.CANCELLED}),
        Status.CANCELLED: frozenset(),
        # Back to be paid at hand-over when cash was noted by mistake.
        Status.PAID: frozenset({Status.PART_REFUNDED, Status.REFUNDED, Status.PAY_ON_DELIVERY}),
        Status.PART_REFUNDED: frozenset({Status.REFUNDED}),
        Status.REFUNDED: frozenset(),
    }

    status = models.CharField(
        _("state"), max_length=100, choices=Status.choices, default=Status.AWAITING_PAYMENT, db_index=True
    )
    guest_phone = models.CharField(_("guest's phone number"), max_length=16, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    reserved_until = models.DateTimeField(_("stock held until"))
    released_at = models.DateTimeField(_("handed to the groups at"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    kept_at = models.DateTimeField(_("taken into the account at"), null=True, blank=True)
    is_gift = models.BooleanField(_("a gift"), default=False)
    gift_message = models.CharField(_("words to the gift"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = OrderQuerySet.as_manager()

    class Meta(AbstractOrder.Meta):
        constraints = [
            models.UniqueConstraint(name="order_once_per_basket", fields=["basket"]),
            models.CheckConstraint(name="order_total_is_positive", condition=Q(total_incl_tax__gt=0)),
            models.CheckConstraint(
                name="order_has_contact",
                condition=Q(user__isnull=False) | ~Q(guest_email="") | ~Q(guest_phone=""),
            ),
            models.CheckConstraint(
                name="order_paid_has_time",
                condition=Q(status__in=("awaiting_payment", "expired", "pay_on_delivery", "cancelled"))
                | Q(paid_at__isnull=False, released_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="order_reservations", fields=["reserved_until"], condition=Q(status="awaiting_payment")
            ),
            models.Index(
                Lower("guest_email"),
                name="order_of_guest_by_email",
                condition=Q(user__isnull=True) & ~Q(guest_email=""),
            ),
            models.Index(
                name="order_of_guest_by_phone",
                fields=["guest_phone"],
                condition=Q(user__isnull=True) & ~Q(guest_phone=""),
            ),
        ]

    def get_absolute_url(self) -> str:
        """The status page."""
        return reverse("order-detail", kwargs={"number": self.number})

    @property
    def guest_contacts(self) -> frozenset[str]:
        """What it was placed with, in normal form; nothing where an account's contacts are used."""
        return frozenset({self.guest_phone, self.guest_email.lower()} - {""})

    @property
    def contact_email(self) -> str:
        """Where e-mail about this order goes; empty when the buyer gave none."""
        return self.guest_email or (self.user.email if self.user else "") or ""

    @property
    def contact_phone(self) -> str:
        """Where SMS about this order goes; empty when the buyer gave none."""
        return self.guest_phone or (self.user.phone if self.user else "") or ""


class OrderEvent(StateEvent):
    """A move of an order."""

    order = models.ForeignKey(Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="events")

    class Meta(StateEvent.Meta):
        app_label = "order"
        verbose_name = _("move of an order")
        verbose_name_plural = _("moves of orders")


class ShippingAddress(AbstractShippingAddress):
    """Where an order goes; line4 is the town or gewog, state the dzongkhag or state."""

    # Oscar knows Bhutanese postcodes of three digits only; they have five.
    POSTCODES_REGEX = {**AbstractShippingAddress.POSTCODES_REGEX, "BT": r"^[0-9]{5}$"}
