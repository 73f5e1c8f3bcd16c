"""What the provider says about our balance there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BalanceTransaction(models.Model):
    """One change of our balance at a provider, as the provider reports it; amounts signed, in currency.

    net = amount - fee. source_id: the charge, refund, transfer, dispute or payout it is about.
    POSTED: in the ledger. UNKNOWN: of a kind or about a thing that we do not know, shown to an officer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        POSTED = "posted", _("posted")
        UNKNOWN = "unknown", _("not understood")

    provider = models.CharField(_("provider"), max_length=20)
    remote_id = models.CharField(_("provider's number"), max_length=100)
    kind = models.CharField(_("kind"), max_length=60)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=2)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    source_id = models.CharField(_("about"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    occurred_at = models.DateTimeField(_("occurred at"))
    available_at = models.DateTimeField(_("available at"))
    created_at = models.DateTimeField(_("fetched at"), auto_now_add=True)

    class Meta:
        verbose_name = _("balance transaction")
        verbose_name_plural = _("balance transactions")
        ordering = ["-occurred_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="balance_transaction_once", fields=["provider", "remote_id"]),
        ]
        indexes = [
            models.Index(
                name="balance_transaction_open", fields=["occurred_at"], condition=~Q(state="posted")
            ),
            models.Index(name="balance_transaction_source", fields=["source_id"]),
        ]

    def __str__(self) -> str:
        return self.remote_id
