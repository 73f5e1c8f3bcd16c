"""Orders, the part of each group (vendor order), shipments, and every move they make."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractShippingAddress
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder

from marketplace.lib.states import Moves, StateEvent
from vendors.models import Partner


class OrderQuerySet(models.QuerySet["Order"]):
    """Reads of orders."""

    def visible_to(self, user: Any) -> Self:
        """Orders this person placed, or all with the staff permission; guests prove a contact instead."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("order.view_order"):
            return self
        return self.filter(user=user)

    def unpaid_since(self, now: datetime) -> Self:
        """Orders whose reservation has ended without payment."""
        return self.filter(status=Order.Status.AWAITING_PAYMENT, reserved_until__lte=now)


class Order(AbstractOrder):
    """One checkout and one payment; what each group fulfils is a vendor order.

    Amounts are in currency, tax included; total_incl_tax equals the sum of the vendor orders' totals.
    reserved_until: stock is held for this order until then. guest_phone: E.164, for buyers without an account.
    """

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("waiting for payment")
        PAID = "paid", _("paid")
        PART_REFUNDED = "part_refunded", _("refunded in part")
        REFUNDED = "refunded", _("refunded")
        EXPIRED = "expired", _("not paid in time")

    MOVES: ClassVar[Moves] = {
        Status.AWAITING_PAYMENT: frozenset({Status.PAID, Status.EXPIRED}),
        # Paid at the last moment: released after all when the goods can be reserved again.
        Status.EXPIRED: frozenset({Status.PAID}),
        Status.PAID: frozenset({Status.PART_REFUNDED, Status.REFUNDED}),
        Status.PART_REFUNDED: frozenset({Status.REFUNDED}),
        Status.REFUNDED: frozenset(),
    }

    status = models.CharField(
        _("state"), max_length=100, choices=Status.choices, default=Status.AWAITING_PAYMENT, db_index=True
    )
    guest_phone = models.CharField(_("guest's phone number"), max_length=16, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    reserved_until = models.DateTimeField(_("stock held until"))
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
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
                condition=Q(status__in=("awaiting_payment", "expired")) | Q(paid_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="order_reservations", fields=["reserved_until"], condition=Q(status="awaiting_payment")
            ),
        ]

    def get_absolute_url(self) -> str:
        """The status page."""
        return reverse("order-detail", kwargs={"number": self.number})

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


class VendorOrderQuerySet(models.QuerySet["VendorOrder"]):
    """Reads of vendor orders."""

    def visible_to(self, user: Any) -> Self:
        """Vendor orders of the groups this person belongs to, or all with the staff permission."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("order.view_vendororder"):
            return self
        return self.filter(vendor__memberships__user=user)

    def released(self) -> Self:
        """Vendor orders that have been paid for: before that a group is shown nothing."""
        return self.exclude(state=VendorOrder.State.AWAITING_PAYMENT).exclude(order__paid_at__isnull=True)


class VendorOrder(models.Model):
    """The part of an order that one group fulfils; all that the group sees of the order.

    goods_total, delivery_price and total are in the order's currency, tax included. commission_rate and
    commission are frozen at the sale: a rate changed later does not reach back. delivery_* are the method chosen
    before payment, copied so that a changed method does not reach back either.
    """

    class State(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("waiting for payment")
        NEW = "new", _("new")
        ACCEPTED = "accepted", _("accepted")
        PACKED = "packed", _("packed")
        SHIPPED = "shipped", _("on the way")
        DELIVERED = "delivered", _("delivered")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        RETURNED = "returned", _("returned")

    MOVES: ClassVar[Moves] = {
        State.AWAITING_PAYMENT: frozenset({State.NEW, State.CANCELLED}),
        State.NEW: frozenset({State.ACCEPTED, State.CANCELLED}),
        State.ACCEPTED: frozenset({State.PACKED, State.SHIPPED, State.CANCELLED}),
        State.PACKED: frozenset({State.SHIPPED, State.CANCELLED}),
        State.SHIPPED: frozenset({State.DELIVERED, State.RETURNED}),
        State.DELIVERED: frozenset({State.COMPLETED, State.RETURNED}),
        State.COMPLETED: frozenset({State.RETURNED}),
        # Cancelled because unpaid; money that came at the last moment releases it after all.
        State.CANCELLED: frozenset({State.NEW}),
        State.RETURNED: frozenset(),
    }

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="vendor_orders"
    )
    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="vendor_orders"
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.AWAITING_PAYMENT)
    currency = models.CharField(_("currency"), max_length=3)
    goods_total = models.DecimalField(_("goods"), max_digits=12, decimal_places=2)
    discount_total = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=0)
    delivery_price = models.DecimalField(_("delivery"), max_digits=12, decimal_places=2)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    commission_rate = models.DecimalField(_("commission rate"), max_digits=5, decimal_places=4)
    commission = models.DecimalField(_("commission"), max_digits=12, decimal_places=2)
    delivery_code = models.CharField(_("delivery code"), max_length=40)
    delivery_name = models.CharField(_("delivery"), max_length=80)
    delivery_days_min = models.PositiveSmallIntegerField(_("days, at least"))
    delivery_days_max = models.PositiveSmallIntegerField(_("days, at most"))
    created_at = models.DateTimeField(_("placed at"), auto_now_add=True)

    objects = VendorOrderQuerySet.as_manager()

    class Meta:
        app_label = "order"
        verbose_name = _("vendor order")
        verbose_name_plural = _("vendor orders")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="vendor_order_once_per_group", fields=["order", "vendor"]),
            models.CheckConstraint(
                name="vendor_order_parts_add_up",
                condition=Q(total=F("goods_total") + F("delivery_price") - F("discount_total")),
            ),
            models.CheckConstraint(
                name="vendor_order_amounts_not_negative",
                condition=Q(goods_total__gt=0, delivery_price__gte=0, discount_total__gte=0, total__gt=0),
            ),
            models.CheckConstraint(
                name="vendor_order_commission_within_goods",
                condition=Q(commission__gte=0, commission__lte=F("goods_total")),
            ),
        ]
        indexes = [models.Index(name="vendor_order_by_group", fields=["vendor", "state", "-created_at"])]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page on which the group works on it."""
        return reverse("dashboard-order-detail", kwargs={"number": self.number})


class VendorOrderEvent(StateEvent):
    """A move of a vendor order."""

    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "order"
        verbose_name = _("move of a vendor order")
        verbose_name_plural = _("moves of vendor orders")


class Line(AbstractLine):
    """An order line; title and size are copied, so that a listing changed later does not reach back."""

    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="lines"
    )
    size_label = models.CharField(_("size"), max_length=40, blank=True)

    class Meta(AbstractLine.Meta):
        constraints = [
            models.CheckConstraint(name="order_line_quantity_is_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="order_line_price_adds_up",
                condition=Q(line_price_incl_tax=F("unit_price_incl_tax") * F("quantity")),
            ),
        ]


class Shipment(models.Model):
    """Goods of one vendor order handed to one carrier: a courier's number, or a vehicle and its driver."""

    class Carrier(models.TextChoices):
        COURIER = "courier", _("post or courier")
        VEHICLE = "vehicle", _("bus or taxi")

    vendor_order = models.OneToOneField(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="shipment"
    )
    carrier = models.CharField(_("how it goes"), max_length=8, choices=Carrier.choices)
    courier_name = models.CharField(_("courier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("courier number"), max_length=60, blank=True)
    vehicle_number = models.CharField(_("vehicle"), max_length=30, blank=True)
    driver_name = models.CharField(_("driver"), max_length=80, blank=True)
    driver_phone = models.CharField(_("driver's phone"), max_length=16, blank=True)
    shipped_at = models.DateTimeField(_("handed over at"))

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

    def __str__(self) -> str:
        return self.tracking_number or self.vehicle_number


from oscar.apps.order.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first
