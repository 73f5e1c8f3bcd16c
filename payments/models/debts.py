"""What groups owe the programme, given up."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vendors.models import Partner


class WriteOff(models.Model):
    """What a group owes, borne by the programme: asked for by one person, decided by another, whatever the amount.

    amount in currency, above zero. One at a time for a group and currency waits for its decision.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for a second person")
        APPROVED = "approved", _("written off")
        REJECTED = "rejected", _("not approved")

    vendor = models.ForeignKey(
        Partner, verbose_name=_("group"), on_delete=models.PROTECT, related_name="write_offs"
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("debt written off")
        verbose_name_plural = _("debts written off")
        ordering = ["-created_at", "-pk"]
        permissions = [("decide_writeoff", "Can decide about debts of groups")]
        constraints = [
            models.CheckConstraint(name="write_off_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="write_off_has_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                name="write_off_one_waits", fields=["vendor", "currency"], condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                name="write_off_by_two_persons",
                condition=Q(state="proposed", decided_by__isnull=True)
                | Q(state="rejected", decided_by__isnull=False)
                | Q(state="approved", decided_by__isnull=False) & ~Q(decided_by=F("requested_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor}: {self.currency} {self.amount}"
