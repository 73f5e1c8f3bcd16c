"""What must hold after every step, and the reading of the books that it needs."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import SimpleNamespace

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum
from hypothesis.stateful import RuleBasedStateMachine, invariant

from orders.models import VendorOrder
from payments.models import (
    Dispute,
    DisputeItem,
    LedgerEntry,
    LedgerPosting,
    PaymentAttempt,
    Payout,
    Refund,
    Transfer,
)
from payments.selectors.balances import vendor_balances
from tests.payments.machine.reckoning import ZERO, Goods, Part

CENT = Decimal("0.01")
RATE = Decimal("0.0725")
CURRENCIES = ("INR", "USD")


class WhatMustHold(RuleBasedStateMachine):
    """The invariants. Whoever inherits gives world, fake, vendors, parts, bank_paid and officers."""

    # What must hold after every step.

    @invariant()
    def the_books_agree(self) -> None:
        self.the_ledger_sums_to_zero()
        self.groups_and_programme_have_what_buyers_paid_and_kept_paying_for()
        self.commission_is_kept_on_what_was_kept_and_on_nothing_else()
        self.what_is_held_is_what_is_disputed()
        self.nothing_is_under_way_when_it_is_quiet()
        self.no_charge_gives_more_than_it_brought()

    def the_ledger_sums_to_zero(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        by_posting = LedgerEntry.objects.values("posting").annotate(total=Sum("amount")).exclude(total=0)
        assert not by_posting.exists()

    def groups_and_programme_have_what_buyers_paid_and_kept_paying_for(self) -> None:
        for currency in CURRENCIES:
            worth = sum((part.worth for part in self._settled_parts(currency)), ZERO)
            paid_out = self._sent(currency) + self.bank_paid[currency] + self._in_flight(currency)
            books = self._books(currency)
            owed = -(books["vendor_payable"] + books["vendor_held"])
            assert owed + paid_out - books["commission"] == worth, (currency, owed, paid_out, books, worth)
            given = sum((part.kept_promotion for part in self._settled_parts(currency)), ZERO)
            assert books["promotion"] == given, (currency, books, given)

    def commission_is_kept_on_what_was_kept_and_on_nothing_else(self) -> None:
        for currency in CURRENCIES:
            parts = self._settled_parts(currency)
            due = sum((part.kept_goods * RATE for part in parts), ZERO)
            lines = sum(len(part.goods) for part in parts)
            kept = -self._books(currency)["commission"]
            assert abs(kept - due) <= CENT * (lines + len(parts)), (currency, kept, due)
        for part in self.parts:
            if not part.kept_goods and part in self._settled_parts(part.currency):
                left = self._ledger_of(part)
                assert left == (ZERO if part.is_delivery_back else -part.delivery), (part, left)

    def what_is_held_is_what_is_disputed(self) -> None:
        for currency in CURRENCIES:
            open_rows = Dispute.objects.filter(state="open", currency=currency)
            disputed = sum((row.amount for row in open_rows), ZERO)
            books = self._books(currency)
            assert books["dispute_receivable"] == disputed
            theirs = sum((self._left_by_failed_refunds(row) for row in open_rows), ZERO)
            assert (-books["vendor_held"] > 0) == (disputed > theirs), (currency, books, disputed, theirs)
            # A group's share holds what the programme had added to the price, too.
            added = DisputeItem.objects.filter(dispute__in=open_rows).aggregate(
                sum=Sum("promotion", default=ZERO)
            )
            assert -books["vendor_held"] <= disputed + added["sum"]

    def nothing_is_under_way_when_it_is_quiet(self) -> None:
        for currency in CURRENCIES:
            books = self._books(currency)
            failed = Refund.objects.filter(state="failed", successor=None, currency=currency)
            owed = sum((row.amount for row in failed), ZERO)
            assert books["programme_loss"] == ZERO, books
            assert books["provider_clearing"] == books["refund_clearing"] == books["unexplained"] == ZERO, (
                books
            )
            assert books["customer_unapplied"] == -owed
            assert books["payout_in_flight"] == -self._in_flight(currency)
            assert books["bank"] == -self.bank_paid[currency]
            assert books["provider_balance"] == self.fake.retrieve_balance().get(currency, ZERO)

    def no_charge_gives_more_than_it_brought(self) -> None:
        for charge in self.fake.charges.values():
            assert charge.refunded + charge.lost <= charge.amount, charge
        for attempt in PaymentAttempt.objects.all():
            charge = self.fake.charges[attempt.charge_id]
            failed = ZERO
            assert attempt.amount_given_back == charge.refunded + charge.lost + failed, (attempt.pk, charge)
        for transfer in Transfer.objects.filter(state="succeeded"):
            remote = self.fake.transfers[transfer.provider_id]
            assert transfer.amount_reversed == remote.amount_reversed <= remote.amount

    # Reading.

    def _left_by_failed_refunds(self, dispute: Dispute) -> Decimal:
        """What failed refunds had left with us when the bank called: the customer's already, no share is held for it.

        What fails while the bank decides was no part of what it called back.
        """
        failed = dispute.attempt.refunds.filter(state="failed", successor=None)
        posted = LedgerPosting.objects.filter(
            source_type="refund", source_id=OuterRef("pk"), kind="failed", posted_at__lt=dispute.opened_at
        )
        return sum(failed.filter(Exists(posted)).values_list("amount", flat=True), ZERO)

    def _happen(self) -> None:
        self.world.tell()
        self.world.quiet()
        disputed = {row.attempt.order_id for row in self._open_disputes()}
        for part in self.parts:
            if part.order_pk not in disputed:
                part.give_back_what_is_owed()

    def _settled_parts(self, currency: str) -> list[Part]:
        return [part for part in self.parts if part.currency == currency]

    def _books(self, currency: str) -> defaultdict[str, Decimal]:
        rows = (
            LedgerEntry.objects.filter(currency=currency).values_list("account").annotate(sum=Sum("amount"))
        )
        return defaultdict(lambda: ZERO, rows)

    def _ledger_of(self, part: Part) -> Decimal:
        """What the ledger says that a sale is worth to its group, payouts and reversals left out."""
        entries = LedgerEntry.objects.filter(vendor_order=part.pk, account__in=LedgerEntry.VENDOR_ACCOUNTS)
        sale = entries.exclude(posting__kind__in=("transferred", "reversed"))
        return sale.aggregate(sum=Sum("amount", default=ZERO))["sum"]

    def _payable(self) -> dict[tuple[int, str], Decimal]:
        balances = vendor_balances([vendor.pk for vendor in self.vendors])
        return {key: balance.payable for key, balance in balances.items()}

    def _sent(self, currency: str) -> Decimal:
        rows = self.fake.transfers.values()
        return sum((row.amount - row.amount_reversed for row in rows if row.currency == currency), ZERO)

    def _in_flight(self, currency: str) -> Decimal:
        rows = Payout.objects.filter(state__in=("approved", "sent"), batch__isnull=False, currency=currency)
        return rows.aggregate(sum=Sum("amount", default=ZERO))["sum"]

    def _with_the_bank(self) -> list[Payout]:
        return list(Payout.objects.filter(state="sent", batch__isnull=False).order_by("pk"))

    def _open_disputes(self) -> list[Dispute]:
        return list(Dispute.objects.filter(state="open").select_related("attempt").order_by("pk"))

    def _pick(self, choice: int) -> Part:
        return self.parts[choice % len(self.parts)]

    def _pick_goods(self, part: Part, choice: int) -> tuple[int, Goods]:
        names = sorted(part.goods)
        name = names[choice % len(names)]
        return name, part.goods[name]

    def _row(self, part: Part) -> VendorOrder:
        return VendorOrder.objects.get(pk=part.pk)

    def _attempt(self, part: Part) -> PaymentAttempt:
        return PaymentAttempt.objects.get(order=part.order_pk, state="succeeded")

    @contextmanager
    def _refusable(self, *errors: type[Exception]) -> Iterator[SimpleNamespace]:
        """A step that may be refused; then it has changed nothing."""
        outcome = SimpleNamespace(refused=False)
        try:
            with transaction.atomic():
                yield outcome
        except errors:
            outcome.refused = True
