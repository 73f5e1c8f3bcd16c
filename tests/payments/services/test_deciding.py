"""Decisions about refunds: amounts computed, counted and posted once; two persons above the limit; never too much."""

import threading
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from notices.models import Notice
from orders.models import Order
from orders.services.cancelling import supply_short
from payments.models import LedgerEntry, PaymentAttempt, Refund
from payments.refund_errors import (
    AnotherPerson,
    DisputedOrder,
    NotFromOneGroup,
    NothingToRefund,
    OverRefund,
    OwnOrder,
    ReferenceMissing,
    ReferenceTaken,
    RefundDecided,
    RefundOutdated,
    RemarkMissing,
    UnitsTaken,
)
from payments.services import deciding
from payments.services.cash import collect_cash
from payments.services.deciding import approve_refund, refund_again, reject_refund, request_refund
from payments.services.disputes import look_at_dispute
from payments.services.foreign_refunds import look_at_refund
from payments.services.receipts import match
from payments.services.refunds import make_refund, make_waiting_refunds
from payments.services.refunds_by_hand import record_given_by_group, record_sent_by_bank
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import a_receipt, a_transfer, cash_order, sent
from tests.payments.services.test_reconciling_rails import differences
from tests.support.race import race
from tests.support.refunds import balances, everything, paid_order, parts_of
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

D = Decimal
WHY = "The buyer wrote that it was torn"


@pytest.fixture
def two_groups(fake_provider):
    """Two units at 250.00 of one group and one at 80.00 of another, 60.00 for each delivery; 10 % and nothing."""
    first, second = VendorFactory(commission_rate=D("0.1000")), VendorFactory(commission_rate=D(0))
    return paid_order(fake_provider, (a_listing(vendor=first), 2), (a_listing("80.00", vendor=second), 1))


def ask(order, asked, **changes):
    fields = {"reason": Refund.Reason.DAMAGED, "remark": WHY}
    if "actor" not in changes:
        fields["actor"] = PersonFactory()
    return request_refund(order, asked, **{**fields, **changes})


def given_back(attempt):
    return PaymentAttempt.objects.get(pk=attempt.pk).amount_given_back


def test_one_unit_goes_back_with_its_share_and_its_commission(two_groups):
    order, attempt = two_groups
    first = parts_of(order)[0]
    Notice.objects.all().delete()

    refund = ask(order, Asked({first.lines.get().pk: 1}))

    order.refresh_from_db()
    item = refund.items.get()
    assert (refund.amount, refund.currency, refund.state) == (D("250.00"), "INR", "waiting")
    assert (item.quantity, item.amount, item.share, item.commission) == (
        1,
        D("250.00"),
        D("225.00"),
        D("25.00"),
    )
    assert (given_back(attempt), order.status) == (D("250.00"), "part_refunded")
    assert balances(posting__source_type="refund") == {
        "commission": D("25.00"),
        "refund_clearing": D("-250.00"),
        "vendor_payable": D("225.00"),
    }
    notice = Notice.objects.get()
    assert (notice.kind, notice.context["amount"]) == ("refund_made", "250.00")
    assert notice.context["goods"].startswith("1 x ")


def test_line_by_line_everything_goes_back_and_no_commission_is_left(two_groups, fake_provider):
    order, attempt = two_groups
    first, second = parts_of(order)
    line = first.lines.get()
    steps = [
        Asked({line.pk: 1}),
        Asked({}, [first.pk]),
        Asked({line.pk: 1, second.lines.get().pk: 1}),
        Asked({}, [second.pk]),
    ]

    amounts = [ask(order, step).amount for step in steps]
    make_waiting_refunds()

    order.refresh_from_db()
    assert amounts == [D("250.00"), D("60.00"), D("330.00"), D("60.00")]
    assert (given_back(attempt), order.status) == (D("700.00"), "refunded")
    assert balances() == {"provider_clearing": D("700.00"), "refund_clearing": D("-700.00")}
    assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}
    assert sum(refund.amount for refund in fake_provider.refunds.values()) == D("700.00")


@pytest.mark.fault(34)
def test_a_form_sent_twice_is_one_refund(two_groups):
    order, attempt = two_groups
    line, token, actor = parts_of(order)[0].lines.get(), uuid.uuid4(), PersonFactory()

    first, again = (ask(order, Asked({line.pk: 1}), token=token, actor=actor) for _ in range(2))

    assert first == again
    assert (Refund.objects.count(), given_back(attempt)) == (1, D("250.00"))


@pytest.mark.fault(36)
def test_more_than_is_left_is_refused_and_nothing_changes(two_groups):
    order, attempt = two_groups
    first, second = parts_of(order)
    ask(order, Asked({first.lines.get().pk: 1}, [second.pk]))
    before = Refund.objects.count(), LedgerEntry.objects.count(), Notice.objects.count()

    with pytest.raises(UnitsTaken):
        ask(order, Asked({first.lines.get().pk: 2}))
    with pytest.raises(NothingToRefund):
        ask(order, Asked({}, [second.pk]))
    with pytest.raises(NothingToRefund):
        ask(order, Asked({}))
    with pytest.raises(RemarkMissing):
        ask(order, Asked({first.lines.get().pk: 1}), remark=" ")

    assert (Refund.objects.count(), LedgerEntry.objects.count(), Notice.objects.count()) == before
    assert given_back(attempt) == D("310.00")


@pytest.mark.fault(36)
def test_service_and_database_both_refuse_more_than_came_in(two_groups):
    order, attempt = two_groups
    # Somebody has refunded 600 of the 700 at the provider; what it was for nobody has said yet.
    Refund.objects.create(
        attempt=attempt,
        key="refund:re_1",
        amount=D("600.00"),
        currency="INR",
        reason="foreign",
        state="succeeded",
        next_try_at=attempt.created_at,
    )

    with pytest.raises(OverRefund):
        ask(order, Asked({parts_of(order)[0].lines.get().pk: 1}))
    with pytest.raises(IntegrityError, match="attempt_gives_back_what_it_got"), transaction.atomic():
        PaymentAttempt.objects.update(amount_given_back=D("700.01"))

    assert Refund.objects.count() == 1
    assert given_back(attempt) == 0


def test_an_order_that_nobody_paid_has_nothing_to_refund(fake_provider):
    order = placed_order()

    with pytest.raises(NothingToRefund):
        ask(order, everything(order))

    assert Refund.objects.count() == 0


@pytest.mark.fault(39)
def test_while_a_payment_is_disputed_nothing_is_refunded(two_groups, fake_provider):
    order, attempt = two_groups
    dispute = fake_provider.open_dispute(attempt.payment_intent_id, D("80.00"))
    look_at_dispute("stripe", dispute.id)

    with pytest.raises(DisputedOrder):
        ask(order, Asked({parts_of(order)[0].lines.get().pk: 1}))

    assert (Refund.objects.count(), given_back(attempt)) == (0, 0)


def test_above_the_limit_another_person_decides(two_groups, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 300}
    order, attempt = two_groups
    first, officer, other = parts_of(order)[0], PersonFactory(), PersonFactory()

    refund = ask(order, Asked({first.lines.get().pk: 2}), actor=officer)

    order.refresh_from_db()
    assert (refund.state, given_back(attempt), order.status) == ("proposed", 0, "paid")
    assert balances(posting__source_type="refund") == {}
    with pytest.raises(AnotherPerson):
        approve_refund(refund, actor=officer)
    with pytest.raises(UnitsTaken):
        ask(order, Asked({first.lines.get().pk: 1}), actor=other)
    assert [approve_refund(refund, actor=other), approve_refund(refund, actor=other)] == [True, False]
    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.state, refund.approved_by) == ("waiting", other)
    assert (given_back(attempt), order.status) == (D("500.00"), "part_refunded")


def test_the_limit_is_not_escaped_in_small_steps(two_groups, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 300}
    order, _attempt = two_groups
    line, officer = parts_of(order)[0].lines.get(), PersonFactory()

    states = [ask(order, Asked({line.pk: 1}), actor=officer).state for _step in range(2)]

    assert states == ["waiting", "proposed"]
    assert ask(order, Asked({}, [parts_of(order)[1].pk])).state == "waiting"


def test_in_a_currency_without_a_limit_there_are_always_two_persons(two_groups, settings):
    settings.FOUR_EYES_ABOVE = {"USD": 300}
    order, _attempt = two_groups

    assert ask(order, Asked({}, [parts_of(order)[0].pk])).state == "proposed"


def test_what_is_rejected_frees_its_units(two_groups, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, attempt = two_groups
    line, officer, other = parts_of(order)[0].lines.get(), PersonFactory(), PersonFactory()
    refund = ask(order, Asked({line.pk: 2}), actor=officer)

    with pytest.raises(RemarkMissing):
        reject_refund(refund, actor=other, reason=" ")
    said = [reject_refund(refund, actor=other, reason="Not torn at all") for _ in range(2)]

    refund.refresh_from_db()
    assert (said, refund.state, refund.approved_by) == ([True, False], "rejected", other)
    with pytest.raises(RefundDecided):
        approve_refund(refund, actor=other)
    assert given_back(attempt) == 0
    assert ask(order, Asked({line.pk: 2}), actor=officer).state == "proposed"


def test_who_proposed_may_take_it_back(two_groups, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, _attempt = two_groups
    officer = PersonFactory()
    refund = ask(order, everything(order), actor=officer)

    assert reject_refund(refund, actor=officer, reason="A mistake") is True

    refund.refresh_from_db()
    assert (refund.state, refund.approved_by) == ("rejected", None)


def test_a_decided_refund_is_not_rejected(two_groups):
    order, _attempt = two_groups
    refund = ask(order, Asked({}, [parts_of(order)[0].pk]))

    with pytest.raises(RefundDecided):
        reject_refund(refund, actor=PersonFactory(), reason=WHY)

    refund.refresh_from_db()
    assert refund.state == "waiting"


@pytest.mark.fault(39)
def test_what_was_proposed_before_a_dispute_is_not_approved_during_it_nor_when_it_took_the_money(
    two_groups, fake_provider, settings
):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, attempt = two_groups
    first = parts_of(order)[0]
    refund = ask(order, Asked({first.lines.get().pk: 2}, [first.pk]))
    dispute = fake_provider.open_dispute(attempt.payment_intent_id, D("560.00"))
    look_at_dispute("stripe", dispute.id)

    with pytest.raises(DisputedOrder):
        approve_refund(refund, actor=PersonFactory())
    fake_provider.close_dispute(dispute.id, won=False)
    look_at_dispute("stripe", dispute.id)
    with pytest.raises((RefundOutdated, UnitsTaken)):
        approve_refund(refund, actor=PersonFactory())

    refund.refresh_from_db()
    assert (refund.state, given_back(attempt)) == ("proposed", D("560.00"))


@pytest.fixture
def failed(two_groups, fake_provider):
    """A refund of 250.00 that the bank sent back after days."""
    order, _attempt = two_groups
    refund = ask(order, Asked({parts_of(order)[0].lines.get().pk: 1}))
    make_refund(refund.pk)
    refund.refresh_from_db()
    fake_provider.fail_refund(refund.provider_id)
    look_at_refund("stripe", refund.provider_id)
    refund.refresh_from_db()
    return refund


@pytest.mark.fault(37)
def test_a_refund_that_failed_is_asked_again_once_under_a_new_key(failed, fake_provider):
    officer = PersonFactory()
    assert (failed.state, given_back(failed.attempt)) == ("failed", 0)

    first, again = refund_again(failed, actor=officer), refund_again(failed, actor=officer)
    make_waiting_refunds()

    first.refresh_from_db()
    assert first == again
    assert (first.amount, first.reason, first.state) == (D("250.00"), "again", "succeeded")
    assert first.key != failed.key
    assert given_back(failed.attempt) == D("250.00")
    assert balances()["refund_clearing"] == D("-250.00")
    assert "customer_unapplied" not in balances()
    assert [refund.status for refund in fake_provider.refunds.values()] == ["failed", "succeeded"]
    with pytest.raises(RefundDecided):
        record_sent_by_bank(failed, "JRNL0001", actor=PersonFactory())


@pytest.mark.fault(37)
def test_a_refund_that_failed_is_sent_by_bank_and_not_asked_for_any_more(failed, fake_provider):
    officer = PersonFactory()
    with pytest.raises(AnotherPerson):
        record_sent_by_bank(failed, "JRNL0001", actor=failed.requested_by)
    with pytest.raises(ReferenceMissing):
        record_sent_by_bank(failed, "  ", actor=officer)

    said = [record_sent_by_bank(failed, "JRNL0001", actor=officer) for _ in range(2)]
    answered = make_waiting_refunds()

    sent = Refund.objects.get(again_for=failed)
    assert (said, answered) == ([True, False], 0)
    assert (sent.state, sent.approved_by, sent.bank_reference) == ("succeeded", officer, "JRNL0001")
    assert (given_back(failed.attempt), len(fake_provider.refunds)) == (D("250.00"), 1)
    assert balances()["bank"] == D("-250.00")
    assert {"customer_unapplied", "refund_clearing"} & set(balances()) == set()


def test_a_journal_number_names_one_refund(failed, two_groups):
    record_sent_by_bank(failed, "JRNL0001", actor=PersonFactory())
    order = cash_order((a_listing(), 1))
    collect_cash(sent(parts_of(order)[0]), actor=PersonFactory())
    refund = ask(order, everything(order))
    before = balances()

    with pytest.raises(ReferenceTaken):
        record_sent_by_bank(refund, "JRNL0001", actor=PersonFactory())

    assert balances() == before


def test_cash_that_the_group_gave_back_is_owed_to_the_group():
    order = cash_order((a_listing(vendor=VendorFactory(commission_rate=D("0.1000"))), 1))
    part, member = parts_of(order)[0], PersonFactory()
    collect_cash(sent(part), actor=member)
    refund, officer = ask(order, everything(order)), PersonFactory()
    before = balances()

    with pytest.raises(AnotherPerson):
        record_given_by_group(refund, actor=refund.requested_by)
    said = [record_given_by_group(refund, actor=officer) for _ in range(2)]

    refund.refresh_from_db()
    assert before == {"refund_clearing": D("-310.00"), "vendor_payable": D("310.00")}
    assert (said, refund.state, refund.given_by, balances()) == ([True, False], "succeeded", part, {})
    assert make_waiting_refunds() == 0
    assert differences() == set()


def test_only_what_one_group_took_in_cash_is_given_back_by_it(two_groups):
    order, _attempt = two_groups
    by_card = ask(order, Asked({}, [parts_of(order)[0].pk]))
    in_cash = cash_order((a_listing(), 1), (a_listing(), 1))
    for part in parts_of(in_cash):
        collect_cash(sent(part), actor=PersonFactory())
    of_two = ask(in_cash, everything(in_cash))

    for refund in (by_card, of_two):
        with pytest.raises(NotFromOneGroup):
            record_given_by_group(refund, actor=PersonFactory())

    assert Refund.objects.filter(given_by=None).count() == 2


def test_what_has_not_failed_is_neither_asked_again_nor_sent_by_bank(two_groups):
    order, _attempt = two_groups
    refund = ask(order, Asked({}, [parts_of(order)[0].pk]))

    with pytest.raises(RefundDecided):
        refund_again(refund, actor=PersonFactory())
    with pytest.raises(RefundDecided):
        record_sent_by_bank(refund, "JRNL0001", actor=PersonFactory())

    assert Refund.objects.get().state == "waiting"


def test_a_refund_of_a_bank_transfer_waits_until_a_person_has_sent_it():
    attempt = a_transfer()
    match(a_receipt(), attempt, actor=PersonFactory())
    order, officer = Order.objects.get(), PersonFactory()
    refund = ask(order, everything(order), actor=officer)

    make_waiting_refunds()

    refund.refresh_from_db()
    assert refund.state == "pending"
    with pytest.raises(AnotherPerson):
        record_sent_by_bank(refund, "JRNL0002", actor=officer)
    said = [record_sent_by_bank(refund, "JRNL0002", actor=PersonFactory()) for _ in range(2)]
    refund.refresh_from_db()
    assert (said, refund.state, refund.bank_reference) == ([True, False], "succeeded", "JRNL0002")
    assert balances() == {}
    assert Order.objects.get().status == "refunded"


def test_of_an_order_paid_at_the_door_only_what_was_paid_goes_back():
    listing = a_listing(units=9)
    order = cash_order((listing, 3), (a_listing(), 1))
    first, second = parts_of(order)
    with pytest.raises(NothingToRefund):
        ask(order, Asked({}, [first.pk]))
    supply_short(first, {first.lines.get().pk: 1}, actor=PersonFactory(), reason="One was torn")
    collect_cash(sent(first), actor=PersonFactory())

    with pytest.raises(UnitsTaken):
        ask(order, Asked({first.lines.get().pk: 3}))
    with pytest.raises((NothingToRefund, UnitsTaken)):
        ask(order, Asked({second.lines.get().pk: 1}))
    refund = ask(order, Asked({first.lines.get().pk: 2}, [first.pk]))

    make_waiting_refunds()
    record_sent_by_bank(refund, "JRNL0003", actor=PersonFactory())
    assert refund.amount == D("560.00")
    assert balances(account="commission") == {}
    assert given_back(refund.attempt) == D("560.00")


@pytest.mark.fault(34)
@pytest.mark.django_db(transaction=True)
def test_clicked_at_once_by_many_it_is_refunded_once(two_groups):
    order, attempt = two_groups
    asked, officer = Asked({parts_of(order)[0].lines.get().pk: 2}), PersonFactory()

    outcomes = race(lambda: ask(order, asked, actor=officer), contenders=6)

    assert [type(outcome) for outcome in outcomes if outcome] == [UnitsTaken] * 5
    assert (Refund.objects.count(), given_back(attempt)) == (1, D("500.00"))


@pytest.mark.fault(34)
@pytest.mark.django_db(transaction=True)
def test_approved_at_once_by_many_it_is_decided_once(two_groups, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, attempt = two_groups
    refund, other = ask(order, everything(order)), PersonFactory()

    outcomes = race(lambda: approve_refund(refund, actor=other), contenders=6)

    assert outcomes == [None] * 6
    assert given_back(attempt) == D("700.00")
    assert balances(posting__source_type="refund")["refund_clearing"] == D("-700.00")


@pytest.mark.fault(35)
@pytest.mark.django_db(transaction=True)
def test_partial_refunds_of_two_groups_at_once_both_count(two_groups):
    order, attempt = two_groups
    turns = iter([Asked({}, [part.pk]) for part in parts_of(order)])
    officers = [PersonFactory(), PersonFactory()]

    outcomes = race(lambda: ask(order, next(turns), actor=officers.pop()), contenders=2)

    order.refresh_from_db()
    assert outcomes == [None, None]
    assert (given_back(attempt), order.status) == (D("120.00"), "part_refunded")
    assert balances(posting__source_type="refund") == {
        "refund_clearing": D("-120.00"),
        "vendor_payable": D("120.00"),
    }


@pytest.fixture
def without_the_check_constraint(transactional_db):
    """The database's own promise taken away, to see what the lock alone is worth."""
    name = "attempt_gives_back_what_it_got"
    constraint = next(each for each in PaymentAttempt._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(PaymentAttempt, constraint)
    yield
    PaymentAttempt.objects.update(amount_given_back=0)
    with connection.schema_editor() as editor:
        editor.add_constraint(PaymentAttempt, constraint)


@pytest.mark.fault(36)
@pytest.mark.parametrize(("is_locked", "made"), [(True, 1), (False, 4)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_the_lock_alone_stops_refunding_too_much(
    two_groups, monkeypatch, without_the_check_constraint, is_locked, made
):
    order, _attempt = two_groups
    asked, officer = everything(order), PersonFactory()
    if not is_locked:
        everybody_looked = threading.Barrier(4)
        counted = deciding.OrderShares

        def look_and_wait(*given, **more):
            shares = counted(*given, **more)
            everybody_looked.wait(timeout=30)
            return shares

        monkeypatch.setattr(deciding, "lock_order", lambda pk: Order.objects.get(pk=pk))
        monkeypatch.setattr(
            deciding,
            "lock_paid_attempt",
            lambda order: PaymentAttempt.objects.get(order=order, state="succeeded"),
        )
        monkeypatch.setattr(deciding, "recount", lambda attempt: None)
        monkeypatch.setattr(deciding, "OrderShares", look_and_wait)

    race(lambda: ask(order, asked, actor=officer), contenders=4)

    assert Refund.objects.count() == made


def test_nobody_refunds_or_approves_their_own_order(fake_provider, settings):
    order, _attempt = paid_order(fake_provider)
    buyer, officer = PersonFactory(finance=True), PersonFactory(finance=True)
    Order.objects.update(user=buyer)
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    ask = {"reason": Refund.Reason.GOODWILL, "remark": "torn"}

    with pytest.raises(OwnOrder, match="your own order"):
        request_refund(order, everything(order), actor=buyer, **ask)
    before = Refund.objects.count()
    proposed = request_refund(order, everything(order), actor=officer, **ask)
    with pytest.raises(OwnOrder, match="your own order"):
        approve_refund(proposed, actor=buyer)

    proposed.refresh_from_db()
    assert (before, proposed.state) == (0, "proposed")


def test_the_limit_counts_what_one_officer_refunds_alone_over_all_orders_of_a_day(fake_provider, settings):
    orders = [paid_order(fake_provider)[0] for _ in range(3)]
    officer, other = PersonFactory(finance=True), PersonFactory(finance=True)
    settings.FOUR_EYES_ABOVE = {"INR": 500}
    ask = {"reason": Refund.Reason.GOODWILL, "remark": "torn"}

    first = request_refund(orders[0], everything(orders[0]), actor=officer, **ask)
    second = request_refund(orders[1], everything(orders[1]), actor=officer, **ask)
    by_other = request_refund(orders[2], everything(orders[2]), actor=other, **ask)

    assert [row.state for row in (first, second, by_other)] == ["waiting", "proposed", "waiting"]
