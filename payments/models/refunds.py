"""Money back to buyers: refunds that name what they are for, and disputes."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Line, VendorOrder
from payments.models.attempts import PaymentAttempt


class Refund(models.Model):
    """Money going back to the buyer of one attempt.

    key: idempotency key, stored before the call. amount in currency, above zero: the sum of the items, or all of a
    surplus payment, or what a refund that failed left owed (again_for), or what somebody refunded at the provider
    without us (FOREIGN, until an officer says what it was for).
    asked_at: when the provider was first asked, since it forgets a key after a day.
    Money that did not go through the provider went by our bank (bank_reference), from the hands of the group that
    sold the goods (given_by), or with a dispute in which the buyer's bank took it (taken_in).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        WAITING = "waiting", _("waiting")
        PENDING = "pending", _("with the provider")
        SUCCEEDED = "succeeded", _("refunded")
        FAILED = "failed", _("failed")
        REJECTED = "rejected", _("not approved")

    class Reason(models.TextChoices):
        MISMATCH = "mismatch", _("amount, currency or account did not match")
        GOODS_GONE = "goods_gone", _("goods were gone when the money came")
        PAID_TWICE = "paid_twice", _("the order had been paid already")
        PAID_SHORT = "paid_short", _("less came than was owed, and the time is over")
        PAID_OVER = "paid_over", _("more came than was owed")
        NOT_SUPPLIED = "not_supplied", _("the group could not supply it")
        CANCELLED = "cancelled", _("cancelled")
        RETURNED = "returned", _("the goods came back")
        DAMAGED = "damaged", _("damaged or not as described")
        LOST = "lost", _("lost on the way")
        GOODWILL = "goodwill", _("goodwill")
        AGAIN = "again", _("an earlier refund failed")
        FOREIGN = "foreign", _("refunded at the provider")

    attempt = models.ForeignKey(
        PaymentAttempt, verbose_name=_("attempt"), on_delete=models.PROTECT, related_name="refunds"
    )
    again_for = models.ForeignKey(
        "self",
        verbose_name=_("instead of"),
        on_delete=models.PROTECT,
        related_name="successor",
        null=True,
        blank=True,
    )
    key = models.CharField(_("idempotency key"), max_length=80, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    provider_id = models.CharField(_("provider's number"), max_length=100, blank=True)
    bank_reference = models.CharField(_("bank's journal number"), max_length=60, blank=True)
    given_by = models.ForeignKey(
        VendorOrder,
        verbose_name=_("given back in cash by the group of"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    taken_in = models.ForeignKey(
        "Dispute",
        verbose_name=_("taken by the bank in"),
        on_delete=models.PROTECT,
        related_name="taken_refunds",
        null=True,
        blank=True,
    )
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    asked_at = models.DateTimeField(_("first asked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        permissions = [("decide_refund", "Can decide about refunds")]
        constraints = [
            models.CheckConstraint(name="refund_amount_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="refund_of_surplus_once",
                fields=["attempt"],
                condition=Q(
                    reason__in=("mismatch", "goods_gone", "paid_twice", "paid_short"), again_for__isnull=True
                ),
            ),
            models.UniqueConstraint(
                name="refund_once_per_provider_id", fields=["provider_id"], condition=~Q(provider_id="")
            ),
            # What failed is refunded once more; what a bank or somebody at the provider gave of it is beside that.
            models.UniqueConstraint(
                name="refund_again_once",
                fields=["again_for"],
                condition=Q(reason="again", taken_in__isnull=True) & ~Q(state="rejected"),
            ),
            models.UniqueConstraint(
                name="refund_once_per_bank_reference",
                fields=["bank_reference"],
                condition=~Q(bank_reference=""),
            ),
            models.CheckConstraint(
                name="refund_second_person",
                condition=Q(approved_by__isnull=True)
                | Q(requested_by__isnull=True)
                | ~Q(approved_by=F("requested_by")),
            ),
        ]
        indexes = [
            models.Index(
                name="refund_due", fields=["next_try_at"], condition=Q(state__in=("waiting", "pending"))
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SaleShare(models.Model):
    """What some units of a line, or the delivery of a vendor order, are worth, and who had which part of it.

    line is null for the delivery. amount is the buyer's; promotion is what the programme had added to it, as its part of a
    discount: amount + promotion = share + commission + commission_tax, all in the order's currency.
    """

    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="+"
    )
    line = models.ForeignKey(
        Line, verbose_name=_("line"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    quantity = models.PositiveIntegerField(_("units"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    promotion = models.DecimalField(_("paid by the programme"), max_digits=12, decimal_places=2, default=0)
    share = models.DecimalField(_("group's share"), max_digits=12, decimal_places=2)
    commission = models.DecimalField(_("commission"), max_digits=12, decimal_places=2)
    commission_tax = models.DecimalField(_("tax on the commission"), max_digits=12, decimal_places=2)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.quantity} x line {self.line_id}" if self.line_id else "delivery"


class RefundProposal(models.Model):
    """What one officer said about a refund above the limit; it is done when another one says the same.

    what: the decision; words: what it stands on (a journal number, things by number), the same for both persons.
    Rows are added, never changed: the last one of a refund counts.
    """

    class What(models.TextChoices):
        EXPLAINED = "explained", _("what it was for")
        BORNE = "borne", _("the programme bears it")
        STANDS = "stands", _("it stands for a refund that failed")
        SENT = "sent", _("sent by bank")
        GIVEN = "given", _("given back in cash by the group")

    refund = models.ForeignKey(
        Refund, verbose_name=_("refund"), on_delete=models.PROTECT, related_name="proposals"
    )
    what = models.CharField(_("decision"), max_length=10, choices=What.choices)
    words = models.CharField(_("standing on"), max_length=2000, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("said by"), on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(_("said at"), auto_now_add=True)

    class Meta:
        verbose_name = _("first of two voices")
        verbose_name_plural = _("first of two voices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.words}".strip()


class RefundItem(SaleShare):
    """One thing that a refund is for."""

    refund = models.ForeignKey(
        Refund, verbose_name=_("refund"), on_delete=models.PROTECT, related_name="items"
    )

    class Meta:
        verbose_name = _("refunded")
        verbose_name_plural = _("refunded")
        constraints = [
            models.UniqueConstraint(
                name="refund_item_once", fields=["refund", "vendor_order", "line"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="refund_item_adds_up",
                condition=Q(promotion__gte=0)
                & Q(amount=F("share") + F("commission") + F("commission_tax") - F("promotion")),
            ),
            models.CheckConstraint(
                name="refund_item_names_units",
                condition=Q(line__isnull=True, quantity=0) | Q(line__isnull=False, quantity__gt=0),
            ),
        ]


class Dispute(models.Model):
    """A buyer asked the bank for the money back. amount in currency; fee: what the provider took beside it.

    Open: the shares of its items are held back. Lost: they are gone, with the commission; won: they come back.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    attempt = models.ForeignKey(
        PaymentAttempt, verbose_name=_("attempt"), on_delete=models.PROTECT, related_name="disputes"
    )
    provider_id = models.CharField(_("provider's number"), max_length=100, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    provider_status = models.CharField(_("provider's state"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        permissions = [("decide_dispute", "Can say what disputes are about")]
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="dispute_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="dispute_closed_has_time",
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.provider_id


class DisputeProposal(models.Model):
    """What one officer said a dispute above the limit is about; it counts when another one says the same.

    words: the things by number. Rows are added, never changed: the last one of a dispute counts.
    """

    dispute = models.ForeignKey(
        Dispute, verbose_name=_("dispute"), on_delete=models.PROTECT, related_name="proposals"
    )
    words = models.CharField(_("standing on"), max_length=2000)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("said by"), on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(_("said at"), auto_now_add=True)

    class Meta:
        verbose_name = _("first of two voices")
        verbose_name_plural = _("first of two voices")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.words


class DisputeItem(SaleShare):
    """One thing that a dispute is about; units of it may be fewer than the amount says when the bank took a part."""

    dispute = models.ForeignKey(
        Dispute, verbose_name=_("dispute"), on_delete=models.PROTECT, related_name="items"
    )

    class Meta:
        verbose_name = _("disputed")
        verbose_name_plural = _("disputed")
        constraints = [
            models.UniqueConstraint(
                name="dispute_item_once", fields=["dispute", "vendor_order", "line"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="dispute_item_adds_up",
                condition=Q(promotion__gte=0)
                & Q(amount=F("share") + F("commission") + F("commission_tax") - F("promotion")),
            ),
        ]
