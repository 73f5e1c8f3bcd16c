"""Money to groups: where it goes, what a payout is made of, and how it travels."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import VendorOrder
from payments.models.ledger import LedgerEntry
from payments.models.refunds import Dispute, Refund
from vendors.models import Partner


class PayoutAccountQuerySet(models.QuerySet["PayoutAccount"]):
    """Reads of payout accounts."""

    def in_force(self, now: datetime) -> Self:
        """For each group the account that counts now comes first: the newest whose time has come."""
        return self.filter(cancelled_at__isnull=True, active_from__lte=now).order_by("-active_from", "-pk")


class PayoutAccount(models.Model):
    """Where a group is paid, one row for each set of details ever given; details are replaced, never edited.

    active_from: new details count only after a delay, in which the old contact can object. minimum: no payout below.
    restriction: why the account is paid nothing now, in the words of the provider or the bank; empty when it is.
    group_phone, group_email: by which the group could be reached when it gave these details; it is told there too when
    they are replaced or withdrawn, whatever the group's contacts are by then.
    """

    class Rail(models.TextChoices):
        STRIPE_TRANSFER = "stripe_transfer", _("Stripe transfer")
        BANK_BATCH = "bank_batch", _("bank batch")

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="payout_accounts"
    )
    rail = models.CharField(_("rail"), max_length=16, choices=Rail.choices)
    holder = models.CharField(_("account holder"), max_length=120, blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    bank_code = models.CharField(_("bank code (IFSC or branch)"), max_length=20, blank=True)
    account_number = models.CharField(_("account number"), max_length=34, blank=True)
    stripe_account_id = models.CharField(_("Stripe account"), max_length=100, blank=True)
    restriction = models.CharField(_("restriction"), max_length=200, blank=True)
    minimum = models.DecimalField(_("smallest payout"), max_digits=12, decimal_places=2, default=0)
    active_from = models.DateTimeField(_("counts from"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="+"
    )
    group_phone = models.CharField(_("group's phone then"), max_length=20, blank=True)
    group_email = models.EmailField(_("group's e-mail then"), blank=True)
    cancelled_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("given at"), auto_now_add=True)

    objects = PayoutAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout account")
        verbose_name_plural = _("payout accounts")
        constraints = [
            models.CheckConstraint(
                name="payout_account_is_whole",
                condition=(Q(rail="stripe_transfer") & ~Q(stripe_account_id=""))
                | (Q(rail="bank_batch") & ~Q(account_number="") & ~Q(holder="") & ~Q(bank_code="")),
            ),
        ]
        indexes = [models.Index(name="payout_account_in_force", fields=["vendor", "-active_from"])]

    def __str__(self) -> str:
        return f"{self.get_rail_display()} {self.account_number[-4:] or self.stripe_account_id}"


class PayoutBatch(models.Model):
    """Payouts that go to the bank in one file; content is written once, and exported again as it was."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        EXPORTED = "exported", _("exported")
        SETTLED = "settled", _("settled")
        REJECTED = "rejected", _("rejected")

    number = models.CharField(_("number"), max_length=20, unique=True)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    count = models.PositiveIntegerField(_("payouts"), default=0)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=0)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drafted by"),
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
    approved_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    exported_at = models.DateTimeField(_("exported at"), null=True, blank=True)
    content = models.TextField(_("file"), blank=True)
    sha256 = models.CharField(_("sha256"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("drafted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("payout batch")
        verbose_name_plural = _("payout batches")
        ordering = ["-created_at", "-pk"]
        constraints = [
            # The nightly run gathers in one draft until a person hands it in.
            models.UniqueConstraint(
                name="payout_batch_one_open",
                fields=["currency"],
                condition=Q(state="draft", drafted_by__isnull=True),
            ),
            models.CheckConstraint(
                name="payout_batch_second_person",
                condition=(
                    Q(approved_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(approved_by=F("drafted_by"))
                )
                & (
                    Q(state__in=("draft", "rejected"))
                    | Q(drafted_by__isnull=False, approved_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="payout_batch_exported_has_file",
                condition=Q(state__in=("draft", "approved", "rejected")) | ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Payout(models.Model):
    """Money to one group in one currency, made of ledger entries that no other payout holds.

    PLANNED: its entries are taken. SENT: with the bank or the provider. RETURNED: came back, owed again.
    FAILED and CANCELLED free its entries for the next run. ended_at: when we heard of its end; bank_day: the day on
    which our bank carried it out or sent it back, None where no bank did.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        APPROVED = "approved", _("approved")
        SENT = "sent", _("sent")
        PAID = "paid", _("paid")
        RETURNED = "returned", _("returned by the bank")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="payouts"
    )
    account = models.ForeignKey(
        PayoutAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="payouts"
    )
    batch = models.ForeignKey(
        PayoutBatch,
        verbose_name=_("batch"),
        on_delete=models.PROTECT,
        related_name="payouts",
        null=True,
        blank=True,
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    bank_reference = models.CharField(_("bank's reference"), max_length=60, blank=True)
    bank_day = models.DateField(_("day at the bank"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="payout_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="payout_one_under_way",
                fields=["vendor", "currency"],
                condition=Q(state__in=("planned", "approved", "sent")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.currency} {self.amount}"


class Transfer(models.Model):
    """One transfer of a payout to a connected account, for one vendor order.

    key: idempotency key, stored before the call. charge_id: the charge it is taken from, empty when the order was
    not paid by card, or when the charge has sent on all that it brought. amount_reversed: taken back after refunds, never more than amount.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SUCCEEDED = "succeeded", _("made")
        FAILED = "failed", _("failed")

    payout = models.ForeignKey(
        Payout, verbose_name=_("payout"), on_delete=models.PROTECT, related_name="transfers"
    )
    vendor_order = models.ForeignKey(
        VendorOrder, verbose_name=_("vendor order"), on_delete=models.PROTECT, related_name="transfers"
    )
    key = models.CharField(_("idempotency key"), max_length=80, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    amount_reversed = models.DecimalField(_("reversed"), max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3)
    charge_id = models.CharField(_("charge"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    provider_id = models.CharField(_("provider's number"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    asked_at = models.DateTimeField(_("first asked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            models.CheckConstraint(name="transfer_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="transfer_reverses_what_it_moved",
                condition=Q(amount_reversed__gte=0, amount_reversed__lte=F("amount")),
            ),
            models.UniqueConstraint(
                name="transfer_once_per_provider_id", fields=["provider_id"], condition=~Q(provider_id="")
            ),
        ]
        indexes = [
            models.Index(name="transfer_due", fields=["next_try_at"], condition=Q(state="waiting")),
            models.Index(name="transfer_by_charge", fields=["charge_id"], condition=~Q(charge_id="")),
        ]

    def __str__(self) -> str:
        return self.key


class TransferReversal(models.Model):
    """Part of a transfer taken back because its sale was refunded or its dispute lost.

    FAILED: the connected account had too little; the group's balance stays below zero and later payouts net it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SUCCEEDED = "succeeded", _("made")
        FAILED = "failed", _("failed")

    transfer = models.ForeignKey(
        Transfer, verbose_name=_("transfer"), on_delete=models.PROTECT, related_name="reversals"
    )
    refund = models.ForeignKey(
        Refund, verbose_name=_("refund"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    dispute = models.ForeignKey(
        Dispute, verbose_name=_("dispute"), on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    key = models.CharField(_("idempotency key"), max_length=80, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    provider_id = models.CharField(_("provider's number"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    asked_at = models.DateTimeField(_("first asked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reversal of a transfer")
        verbose_name_plural = _("reversals of transfers")
        constraints = [
            models.CheckConstraint(name="reversal_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="reversal_has_one_cause",
                condition=Q(refund__isnull=False, dispute__isnull=True)
                | Q(refund__isnull=True, dispute__isnull=False),
            ),
        ]
        indexes = [models.Index(name="reversal_due", fields=["next_try_at"], condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.key


class PayoutItem(models.Model):
    """A ledger entry that a payout holds, the payout's own debit included: items of a paid payout sum to zero.

    transfer: the one it is part of, on the Stripe rail. is_void: freed again, because the payout or transfer failed.
    """

    payout = models.ForeignKey(
        Payout, verbose_name=_("payout"), on_delete=models.PROTECT, related_name="items"
    )
    transfer = models.ForeignKey(
        Transfer,
        verbose_name=_("transfer"),
        on_delete=models.PROTECT,
        related_name="items",
        null=True,
        blank=True,
    )
    entry = models.ForeignKey(
        LedgerEntry, verbose_name=_("ledger entry"), on_delete=models.PROTECT, related_name="payout_items"
    )
    is_void = models.BooleanField(_("freed again"), default=False)

    class Meta:
        verbose_name = _("paid out")
        verbose_name_plural = _("paid out")
        constraints = [
            models.UniqueConstraint(
                name="payout_item_entry_in_one_payout", fields=["entry"], condition=Q(is_void=False)
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.entry_id} in payout {self.payout_id}"
