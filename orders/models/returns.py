"""Returns that buyers ask for: what, why, with which photos, and every move until it is closed."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import Moves, StateEvent
from orders.models.vendor_order import Line, VendorOrder
from regions.policies import reach_of
from vendors.models import Membership


class ReturnQuerySet(models.QuerySet["Return"]):
    """Reads of returns."""

    def visible_to(self, user: Any) -> Self:
        """Returns of the groups this person belongs to, for staff of those of their places; buyers come by their order."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(vendor_order__vendor__in=Membership.objects.filter(user=user).values("vendor"))
        if user.is_staff and user.has_perm("order.view_return"):
            return self.filter(own | reach_of(user).rows("vendor_order__vendor__home_region__path"))
        return self.filter(own)

    def unfinished(self) -> Self:
        """Those about which somebody still has to do something; the group's share is kept back meanwhile."""
        return self.filter(state__in=Return.UNFINISHED)


class Return(models.Model):
    """One wish of a buyer to give goods of one group back; of each line at most one is unfinished.

    goods_stay: the buyer is refunded without sending anything back. due_at: when the clock moves it on by itself, None
    where it waits for the office or is over. form_key: of the form it came with, which when sent twice makes one.
    asked_by: None for a guest, who has proved the contact. sent_how: the buyer's words on how the goods went back.
    came_back_at: the group has the goods and says that they are not as they should be, so the office decides.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        AGREED = "agreed", _("agreed, goods to be sent back")
        SENT = "sent", _("goods on their way back")
        REFUSED = "refused", _("refused by the group")
        DISPUTED = "disputed", _("with the programme office")
        CLOSED = "closed", _("closed, money goes back")
        DECLINED = "declined", _("closed, no money back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Reason(models.TextChoices):
        DAMAGED = "damaged", _("damaged")
        WRONG = "wrong", _("the wrong thing")
        DIFFERENT = "different", _("not as described")
        SPOILT = "spoilt", _("spoilt")
        OTHER = "other", _("another reason")

    MOVES: ClassVar[Moves] = {
        State.ASKED: frozenset({State.AGREED, State.CLOSED, State.REFUSED, State.DISPUTED, State.WITHDRAWN}),
        State.AGREED: frozenset({State.SENT, State.CLOSED, State.DISPUTED, State.WITHDRAWN}),
        State.SENT: frozenset({State.CLOSED, State.DISPUTED}),
        State.REFUSED: frozenset({State.DISPUTED, State.DECLINED, State.WITHDRAWN}),
        State.DISPUTED: frozenset({State.AGREED, State.CLOSED, State.DECLINED, State.WITHDRAWN}),
        State.CLOSED: frozenset(),
        State.DECLINED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
    UNFINISHED: ClassVar[tuple[str, ...]] = (
        State.ASKED,
        State.AGREED,
        State.SENT,
        State.REFUSED,
        State.DISPUTED,
    )

    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="returns"
    )
    form_key = models.CharField(_("key of the form"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    words = models.TextField(_("in the buyer's words"), max_length=1000, blank=True)
    goods_stay = models.BooleanField(_("nothing is sent back"), default=False)
    sent_how = models.CharField(_("how it was sent back"), max_length=120, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    came_back_at = models.DateTimeField(_("came back, not as it should be, at"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        app_label = "order"
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ["-created_at", "-pk"]
        permissions = [("decide_return", "Can decide returns that are disputed")]
        constraints = [
            models.UniqueConstraint(name="return_once_per_form", fields=["vendor_order", "form_key"]),
        ]
        indexes = [
            models.Index(
                name="return_due",
                fields=["due_at"],
                condition=Q(state__in=("asked", "agreed", "sent", "refused")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_order.number}/{self.pk}"

    def get_absolute_url(self) -> str:
        """The buyer's page of it. The vendor order and its order should have been read."""
        number = self.vendor_order.order.number
        return reverse("order-return", kwargs={"number": number, "pk": self.pk})

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in self.UNFINISHED


class ReturnItem(models.Model):
    """Units of one line that the buyer wants to give back. is_open: while its return is unfinished."""

    case = models.ForeignKey(Return, verbose_name=_("return"), on_delete=models.PROTECT, related_name="items")
    line = models.ForeignKey(Line, verbose_name=_("line"), on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("units"))
    is_open = models.BooleanField(_("unfinished"), default=True)

    class Meta:
        app_label = "order"
        verbose_name = _("goods of a return")
        verbose_name_plural = _("goods of returns")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="return_item_once_per_line", fields=["case", "line"]),
            models.UniqueConstraint(
                name="return_item_one_unfinished_per_line", fields=["line"], condition=Q(is_open=True)
            ),
            models.CheckConstraint(name="return_item_has_units", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line.title}"


class ReturnPhoto(models.Model):
    """A photo of a return, written anew by us. name: in the private storage, to which no address leads.

    by_group: of what came back, else the buyer's.
    """

    case = models.ForeignKey(
        Return, verbose_name=_("return"), on_delete=models.PROTECT, related_name="photos"
    )
    name = models.CharField(_("name"), max_length=120, unique=True)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    by_group = models.BooleanField(_("of the group"), default=False)

    class Meta:
        app_label = "order"
        verbose_name = _("photo of a return")
        verbose_name_plural = _("photos of returns")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ReturnEvent(StateEvent):
    """A move of a return; without an actor it was the clock, or a guest."""

    case = models.ForeignKey(
        Return, verbose_name=_("return"), on_delete=models.PROTECT, related_name="events"
    )

    class Meta(StateEvent.Meta):
        app_label = "order"
        verbose_name = _("move of a return")
        verbose_name_plural = _("moves of returns")

    @property
    def words(self) -> str:
        """The state it came into, as people read it."""
        return str(Return.State(self.to_state).label)
