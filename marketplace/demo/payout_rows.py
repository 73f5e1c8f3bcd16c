"""Where groups are paid, and what they were paid so far: accounts, batches, payouts and the entries they hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models

from marketplace.demo.ledger_rows import LedgerRows
from marketplace.demo.people import OTHER_GROUP, Officers
from payments.domain.bank_file import BankLine, written
from payments.models import LedgerEntry, LedgerPosting, Payout, PayoutAccount, PayoutBatch, PayoutItem
from payments.selectors.payouts import obstacle_to
from payments.services.batches import payout_number
from vendors.models import Membership, Partner

ZERO = Decimal("0.00")
_State = Payout.State
# Days ago at which the bank was sent a file; a draft of today waits for its second person.
RUNS = (150, 90, 45, 14)
# In this run the bank sends one line back.
RUN_WITH_RETURN = 45
APPROVED_AFTER = timedelta(hours=5)
BANK = "Example Bank of the Mountains"
MINIMUM = Decimal(500)


@dataclass
class PayoutRows:
    """Rows of payouts, run by run in the order of time. taken: keys of the entries that payouts hold."""

    officers: Officers
    ledger: LedgerRows
    now: datetime
    taken: set[int] = field(default_factory=set)
    accounts: dict[int, PayoutAccount] = field(default_factory=dict)

    @staticmethod
    def dated() -> tuple[type[models.Model], ...]:
        """Models whose creation times are given rather than taken from the clock."""
        return (PayoutAccount, PayoutBatch, Payout, LedgerPosting)

    def write(self) -> None:
        """Write accounts, past batches and today's draft; the caller holds the transaction."""
        self._write_accounts()
        for days in RUNS:
            self._write_run(self.now - timedelta(days=days), has_return=days == RUN_WITH_RETURN)
        self._write_draft()

    def _write_accounts(self) -> None:
        """One for each approved group but the last; another group has given new details, which wait."""
        approved = Partner.objects.filter(is_example=True, state=Partner.State.APPROVED)
        vendors = list(approved.order_by("pk"))
        people = Membership.objects.filter(vendor__in=vendors, role=Membership.Role.CHAIR)
        chairs = dict(people.values_list("vendor_id", "user_id"))
        rows = [_account(vendor, chairs[vendor.pk]) for vendor in vendors[:-1]]
        self.accounts = {row.vendor_id: row for row in rows}
        changing = next(vendor for vendor in vendors if vendor.name == OTHER_GROUP)
        given = self.now - timedelta(days=1)
        details = _account(changing, chairs[changing.pk], given=given)
        details.account_number = f"9{details.account_number[1:]}"
        details.active_from = given + timedelta(days=settings.PAYOUT_DETAILS_DELAY_DAYS)
        PayoutAccount.objects.bulk_create([*rows, details])

    def _write_run(self, when: datetime, *, has_return: bool) -> None:
        """One batch: drafted, approved and exported on one day, settled by the bank on the next."""
        due = self._due(when)
        payouts = self._draft(due, when)
        if not payouts:
            return
        settled = when + timedelta(days=1)
        for number, payout in enumerate(payouts, start=1):
            payout.state, payout.ended_at = _State.PAID, settled
            payout.bank_reference = f"EXB{when:%y%m%d}{number:04d}"
        returned = min(payouts, key=lambda payout: payout.amount) if has_return else None
        if returned:
            returned.state, returned.ended_at = _State.RETURNED, settled + timedelta(days=2)
            returned.remark = "Example: account closed"
        Payout.objects.bulk_create(payouts)
        self._export(payouts, when)
        for payout in payouts:
            self.ledger.payout_approved(payout, when=when + APPROVED_AFTER)
            self.ledger.payout_paid(payout, when=settled)
        if returned:
            self.ledger.payout_returned(returned, when=settled + timedelta(days=2))
        debits = {entry.posting.source_id: entry for entry in self.ledger.write() if _is_debit(entry)}
        self._hold({payout.pk: [*due[payout.vendor_id], debits[payout.pk]] for payout in payouts})

    def _write_draft(self) -> None:
        """Today's batch, handed in by one officer and waiting for the other."""
        when = self.now - timedelta(hours=3)
        due = self._due(when)
        payouts = Payout.objects.bulk_create(self._draft(due, when))
        self._hold({payout.pk: due[payout.vendor_id] for payout in payouts})

    def _due(self, when: datetime) -> dict[int, list[LedgerEntry]]:
        """The entries that a payout made then would hold, for each group that nothing stands in the way of."""
        due: dict[int, list[LedgerEntry]] = {}
        balances: dict[int, Decimal] = {}
        for posted_at, entry in self.ledger.posted:
            vendor = entry.vendor_id
            if vendor is None or posted_at > when:
                continue
            balances[vendor] = balances.get(vendor, ZERO) - entry.amount
            if entry.pk not in self.taken and _is_payable(entry, when):
                due.setdefault(vendor, []).append(entry)
        return {
            vendor: entries
            for vendor, entries in sorted(due.items())
            if obstacle_to(
                _amount(entries), "INR", account=self.accounts.get(vendor), payable=balances[vendor]
            )
            is None
        }

    def _draft(self, due: Mapping[int, list[LedgerEntry]], when: datetime) -> list[Payout]:
        """Payouts of these entries, not yet written, in a batch that is; none where nothing is due."""
        if not due:
            return []
        batch = PayoutBatch.objects.create(
            number=f"{when:%Y%m%d}-INR-1",
            currency="INR",
            count=len(due),
            total=sum((_amount(entries) for entries in due.values()), ZERO),
            drafted_by=self.officers.finance,
            created_at=when,
        )
        return [
            Payout(
                vendor_id=vendor,
                account=self.accounts[vendor],
                batch=batch,
                currency="INR",
                amount=_amount(entries),
                created_at=when,
            )
            for vendor, entries in due.items()
        ]

    def _export(self, payouts: list[Payout], when: datetime) -> None:
        """Settle the batch of these payouts, with the bank's file as payments.services.batches writes it."""
        batch = payouts[0].batch
        assert batch is not None  # noqa: S101 - every payout of a past run has one; the type checker does not know
        batch.content, batch.sha256 = written([_line(payout) for payout in payouts])
        batch.state, batch.approved_by = PayoutBatch.State.SETTLED, self.officers.second
        batch.approved_at = when + APPROVED_AFTER
        batch.exported_at = batch.approved_at + timedelta(minutes=10)
        batch.save()

    def _hold(self, entries: Mapping[int, list[LedgerEntry]]) -> None:
        items = [PayoutItem(payout_id=payout, entry=entry) for payout in entries for entry in entries[payout]]
        PayoutItem.objects.bulk_create(items)
        self.taken |= {item.entry_id for item in items}


def _account(vendor: Partner, chair: int, *, given: datetime | None = None) -> PayoutAccount:
    """Details that nobody could take for real ones."""
    since = given or vendor.created_at
    return PayoutAccount(
        vendor=vendor,
        rail=PayoutAccount.Rail.BANK_BATCH,
        holder=vendor.name[:120],
        bank_name=BANK,
        bank_code="EXMP0000001",
        account_number=f"00000000{vendor.pk:04d}",
        minimum=MINIMUM,
        active_from=since,
        requested_by_id=chair,
        created_at=since,
    )


def _is_payable(entry: LedgerEntry, when: datetime) -> bool:
    if entry.account != LedgerEntry.Account.VENDOR_PAYABLE:
        return False
    part = entry.vendor_order
    return part is None or (part.payable_from is not None and part.payable_from <= when)


def _is_debit(entry: LedgerEntry) -> bool:
    return entry.vendor_id is not None and entry.posting.kind == "approved"


def _amount(entries: Iterable[LedgerEntry]) -> Decimal:
    """What a group is owed by these entries; credit is below zero in the ledger."""
    return -sum((entry.amount for entry in entries), ZERO)


def _line(payout: Payout) -> BankLine:
    account = payout.account
    return BankLine(
        reference=payout_number(payout),
        holder=account.holder,
        bank=account.bank_name,
        bank_code=account.bank_code,
        account_number=account.account_number,
        amount=payout.amount,
        currency=payout.currency,
    )
