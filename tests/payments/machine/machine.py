"""Sales, refunds, returns, disputes and payouts in any order, in two currencies, held against a plain reckoning."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from marketplace.lib.states import IllegalTransition
from orders.models import Order, Shipment, VendorOrder
from orders.services import cancelling, fulfilment, returning
from orders.services.fulfilment import ShipmentData
from payments.models import (
    Dispute,
    LedgerEntry,
    PaymentAttempt,
    Payout,
    PayoutAccount,
    PayoutBatch,
    Refund,
    Transfer,
)
from payments.refund_errors import RefundError
from payments.selectors.balances import vendor_balances
from payments.services import batches, deciding, expiring, providers, settlements
from payments.services.attempts import start_payment
from payments.services.reconciling import reconcile
from payments.services.shares import Asked
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.faults.world import MANNERS, World
from tests.support.provider_fake import FakeProvider
from tests.support.sale import a_listing, open_shop, placed_order

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
RATE = Decimal("0.0725")
CURRENCIES = ("INR", "USD")
PRICES = ("33.33", "250.00", "0.97")
# Of all that runs by the clock, what has anything to do here.
CLOCKWORK = (
    "payments.drain_provider_events",
    "payments.refund_what_is_owed",
    "payments.drain_refunds",
    "payments.drain_transfers",
    "payments.drain_reversals",
    "payments.fetch_balance_transactions",
)
SOME = st.integers(min_value=0, max_value=10**6)


@dataclass
class Goods:
    """One line as the reckoning knows it.

    given_up: units not supplied or returned, for which the money is owed. back: units whose money went back.
    """

    price: Decimal
    units: int
    given_up: int = 0
    back: int = 0

    @property
    def kept(self) -> Decimal:
        return self.price * (self.units - self.back)


@dataclass
class Part:
    """The part of one group: what the buyer paid for it, and has not got back."""

    pk: int
    order_pk: int
    vendor_pk: int
    currency: str
    delivery: Decimal
    goods: dict[int, Goods]
    is_cancelled: bool = False
    is_delivery_back: bool = False

    @property
    def kept_goods(self) -> Decimal:
        return sum((goods.kept for goods in self.goods.values()), ZERO)

    @property
    def worth(self) -> Decimal:
        return self.kept_goods + (ZERO if self.is_delivery_back else self.delivery)

    def cancel(self) -> None:
        for goods in self.goods.values():
            goods.given_up = goods.units
        self.is_cancelled = True

    def give_back_what_is_owed(self) -> None:
        for goods in self.goods.values():
            goods.back = max(goods.back, goods.given_up)
        self.is_delivery_back |= self.is_cancelled

    def give_back_all(self) -> None:
        for goods in self.goods.values():
            goods.back = goods.units
        self.is_delivery_back = True


class MoneyMachine(RuleBasedStateMachine):
    """Each rule is one thing that a person or the provider does; then everything that runs by the clock runs.

    The whole example is one transaction that is rolled back; deferred constraints are asked after every step.
    """

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.fake = FakeProvider()
        self.kept = (providers.StripeProvider, expiring.SWEEP_AFTER)
        providers.StripeProvider = lambda **_settings: self.fake
        expiring.SWEEP_AFTER = timedelta(0)
        self.world = World(self.fake, "as sent", rounds=2, clockwork=CLOCKWORK)
        self.officer, self.second = PersonFactory(is_superuser=True), PersonFactory(is_superuser=True)
        open_shop()
        DeliveryMethodFactory(code="post-usd", currency="USD", price=Decimal("9.10"))
        self.vendors = [VendorFactory(), VendorFactory()]
        self.listings = {
            (vendor.pk, currency): [
                a_listing(price, 10_000, vendor=vendor, stock__price_currency=currency) for price in PRICES
            ]
            for vendor in self.vendors
            for currency in CURRENCIES
        }
        self.parts: list[Part] = []
        self.bank_paid: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self._open_accounts()

    def teardown(self) -> None:
        providers.StripeProvider, expiring.SWEEP_AFTER = self.kept
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def _open_accounts(self) -> None:
        by_card, by_bank = self.vendors
        account = self.fake.create_account(key="account:1", email="", country="IN", metadata={})
        self.account = account.id
        self.fake.onboard(account.id)
        now = timezone.now()
        PayoutAccount.objects.create(
            vendor=by_card,
            rail="stripe_transfer",
            stripe_account_id=account.id,
            active_from=now,
            requested_by=self.officer,
        )
        PayoutAccount.objects.create(
            vendor=by_bank,
            rail="bank_batch",
            holder="Group",
            account_number="200100200",
            bank_code="BNBL",
            active_from=now,
            requested_by=self.officer,
        )

    # What people and the provider do.

    @rule(manner=st.sampled_from(MANNERS))
    def events_arrive_in_another_manner(self, manner: str) -> None:
        self.world.manner = manner

    @rule(
        currency=st.sampled_from(CURRENCIES),
        groups=st.sampled_from([(0,), (1,), (0, 1)]),
        units=st.lists(st.integers(1, 7), min_size=2, max_size=2),
    )
    def a_buyer_pays(self, currency: str, groups: tuple[int, ...], units: list[int]) -> None:
        goods = [
            (listing, count)
            for place in groups
            for listing, count in zip(self.listings[self.vendors[place].pk, currency], units, strict=False)
        ]
        order = placed_order(*goods)
        self.fake.pay(start_payment(order).session_id)
        self._happen()
        for part in order.vendor_orders.all():
            lines = {line.pk: Goods(line.unit_price_incl_tax, line.quantity) for line in part.lines.all()}
            self.parts.append(Part(part.pk, order.pk, part.vendor_id, currency, part.delivery_price, lines))

    @precondition(lambda self: self.parts)
    @rule(choice=SOME)
    def a_group_delivers(self, choice: int) -> None:
        part = self._row(self._pick(choice))
        with self._refusable(IllegalTransition):
            fulfilment.accept(part, actor=self.officer)
            data = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")
            fulfilment.ship(part, data, actor=self.officer)
            fulfilment.deliver(part, actor=self.officer)
        self._happen()

    @precondition(lambda self: self.parts)
    @rule(choice=SOME, missing=st.integers(1, 3))
    def a_group_has_too_little(self, choice: int, missing: int) -> None:
        part = self._pick(choice)
        line_pk, goods = self._pick_goods(part, choice)
        missing = min(missing, goods.units - goods.given_up)
        row = self._row(part)
        if missing < 1 or row.state not in ("new", "accepted"):
            return
        goods.given_up += missing
        cancelling.supply_short(row, {line_pk: goods.given_up}, actor=self.officer, reason="frost")
        if all(each.given_up == each.units for each in part.goods.values()):
            part.cancel()
        self._happen()

    @precondition(lambda self: self.parts)
    @rule(choice=SOME)
    def a_group_cancels(self, choice: int) -> None:
        part = self._pick(choice)
        row = self._row(part)
        if row.state not in ("new", "accepted"):
            return
        cancelling.cancel(row, actor=self.officer, reason="no goods")
        part.cancel()
        self._happen()

    @precondition(lambda self: self.parts)
    @rule(choice=SOME, units=st.integers(1, 3))
    def goods_come_back(self, choice: int, units: int) -> None:
        part = self._pick(choice)
        line_pk, goods = self._pick_goods(part, choice)
        units = min(units, goods.units - goods.given_up)
        row = self._row(part)
        if units < 1 or row.state not in ("shipped", "delivered", "completed"):
            return
        noted = row.lines.get(pk=line_pk).returned_quantity
        returning.take_back(row, {line_pk: noted + units}, actor=self.officer, reason="broken")
        goods.given_up += units
        self._happen()

    @precondition(lambda self: self.parts)
    @rule(choice=SOME, units=st.integers(0, 3), with_delivery=st.booleans())
    def an_officer_refunds(self, choice: int, units: int, with_delivery: bool) -> None:
        part = self._pick(choice)
        line_pk, goods = self._pick_goods(part, choice)
        asked = Asked({line_pk: units} if units else {}, [part.pk] if with_delivery else [])
        with self._refusable(RefundError) as outcome:
            refund = deciding.request_refund(
                Order.objects.get(pk=part.order_pk),
                asked,
                reason=Refund.Reason.GOODWILL,
                remark="kindness",
                actor=self.officer,
            )
            if refund.state == Refund.State.PROPOSED:
                deciding.approve_refund(refund, actor=self.second)
        if not outcome.refused:
            goods.back += units
            part.is_delivery_back |= with_delivery
        self._happen()

    @precondition(lambda self: self.fake.refunds)
    @rule(choice=SOME)
    def a_refund_fails_after_all(self, choice: int) -> None:
        names = sorted(self.fake.refunds)
        self.fake.fail_refund(names[choice % len(names)])
        self._happen()

    @precondition(lambda self: Refund.objects.filter(state="failed", successor=None).exists())
    @rule()
    def an_officer_asks_for_a_failed_refund_again(self) -> None:
        failed = Refund.objects.filter(state="failed", successor=None).earliest("pk")
        with self._refusable(RefundError):
            deciding.refund_again(failed, actor=self.officer)
        self._happen()

    @precondition(lambda self: self.parts)
    @rule(choice=SOME)
    def a_bank_calls_all_money_back(self, choice: int) -> None:
        intent = self._attempt(self._pick(choice)).payment_intent_id
        with self._refusable(ValueError):
            self.fake.open_dispute(intent)
        self._happen()

    @precondition(lambda self: self._open_disputes())
    @rule(choice=SOME, won=st.booleans())
    def a_bank_decides(self, choice: int, won: bool) -> None:
        rows = self._open_disputes()
        dispute = rows[choice % len(rows)]
        self.fake.close_dispute(dispute.provider_id, won=won)
        if not won:
            for part in self.parts:
                if part.order_pk == dispute.attempt.order_id:
                    part.give_back_all()
        self._happen()

    @rule()
    def time_passes(self) -> None:
        VendorOrder.objects.filter(payable_from__isnull=False).update(payable_from=timezone.now())

    @rule()
    def a_night_passes(self) -> None:
        before = self._payable()
        self.world.night()
        for key, balance in self._payable().items():
            assert balance >= 0 or balance >= before.get(key, ZERO), f"a payout took {key} to {balance}"

    @precondition(lambda self: PayoutBatch.objects.filter(state="draft").exists())
    @rule(approved=st.booleans())
    def a_batch_is_decided(self, approved: bool) -> None:
        batch = PayoutBatch.objects.filter(state="draft").earliest("pk")
        batches.hand_in(batch, actor=self.officer)
        if approved:
            batches.approve(batch, actor=self.second)
            batches.export(PayoutBatch.objects.get(pk=batch.pk))
        else:
            batches.reject(batch, actor=self.second, reason="wrong month")
        self._happen()

    @precondition(lambda self: self._with_the_bank())
    @rule(choice=SOME, comes_back=st.booleans())
    def the_bank_answers(self, choice: int, comes_back: bool) -> None:
        rows = self._with_the_bank()
        payout = rows[choice % len(rows)]
        answer = settlements.BankAnswer(
            is_settled=not comes_back,
            reference=f"B{payout.pk}",
            on=timezone.localdate(),
            reason="closed account",
        )
        if comes_back:
            settlements.return_line(payout, answer)
        else:
            settlements.settle_line(payout, answer)
            self.bank_paid[payout.currency] += payout.amount
        self._happen()

    @rule(is_empty=st.booleans())
    def a_group_takes_its_money_from_its_account(self, is_empty: bool) -> None:
        if is_empty:
            self.fake.empty(self.account)

    @rule()
    def somebody_reconciles(self) -> None:
        found = reconcile()
        assert found.is_clean, [f"{row.key}: {row.expected} {row.found} {row.detail}" for row in found.open]

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
            # Money that a failed refund left with us is the customer's already: no share is held for it.
            failed = Refund.objects.filter(state="failed", successor=None, attempt__disputes__in=open_rows)
            theirs = sum((row.amount for row in failed), ZERO)
            assert (-books["vendor_held"] > 0) == (disputed > theirs), (currency, books, disputed, theirs)
            assert -books["vendor_held"] <= disputed

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
