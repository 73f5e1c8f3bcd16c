"""The ledger: double entry, append only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import VendorOrder
from vendors.models import Partner


class LedgerPosting(models.Model):
    """One money event: several entries of one currency that sum to zero, never edited, never deleted.

    source_type, source_id and kind name the event once: posting it again is refused by the database, and so is an entry
    that is added after the transaction that made the posting (its column posted_in, which no program reads).
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
    """One signed amount on one account: debit above zero, credit below.

    vendor is named on vendor accounts and on no other; vendor_order where the entry is about a sale.
    currency: the posting's, kept here too so that a balance is read from one index.
    """

    class Account(models.TextChoices):
        PROVIDER_CLEARING = "provider_clearing", _("clearing with the provider")
        PROVIDER_BALANCE = "provider_balance", _("held by the provider")
        PROVIDER_FEES = "provider_fees", _("provider's fees")
        CUSTOMER_UNAPPLIED = "customer_unapplied", _("customers' money not yet applied")
        VENDOR_PAYABLE = "vendor_payable", _("owed to groups")
        VENDOR_HELD = "vendor_held", _("held back from groups")
        COMMISSION = "commission", _("commission")
        TAX = "tax", _("tax on commission")
        REFUND_CLEARING = "refund_clearing", _("refunds under way")
        DISPUTE_RECEIVABLE = "dispute_receivable", _("taken back in disputes")
        PAYOUT_IN_FLIGHT = "payout_in_flight", _("payouts under way")
        BANK = "bank", _("our bank account")
        UNEXPLAINED = "unexplained", _("to be explained by an officer")
        PROMOTION = "promotion", _("discounts paid by the programme")
        PROGRAMME_LOSS = "programme_loss", _("borne by the programme")

    VENDOR_ACCOUNTS = (Account.VENDOR_PAYABLE, Account.VENDOR_HELD)

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
        db_index=False,
    )
    vendor_order = models.ForeignKey(
        VendorOrder,
        verbose_name=_("vendor order"),
        on_delete=models.PROTECT,
        related_name="ledger_entries",
        null=True,
        blank=True,
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(name="ledger_entry_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="ledger_entry_vendor_on_vendor_accounts",
                condition=Q(account__in=("vendor_payable", "vendor_held"), vendor__isnull=False)
                | (~Q(account__in=("vendor_payable", "vendor_held")) & Q(vendor__isnull=True)),
            ),
        ]
        indexes = [
            # A balance is read from the index alone.
            models.Index(
                name="ledger_balance_by_vendor", fields=["vendor", "account", "currency"], include=["amount"]
            ),
            models.Index(name="ledger_by_account", fields=["account", "currency"], include=["amount"]),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
