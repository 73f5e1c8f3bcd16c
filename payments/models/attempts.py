"""Payment attempts, and what brings their money outside the card provider: bank receipts and cash."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order, VendorOrder
from vendors.models import Partner


class AttemptQuerySet(models.QuerySet["PaymentAttempt"]):
    """Reads of payment attempts."""

    def unfinished(self) -> Self:
        """Attempts that may still bring money."""
        return self.filter(state__in=PaymentAttempt.OPEN_STATES)


class PaymentAttempt(models.Model):
    """One try to collect the total of one order from one provider.

    reference: ours, sent to the provider as metadata. key: idempotency key, stored before the first call and
    repeated after a crash. expires_at: sent to the provider; the reservation outlives it by some minutes.
    UNKNOWN: the provider did not answer, so the call may have been carried out; resolved by asking again.
    SURPLUS: money came that no order may keep (wrong amount, goods gone, paid twice) and is refunded whole.
    amount_given_back: refunds decided and not failed, and disputes lost; never more than amount_received.
    buyer_reference: the journal number that the buyer of a bank transfer entered.
    """

    class Provider(models.TextChoices):
        STRIPE = "stripe", _("card")
        BANK_TRANSFER = "bank_transfer", _("bank transfer")
        CASH_ON_DELIVERY = "cash_on_delivery", _("cash on delivery")

    class State(models.TextChoices):
        CREATED = "created", _("created")
        SESSION_OPEN = "session_open", _("payment page open")
        UNKNOWN = "unknown", _("no answer yet")
        SUCCEEDED = "succeeded", _("succeeded")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")
        SURPLUS = "surplus", _("to be refunded")

    OPEN_STATES = (State.CREATED, State.SESSION_OPEN, State.UNKNOWN)

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="attempts"
    )
    reference = models.UUIDField(_("reference"), unique=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(
        _("provider"), max_length=20, choices=Provider.choices, default=Provider.STRIPE
    )
    key = models.CharField(_("idempotency key"), max_length=80, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CREATED)
    session_id = models.CharField(_("session"), max_length=100, unique=True, null=True, blank=True)
    payment_intent_id = models.CharField(_("payment intent"), max_length=100, blank=True)
    charge_id = models.CharField(_("charge"), max_length=100, blank=True)
    page_url = models.TextField(_("payment page"), blank=True)
    amount_received = models.DecimalField(_("amount received"), max_digits=12, decimal_places=2, default=0)
    amount_given_back = models.DecimalField(_("given back"), max_digits=12, decimal_places=2, default=0)
    buyer_reference = models.CharField(_("journal number"), max_length=40, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    expires_at = models.DateTimeField(_("expires at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment attempt")
        verbose_name_plural = _("payment attempts")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="attempt_one_success_per_order", fields=["order"], condition=Q(state="succeeded")
            ),
            # Two tabs that press "pay" together get one payment page.
            models.UniqueConstraint(
                name="attempt_one_open_per_order",
                fields=["order"],
                condition=Q(state__in=("created", "session_open", "unknown")),
            ),
            models.CheckConstraint(name="attempt_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="attempt_gives_back_what_it_got",
                condition=Q(amount_given_back__gte=0, amount_given_back__lte=F("amount_received")),
            ),
        ]
        indexes = [
            models.Index(
                name="attempt_unfinished",
                fields=["created_at"],
                condition=Q(state__in=("created", "session_open", "unknown")),
            ),
            models.Index(name="attempt_by_charge", fields=["charge_id"], condition=~Q(charge_id="")),
        ]

    def __str__(self) -> str:
        return self.key


class BankReceipt(models.Model):
    """One credit on our bank account, as the bank's statement names it, and what it was matched to.

    That is a buyer's attempt, or a group that pays what it owes the programme (vendor).
    reference: the bank's journal number, which no two credits share. amount in currency, above zero.
    is_imported: read from a statement of the bank; one that was typed is not matched by who typed it alone.
    A match above a limit waits as PROPOSED until a second person approves it. RETURNED: sent back by hand.
    MISTAKEN: there is no such credit, or it is no buyer's and no group's; its number may be entered again.
    """

    class State(models.TextChoices):
        UNMATCHED = "unmatched", _("not matched")
        PROPOSED = "proposed", _("waits for a second person")
        MATCHED = "matched", _("matched")
        RETURNED = "returned", _("sent back")
        MISTAKEN = "mistaken", _("entered in error")

    reference = models.CharField(_("journal number"), max_length=40)
    received_on = models.DateField(_("received on"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    note = models.CharField(_("what the payer wrote"), max_length=140, blank=True)
    is_imported = models.BooleanField(_("from a statement"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.UNMATCHED)
    attempt = models.ForeignKey(
        PaymentAttempt,
        verbose_name=_("attempt"),
        on_delete=models.PROTECT,
        related_name="receipts",
        null=True,
        blank=True,
    )
    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("group that pays what it owes"),
        on_delete=models.PROTECT,
        related_name="receipts",
        null=True,
        blank=True,
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("matched by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    return_reference = models.CharField(_("journal number of the return"), max_length=40, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("bank receipt")
        verbose_name_plural = _("bank receipts")
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="bank_receipt_once", fields=["reference", "currency"], condition=~Q(state="mistaken")
            ),
            models.CheckConstraint(name="bank_receipt_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="bank_receipt_names_what_it_pays",
                condition=Q(state__in=("proposed", "matched"), matched_by__isnull=False)
                & (
                    Q(attempt__isnull=False, vendor__isnull=True)
                    | Q(attempt__isnull=True, vendor__isnull=False)
                )
                | Q(state__in=("unmatched", "returned"), attempt__isnull=True, vendor__isnull=True)
                | Q(state="mistaken", attempt__isnull=True),
            ),
            models.CheckConstraint(
                name="bank_receipt_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("matched_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CashCollection(models.Model):
    """Cash that a group took at hand-over for its part of an order; the group keeps it and owes the commission.

    vendor_order: the part that it counts for; empty once the note was taken back as a mistake, when taken_back_from
    names the part. So each part has one note that counts, and any number of mistaken ones.
    """

    vendor_order = models.OneToOneField(
        VendorOrder,
        verbose_name=_("vendor order"),
        on_delete=models.PROTECT,
        related_name="cash_collection",
        null=True,
        blank=True,
    )
    attempt = models.ForeignKey(
        PaymentAttempt, verbose_name=_("attempt"), on_delete=models.PROTECT, related_name="collections"
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    collected_at = models.DateTimeField(_("collected at"))
    take_back_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("first to call it a mistake"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    take_back_asked_at = models.DateTimeField(_("called a mistake at"), null=True, blank=True)
    taken_back_from = models.ForeignKey(
        VendorOrder,
        verbose_name=_("taken back from"),
        on_delete=models.PROTECT,
        related_name="mistaken_collections",
        null=True,
        blank=True,
    )
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    taken_back_reason = models.CharField(_("why it was taken back"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("cash collected")
        verbose_name_plural = _("cash collected")
        constraints = [
            models.CheckConstraint(name="cash_collection_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="cash_collection_counts_or_says_why_not",
                condition=Q(
                    vendor_order__isnull=False,
                    taken_back_from__isnull=True,
                    taken_back_by__isnull=True,
                    taken_back_at__isnull=True,
                    taken_back_reason="",
                )
                | Q(
                    vendor_order__isnull=True,
                    taken_back_from__isnull=False,
                    taken_back_by__isnull=False,
                    taken_back_at__isnull=False,
                )
                & ~Q(taken_back_reason=""),
            ),
            models.CheckConstraint(
                name="cash_collection_second_person",
                condition=Q(take_back_asked_by__isnull=True)
                | Q(taken_back_by__isnull=True)
                | ~Q(take_back_asked_by=F("taken_back_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.part.number

    @property
    def state(self) -> str:
        """Whether it counts: "counts" or "taken_back"."""
        return "taken_back" if self.taken_back_at else "counts"

    @property
    def part(self) -> VendorOrder:
        """The part whose cash it is, or was said to be."""
        found = self.vendor_order or self.taken_back_from
        if found is None:
            raise ValueError("cash without a part")  # the database refuses such a row
        return found
