"""Sales, refunds, returns, disputes and payouts in any order, in two currencies, held against a plain reckoning."""

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from orders.models import Line, Order, OrderLineDiscount, Shipment, VendorOrder
from orders.services import cancelling, fulfilment, returning
from orders.services.fulfilment import ShipmentData
from payments.models import (
    Payout,
    PayoutAccount,
    PayoutBatch,
    Refund,
)
from payments.payout_errors import BatchChanged, BatchEmpty
from payments.refund_errors import RefundError
from payments.services import batches, deciding, expiring, providers, settlements
from payments.services.attempts import start_payment
from payments.services.reconciling import reconcile
from payments.services.shares import Asked
from tests.factories.offers import an_offer
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.faults.world import MANNERS, World
from tests.payments.machine.holding import CURRENCIES, WhatMustHold
from tests.payments.machine.reckoning import ZERO, Goods, Part
from tests.support.provider_fake import FakeProvider
from tests.support.sale import a_listing, open_shop, placed_order

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
# What ends a sale is tried less often than what goes on with it.
SELDOM = st.sampled_from([False, False, False, True])


class MoneyMachine(WhatMustHold):
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
        an_offer(payer=self.vendors[0], percent=Decimal(15), currency="INR")
        an_offer(amount=Decimal("7.77"), minimum=Decimal(60), currency="USD")
        an_offer(percent=Decimal(35), code="", currency="INR", vendor=self.vendors[1])
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

    @initialize(manner=st.sampled_from(MANNERS), currency=st.sampled_from(CURRENCIES), is_late=st.booleans())
    def a_first_sale(self, manner: str, currency: str, is_late: bool) -> None:
        self.world.manner = manner
        self._sell(currency, (0, 1), [3, 2])
        for part in [] if is_late else self.parts:
            self._deliver(part)

    @rule(
        currency=st.sampled_from(CURRENCIES),
        groups=st.sampled_from([(0,), (1,), (0, 1)]),
        units=st.lists(st.integers(1, 7), min_size=2, max_size=2),
        is_delivered=st.booleans(),
    )
    def a_buyer_pays(
        self, currency: str, groups: tuple[int, ...], units: list[int], is_delivered: bool
    ) -> None:
        sold = len(self.parts)
        self._sell(currency, groups, units)
        for part in self.parts[sold:] if is_delivered else []:
            self._deliver(part)

    @precondition(lambda self: self._undelivered())
    @rule(choice=SOME)
    def a_group_delivers(self, choice: int) -> None:
        parts = self._undelivered()
        self._deliver(parts[choice % len(parts)])

    def _sell(self, currency: str, groups: tuple[int, ...], units: list[int]) -> None:
        goods = [
            (listing, count)
            for place in groups
            for listing, count in zip(self.listings[self.vendors[place].pk, currency], units, strict=False)
        ]
        order = placed_order(*goods)
        self.fake.pay(start_payment(order).session_id)
        self._happen()
        for part in order.vendor_orders.all():
            lines = {line.pk: self._goods(line) for line in part.lines.all()}
            self.parts.append(Part(part.pk, order.pk, part.vendor_id, currency, part.delivery_price, lines))

    def _goods(self, line: Line) -> Goods:
        """A line with what the two offers of this world take off it: the first group 15 %, the programme an amount."""
        own, programme = (
            sum(
                OrderLineDiscount.objects.filter(
                    line=line, order_discount__payer__isnull=is_programme
                ).values_list("amount", flat=True),
                ZERO,
            )
            for is_programme in (False, True)
        )
        return Goods(line.unit_price_incl_tax, line.quantity, own, programme)

    def _deliver(self, part: Part) -> None:
        row = self._row(part)
        fulfilment.accept(row, actor=self.officer)
        data = ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1-A1234")
        fulfilment.ship(row, data, actor=self.officer)
        fulfilment.deliver(row, actor=self.officer)
        self._happen()

    def _undelivered(self) -> list[Part]:
        waiting = VendorOrder.objects.filter(state="new").values_list("pk", flat=True)
        return [part for part in self.parts if part.pk in set(waiting)]

    @precondition(lambda self: self._undelivered())
    @rule(choice=SOME, missing=st.integers(1, 3))
    def a_group_has_too_little(self, choice: int, missing: int) -> None:
        parts = self._undelivered()
        part = parts[choice % len(parts)]
        row = self._row(part)
        line_pk, goods = self._pick_goods(part, choice)
        missing = min(missing, goods.units - goods.given_up)
        if missing < 1:
            return
        goods.given_up += missing
        cancelling.supply_short(row, {line_pk: goods.given_up}, actor=self.officer, reason="frost")
        if all(each.given_up == each.units for each in part.goods.values()):
            part.cancel()
        self._happen()

    @precondition(lambda self: self._undelivered())
    @rule(choice=SOME, is_rare=SELDOM)
    def a_group_cancels(self, choice: int, is_rare: bool) -> None:
        parts = self._undelivered()
        part = parts[choice % len(parts)]
        row = self._row(part)
        if not is_rare:
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
    @rule(choice=SOME, is_rare=SELDOM)
    def a_bank_calls_all_money_back(self, choice: int, is_rare: bool) -> None:
        if not is_rare:
            return
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
    def a_night_passes(self) -> None:
        VendorOrder.objects.filter(payable_from__isnull=False).update(payable_from=timezone.now())
        before = self._payable()
        self.world.night()
        for key, balance in self._payable().items():
            assert balance >= 0 or balance >= before.get(key, ZERO), f"a payout took {key} to {balance}"

    @precondition(lambda self: PayoutBatch.objects.filter(state="draft").exists())
    @rule(approved=st.sampled_from([True, True, False]), answer=st.sampled_from(["", "settled", "returned"]))
    def a_batch_is_decided(self, approved: bool, answer: str) -> None:
        batch = PayoutBatch.objects.filter(state="draft").earliest("pk")
        batches.hand_in(batch, actor=self.officer)
        # What is not owed any more is taken out first, and the officer looks again.
        for _look in range(2) if approved else []:
            with suppress(BatchChanged, BatchEmpty):
                batches.approve(batch, actor=self.second)
        batch.refresh_from_db()
        if batch.state == PayoutBatch.State.APPROVED:
            batches.export(batch)
            for payout in self._with_the_bank() if answer else []:
                self._answer(payout, comes_back=answer == "returned")
        else:
            batches.reject(batch, actor=self.second, reason="wrong month")
        self._happen()

    @precondition(lambda self: self._with_the_bank())
    @rule(choice=SOME, comes_back=st.booleans())
    def the_bank_answers(self, choice: int, comes_back: bool) -> None:
        rows = self._with_the_bank()
        self._answer(rows[choice % len(rows)], comes_back=comes_back)
        self._happen()

    @rule(is_empty=st.booleans())
    def a_group_takes_its_money_from_its_account(self, is_empty: bool) -> None:
        if is_empty:
            self.fake.empty(self.account)

    @rule(is_rare=SELDOM)
    def somebody_reconciles(self, is_rare: bool) -> None:
        if not is_rare:
            return
        found = reconcile()
        assert found.is_clean, [f"{row.key}: {row.expected} {row.found} {row.detail}" for row in found.open]

    def _answer(self, payout: Payout, *, comes_back: bool) -> None:
        answer = settlements.BankAnswer(
            is_settled=not comes_back,
            reference=f"B{payout.pk}",
            on=timezone.localdate(),
            reason="closed account",
        )
        if comes_back:
            settlements.return_line(payout, answer)
            # An officer has asked the group, and the account is right.
            PayoutAccount.objects.update(restriction="")
        else:
            settlements.settle_line(payout, answer)
            self.bank_paid[payout.currency] += payout.amount


class DisputeMachine(MoneyMachine):
    """The same world, in which banks call money back and decide more often."""

    @precondition(lambda self: self.parts and not self._open_disputes())
    @rule(choice=SOME)
    def a_bank_calls_money_back_again(self, choice: int) -> None:
        self.a_bank_calls_all_money_back(choice=choice, is_rare=True)

    @precondition(lambda self: self._open_disputes())
    @rule(choice=SOME, won=st.booleans())
    def another_bank_decides(self, choice: int, won: bool) -> None:
        self.a_bank_decides(choice=choice, won=won)
