"""Payment attempts, provider events, refunds and the ledger."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order
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
    """

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
    provider = models.CharField(_("provider"), max_length=20)
    key = models.CharField(_("idempotency key"), max_length=80, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.CREATED)
    session_id = models.CharField(_("session"), max_length=100, unique=True, null=True, blank=True)
    payment_intent_id = models.CharField(_("payment intent"), max_length=100, blank=True)
    charge_id = models.CharField(_("charge"), max_length=100, blank=True)
    page_url = models.TextField(_("payment page"), blank=True)
    amount_received = models.DecimalField(_("amount received"), max_digits=12, decimal_places=2, default=0)
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
        ]
        indexes = [
            models.Index(
                name="attempt_unfinished",
                fields=["created_at"],
                condition=Q(state__in=("created", "session_open", "unknown")),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ProviderEventQuerySet(models.QuerySet["ProviderEvent"]):
    """Reads of provider events."""

    def due(self, now: datetime) -> Self:
        """Events not yet handled whose next try has come, oldest first."""
        return self.filter(state=ProviderEvent.State.RECEIVED, next_try_at__lte=now).order_by(
            "next_try_at", "pk"
        )


class ProviderEvent(models.Model):
    """One message of a provider, stored before it is handled; a hint to look, never the truth itself.

    payload: the body without card and bank data. account: connected account, empty for the platform.
    reference: of our attempt, as the message's metadata names it.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        HANDLED = "handled", _("handled")
        IGNORED = "ignored", _("not for us")
        DEAD = "dead", _("given up")

    provider = models.CharField(_("provider"), max_length=20)
    account = models.CharField(_("account"), max_length=100, blank=True)
    event_id = models.CharField(_("event"), max_length=100)
    kind = models.CharField(_("type"), max_length=100)
    object_id = models.CharField(_("object"), max_length=100, blank=True)
    api_version = models.CharField(_("API version"), max_length=40, blank=True)
    reference = models.CharField(_("our reference"), max_length=64, blank=True)
    is_live = models.BooleanField(_("live"), default=False)
    occurred_at = models.DateTimeField(_("occurred at"))
    payload = models.JSONField(_("message"), default=dict)
    headers = models.JSONField(_("headers"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    objects = ProviderEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="provider_event_once", fields=["provider", "account", "event_id"]),
        ]
        indexes = [
            models.Index(name="provider_event_due", fields=["next_try_at"], condition=Q(state="received")),
        ]

    def __str__(self) -> str:
        return self.event_id


class Refund(models.Model):
    """Money going back to the buyer of one attempt.

    key: idempotency key, stored before the call. amount in currency, above zero.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PENDING = "pending", _("with the provider")
        SUCCEEDED = "succeeded", _("refunded")
        FAILED = "failed", _("failed")

    class Reason(models.TextChoices):
        MISMATCH = "mismatch", _("amount, currency or account did not match")
        GOODS_GONE = "goods_gone", _("goods were gone when the money came")
        PAID_TWICE = "paid_twice", _("the order had been paid already")

    attempt = models.ForeignKey(
        PaymentAttempt, verbose_name=_("attempt"), on_delete=models.PROTECT, related_name="refunds"
    )
    key = models.CharField(_("idempotency key"), max_length=80, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    provider_id = models.CharField(_("provider's number"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(name="refund_amount_is_positive", condition=Q(amount__gt=0)),
            # Until lines can be refunded one by one, the only refund is of a whole surplus payment.
            models.UniqueConstraint(name="refund_once_per_attempt", fields=["attempt"]),
        ]

    def __str__(self) -> str:
        return self.key


class LedgerPosting(models.Model):
    """One money event: several entries of one currency that sum to zero, never edited, never deleted.

    source_type, source_id and kind name the event once: posting it again is refused by the database.
    """

    source_type = models.CharField(_("source"), max_length=40)
    source_id = models.BigIntegerField(_("source number"))
    kind = models.CharField(_("kind"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)
    posted_at = models.DateTimeField(_("posted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.UniqueConstraint(name="posting_once", fields=["source_type", "source_id", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.source_type} {self.source_id}"


class LedgerEntry(models.Model):
    """One signed amount on one account, in the posting's currency: debit above zero, credit below.

    vendor is named on vendor accounts and on no other.
    """

    class Account(models.TextChoices):
        PROVIDER_CLEARING = "provider_clearing", _("clearing with the provider")
        CUSTOMER_UNAPPLIED = "customer_unapplied", _("customers' money not yet applied")
        VENDOR_PAYABLE = "vendor_payable", _("owed to groups")
        COMMISSION = "commission", _("commission")
        REFUND_CLEARING = "refund_clearing", _("refunds under way")

    posting = models.ForeignKey(
        LedgerPosting, verbose_name=_("posting"), on_delete=models.PROTECT, related_name="entries"
    )
    account = models.CharField(_("account"), max_length=24, choices=Account.choices)
    vendor = models.ForeignKey(
        Partner,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        related_name="ledger_entries",
        null=True,
        blank=True,
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(name="ledger_entry_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="ledger_entry_vendor_on_vendor_accounts",
                condition=Q(account="vendor_payable", vendor__isnull=False)
                | (~Q(account="vendor_payable") & Q(vendor__isnull=True)),
            ),
        ]
        indexes = [models.Index(name="ledger_by_vendor", fields=["vendor", "account"])]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
