"""The part of each group (vendor order), its lines, and every move it makes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractLine

from marketplace.lib.states import Moves, StateEvent
from orders.models.order import Order
from orders.models.shipment import Shipment
from regions.policies import reach_of
from vendors.models import Membership, Partner


def _last_sent(**like: Any) -> Subquery:
    """When the last shipment of a vendor order left, of those that are like this; for queries of vendor orders."""
    sent = Shipment.objects.filter(vendor_order=OuterRef("pk"), **like).order_by("-shipped_at")
    return Subquery(sent.values("shipped_at")[:1])


class VendorOrderQuerySet(models.QuerySet["VendorOrder"]):
    """Reads of vendor orders."""

    def visible_to(self, user: Any) -> Self:
        """Vendor orders of the groups this person belongs to, and for staff of the groups of their places."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(vendor__in=Membership.objects.filter(user=user).values("vendor"))
        if user.is_staff and user.has_perm("order.view_vendororder"):
            return self.filter(own | reach_of(user).rows("vendor__home_region__path"))
        return self.filter(own)

    def released(self) -> Self:
        """Vendor orders that were handed to their groups: before that a group is shown nothing."""
        return self.filter(released_at__isnull=False)

    def unanswered_since(self, moment: datetime) -> Self:
        """Handed to their groups at that time or before, and nobody has said yes or no."""
        return self.filter(state=VendorOrder.State.NEW, released_at__lte=moment)

    def rest_waiting_since(self, moment: datetime) -> Self:
        """Some has left, the last shipment at that time or before, and the rest is still with the group."""
        open_states = (VendorOrder.State.ACCEPTED, VendorOrder.State.PACKED)
        return self.filter(state__in=open_states).alias(last_sent=_last_sent()).filter(last_sent__lte=moment)

    def not_reminded_of_rest(self) -> Self:
        """The group was not reminded since the last shipment."""
        later = Shipment.objects.filter(vendor_order=OuterRef("pk")).order_by("-shipped_at", "-pk")
        return self.alias(last_reminded=Subquery(later.values("reminded_at")[:1])).filter(last_reminded=None)

    def overdue(self, now: datetime) -> Self:
        """On the way for settings.DELIVERED_BY_TIME_DAYS longer than the buyer was promised, and never delivered.

        Of several shipments each has its own clock, which ends when its code was said: the last one still to come
        counts.
        """
        promised = ExpressionWrapper(
            Coalesce(_last_sent(received_at=None), _last_sent()) + F("delivery_days_max") * timedelta(days=1),
            output_field=models.DateTimeField(),
        )
        late = now - timedelta(days=settings.DELIVERED_BY_TIME_DAYS)
        return self.filter(state=VendorOrder.State.SHIPPED).alias(promised=promised).filter(promised__lt=late)


class VendorOrder(models.Model):
    """The part of an order that one group fulfils; all that the group sees of the order.

    goods_total, delivery_price and total are in the order's currency, tax included. discount_total is what offers take off
    the goods, so that the buyer pays total; promotion_total is the part of it that the programme pays to the group, the
    rest is the group's own. commission_base (goods less what the group gives), _rate, _reason,
    commission and commission_tax (the tax on the programme's service, kept back beside it) are frozen at the sale: a
    rate changed later does not reach back. Where lines have several rates, commission_rate is null and each line has
    its own. delivery_* are the method chosen before payment, copied so that a changed method does not reach back.
    goods_tax and delivery_tax are contained in goods_total and delivery_price.
    payable_from: from then on the group's share may be paid out; set when goods are delivered, or the sale ended.
    released_at: handed to the group, as the order's; the accept clock runs from then. reminded_at: that it runs out.
    last_package: number of the newest package that was ever packed; what was opened again leaves its number unused.
    The vendor order is shipped when all units that were not given up have left, in however many shipments.
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
        # Taken out of its package again.
        State.PACKED: frozenset({State.ACCEPTED, State.SHIPPED, State.CANCELLED}),
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
    promotion_total = models.DecimalField(
        _("discount paid by the programme"), max_digits=12, decimal_places=2, default=0
    )
    delivery_price = models.DecimalField(_("delivery"), max_digits=12, decimal_places=2)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    goods_tax = models.DecimalField(_("tax in goods"), max_digits=12, decimal_places=2, default=0)
    delivery_tax_rate = models.DecimalField(
        _("tax rate of delivery"), max_digits=5, decimal_places=4, default=0
    )
    delivery_tax = models.DecimalField(_("tax in delivery"), max_digits=12, decimal_places=2, default=0)
    # What bills called the taxes on the day of the sale; empty where no tax was known.
    goods_tax_name = models.CharField(_("name of the tax on goods"), max_length=20, blank=True)
    delivery_tax_name = models.CharField(_("name of the tax on delivery"), max_length=20, blank=True)
    commission_base = models.DecimalField(_("commission base"), max_digits=12, decimal_places=2)
    commission_rate = models.DecimalField(
        _("commission rate"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    commission_reason = models.CharField(_("reason of the rate"), max_length=200, blank=True)
    commission = models.DecimalField(_("commission"), max_digits=12, decimal_places=2)
    commission_tax_rate = models.DecimalField(
        _("tax rate of the commission"), max_digits=5, decimal_places=4, default=0
    )
    commission_tax = models.DecimalField(
        _("tax on the commission"), max_digits=12, decimal_places=2, default=0
    )
    delivery_code = models.CharField(_("delivery code"), max_length=40)
    delivery_name = models.CharField(_("delivery"), max_length=80)
    delivery_days_min = models.PositiveSmallIntegerField(_("days, at least"))
    delivery_days_max = models.PositiveSmallIntegerField(_("days, at most"))
    delivery_zone = models.CharField(_("delivery zone"), max_length=8, blank=True)
    delivery_grams = models.PositiveIntegerField(_("weight as priced, in grams"), null=True, blank=True)
    pick_up_address = models.CharField(_("where to pick it up"), max_length=255, blank=True)
    released_at = models.DateTimeField(_("handed to the group at"), null=True, blank=True)
    review_asked_at = models.DateTimeField(_("asked how it was at"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    last_package = models.PositiveIntegerField(_("number of the last package"), default=0)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed by the buyer at"), null=True, blank=True)
    payable_from = models.DateTimeField(_("payable from"), null=True, blank=True)
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
                condition=Q(commission__gte=0, commission_tax__gte=0)
                & Q(total__gte=F("commission") + F("commission_tax") - F("promotion_total"))
                & Q(commission__lte=F("commission_base")),
            ),
            models.CheckConstraint(
                name="vendor_order_promotion_within_discount",
                condition=Q(promotion_total__gte=0, promotion_total__lte=F("discount_total"))
                & Q(discount_total__lt=F("goods_total"))
                & Q(commission_base=F("goods_total") - F("discount_total") + F("promotion_total")),
            ),
            models.CheckConstraint(
                name="vendor_order_tax_within_prices",
                condition=Q(goods_tax__gte=0, goods_tax__lte=F("goods_total"))
                & Q(delivery_tax__gte=0, delivery_tax__lte=F("delivery_price")),
            ),
            models.CheckConstraint(
                name="vendor_order_released_has_time",
                condition=Q(state__in=("awaiting_payment", "cancelled")) | Q(released_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="vendor_order_review_due",
                fields=["delivered_at"],
                condition=Q(review_asked_at__isnull=True, delivered_at__isnull=False),
            ),
            models.Index(name="vendor_order_in_state", fields=["vendor", "state", "released_at", "id"]),
            models.Index(name="vendor_order_by_time", fields=["vendor", "released_at", "id"]),
            models.Index(name="vendor_order_payable", fields=["payable_from"]),
            models.Index(name="vendor_order_unanswered", fields=["released_at"], condition=Q(state="new")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page on which the group works on it."""
        return reverse("dashboard-order-detail", kwargs={"number": self.number})

    @property
    def share(self) -> Decimal:
        """The group's part of the sale as it was made, in currency; refunds are not taken off."""
        return self.total + self.promotion_total - self.commission - self.commission_tax

    @property
    def own_discount(self) -> Decimal:
        """What the group itself gives of the discount."""
        return self.discount_total - self.promotion_total


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
    """An order line; title and size are copied, so that a listing changed later does not reach back.

    line_price_incl_tax is the price before any offer; discount is what offers take off it, promotion the part of that
    which the programme pays. tax_rate: of the goods, contained in what the group gets for them (the price less what the
    group itself gives); line_price_excl_tax is that without it. commission and
    commission_tax: this line's part of the vendor order's, which they add up to. cancelled_quantity: units that were
    never supplied, short_reason: why, as it was noted last; empty where the whole part was cancelled. returned_quantity: units that came back. Both are owed to the buyer who paid for them.
    unpaid_quantity: those of the returned units that came back before their cash was taken, so that nobody paid for them.
    packed_quantity: units that lie in packages, those that have left included; shipped_quantity: units that have left.
    """

    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="lines"
    )
    size_label = models.CharField(_("size"), max_length=40, blank=True)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4, default=0)
    discount = models.DecimalField(_("discount"), max_digits=12, decimal_places=2, default=0)
    promotion = models.DecimalField(
        _("discount paid by the programme"), max_digits=12, decimal_places=2, default=0
    )
    commission_rate = models.DecimalField(_("commission rate"), max_digits=5, decimal_places=4)
    commission_reason = models.CharField(_("reason of the rate"), max_length=200, blank=True)
    commission = models.DecimalField(_("commission"), max_digits=12, decimal_places=2)
    commission_tax = models.DecimalField(
        _("tax on the commission"), max_digits=12, decimal_places=2, default=0
    )
    cancelled_quantity = models.PositiveIntegerField(_("not supplied"), default=0)
    short_reason = models.TextField(_("why they were not supplied"), blank=True)
    returned_quantity = models.PositiveIntegerField(_("returned"), default=0)
    unpaid_quantity = models.PositiveIntegerField(_("returned unpaid"), default=0)
    packed_quantity = models.PositiveIntegerField(_("packed"), default=0)
    shipped_quantity = models.PositiveIntegerField(_("sent"), default=0)

    class Meta(AbstractLine.Meta):
        app_label = "order"
        indexes = [
            # The sweeper looks for what is owed among the few lines that were not supplied or came back.
            models.Index(
                name="order_line_given_up",
                fields=["order"],
                condition=Q(cancelled_quantity__gt=0) | Q(returned_quantity__gt=0),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="order_line_quantity_is_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="order_line_unpaid_came_back", condition=Q(unpaid_quantity__lte=F("returned_quantity"))
            ),
            models.CheckConstraint(
                name="order_line_price_adds_up",
                condition=Q(line_price_incl_tax=F("unit_price_incl_tax") * F("quantity")),
            ),
            models.CheckConstraint(
                name="order_line_gives_back_what_it_has",
                condition=Q(quantity__gte=F("cancelled_quantity") + F("returned_quantity")),
            ),
            # No unit is packed or sent twice, whoever asks for it beside whom.
            models.CheckConstraint(
                name="order_line_packs_what_it_has",
                condition=Q(quantity__gte=F("cancelled_quantity") + F("packed_quantity")),
            ),
            models.CheckConstraint(
                name="order_line_sends_what_is_packed",
                condition=Q(packed_quantity__gte=F("shipped_quantity")),
            ),
            models.CheckConstraint(
                name="order_line_commission_within_price",
                condition=Q(commission__gte=0, commission_tax__gte=0)
                & Q(line_price_incl_tax__gte=F("commission") + F("discount") - F("promotion")),
            ),
            models.CheckConstraint(
                name="order_line_promotion_within_discount",
                condition=Q(promotion__gte=0, promotion__lte=F("discount"))
                & Q(discount__lte=F("line_price_incl_tax")),
            ),
        ]

    @property
    def paid_price(self) -> Decimal:
        """What the buyer pays for all units."""
        return Decimal(self.line_price_incl_tax) - self.discount

    @property
    def to_pack(self) -> int:
        """Units that lie in no package and were not given up."""
        return int(self.quantity - self.cancelled_quantity - self.packed_quantity)

    @property
    def to_send(self) -> int:
        """Units that have not left and were not given up."""
        return int(self.quantity - self.cancelled_quantity - self.shipped_quantity)
