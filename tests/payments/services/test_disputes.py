"""Disputes: held from the right groups, lost or given back once, whatever the events do."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest

from notices.models import Notice
from orders.models import Order
from payments.models import Dispute, PaymentAttempt, Refund
from payments.providers.base import ProviderRequestRejected
from payments.refund_errors import DisputeClosed, NothingToRefund, UnitsTaken
from payments.selectors.balances import vendor_balance
from payments.services import ledger
from payments.services.deciding import request_refund
from payments.services.disputes import look_at_dispute, name_disputed_lines, poll_disputes
from payments.services.events import drain_events, handle_event, receive
from payments.services.refunds import make_refund, make_waiting_refunds
from payments.services.refunds_by_hand import record_sent_by_bank
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.services.test_reconciling_rails import differences
from tests.support.provider_fake import SIGNED
from tests.support.race import race
from tests.support.refunds import balances, everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal
WHY = "The buyer wrote that it was torn"


@pytest.fixture
def sale(fake_provider):
    """Two units at 250.00 of a group that gives 10 %, one at 80.00 of one that gives nothing; 60.00 per delivery."""
    PersonFactory(finance=True)
    first, second = VendorFactory(commission_rate=D("0.1000")), VendorFactory(commission_rate=D(0))
    order, attempt = paid_order(
        fake_provider, (a_listing(vendor=first), 2), (a_listing("80.00", vendor=second), 1)
    )
    Notice.objects.all().delete()
    return order, attempt


def opened(fake, attempt, amount=None, **changes):
    remote = fake.open_dispute(attempt.payment_intent_id, D(amount) if amount else None, **changes)
    look_at_dispute("stripe", remote.id)
    return remote


def closed(fake, remote, *, won):
    fake.close_dispute(remote.id, won=won)
    look_at_dispute("stripe", remote.id)


def held(order):
    """What each group is owed and what is held back from it."""
    found = [vendor_balance(part.vendor, "INR") for part in parts_of(order)]
    return [(balance.payable, balance.held) for balance in found]


def items():
    rows = Dispute.objects.get().items.order_by("vendor_order_id", "line_id")
    return [(item.line_id is not None, item.quantity, item.amount) for item in rows]


def of_books():
    """What reconciliation finds without asking the provider."""
    with_provider = ("provider", "ledger:dispute_receivable", "ledger:refund_clearing")
    return {key for key in differences() if not key.startswith(with_provider)}


def alerts():
    return sorted(Notice.objects.filter(kind="staff_alert").values_list("context__subject", flat=True))


def test_a_dispute_about_everything_holds_everything(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt)

    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.amount, dispute.provider_status) == ("open", D("700.00"), "needs_response")
    assert dispute.answer_by == remote.evidence_due_at
    assert held(order) == [(D("0.00"), D("510.00")), (D("0.00"), D("140.00"))]
    assert items() == [
        (True, 2, D("500.00")),
        (False, 0, D("60.00")),
        (True, 1, D("80.00")),
        (False, 0, D("60.00")),
    ]
    assert alerts() == [f"order {order.number}: the buyer's bank asks INR 700.00 back"]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("560.00", [(D("0.00"), D("510.00")), (D("140.00"), D("0.00"))]),
        ("140.00", [(D("510.00"), D("0.00")), (D("0.00"), D("140.00"))]),
        ("500.00", [(D("60.00"), D("450.00")), (D("140.00"), D("0.00"))]),
        ("80.00", [(D("510.00"), D("0.00")), (D("60.00"), D("80.00"))]),
        # 60.00 is what both deliveries cost, and 70.00 is a tenth of everything: nobody may lose by a guess.
        ("60.00", [(D("466.29"), D("43.71")), (D("128.00"), D("12.00"))]),
        ("70.00", [(D("459.00"), D("51.00")), (D("126.00"), D("14.00"))]),
    ],
)
def test_it_holds_what_its_amount_means(sale, fake_provider, amount, expected):
    order, attempt = sale

    opened(fake_provider, attempt, amount)

    assert held(order) == expected
    assert sum(item[2] for item in items()) == D(amount)


def test_what_went_back_already_is_not_held_again(sale, fake_provider):
    order, attempt = sale
    first = parts_of(order)[0]
    request_refund(
        order,
        Asked({first.lines.get().pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark=WHY,
        actor=PersonFactory(),
    )
    make_waiting_refunds()

    opened(fake_provider, attempt)

    assert Dispute.objects.get().amount == D("450.00")
    assert held(order) == [(D("0.00"), D("285.00")), (D("0.00"), D("140.00"))]


@pytest.mark.fault(41)
def test_a_dispute_that_is_won_gives_everything_back(sale, fake_provider):
    order, attempt = sale
    before = held(order)
    remote = opened(fake_provider, attempt, "70.00")

    closed(fake_provider, remote, won=True)

    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.closed_at is not None) == ("won", True)
    assert held(order) == before == [(D("510.00"), D("0.00")), (D("140.00"), D("0.00"))]
    assert balances(posting__source_type="dispute") == {}
    assert Order.objects.get().status == "paid"
    assert len(alerts()) == 2


def test_a_dispute_that_is_lost_takes_the_shares_and_the_commission(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt, "560.00")

    closed(fake_provider, remote, won=False)

    assert Dispute.objects.get().state == "lost"
    assert held(order) == [(D("0.00"), D("0.00")), (D("140.00"), D("0.00"))]
    assert balances(posting__source_type="dispute") == {
        "commission": D("50.00"),
        "dispute_receivable": D("-560.00"),
        "vendor_payable": D("510.00"),
    }
    assert PaymentAttempt.objects.get().amount_given_back == D("560.00")
    assert Order.objects.get().status == "part_refunded"


def test_a_whole_dispute_that_is_lost_leaves_nothing_of_the_order(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt)

    closed(fake_provider, remote, won=False)

    assert Order.objects.get().status == "refunded"
    with pytest.raises(UnitsTaken):
        request_refund(
            order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
        )


@pytest.mark.fault(40)
def test_after_a_payout_the_balance_goes_below_zero(sale, fake_provider):
    order, attempt = sale
    first = parts_of(order)[0]
    amounts = [
        ledger.Amount(ledger.Account.VENDOR_PAYABLE, D("510.00"), first.vendor, first),
        ledger.Amount(ledger.Account.BANK, D("-510.00")),
    ]
    ledger.post(source_type="test", source_id=1, kind="paid", currency="INR", amounts=amounts)

    remote = opened(fake_provider, attempt, "560.00")
    during = held(order)[0]
    closed(fake_provider, remote, won=False)

    assert during == (D("-510.00"), D("510.00"))
    assert held(order)[0] == (D("-510.00"), D("0.00"))


@pytest.mark.fault(6)
@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
@pytest.mark.parametrize("arrival", list(itertools.permutations(range(4))), ids=str)
def test_in_any_order_with_duplicates_the_events_end_alike(sale, fake_provider, won, arrival):
    order, attempt = sale
    already = len(fake_provider.events)
    remote = fake_provider.open_dispute(attempt.payment_intent_id, D("560.00"))
    fake_provider.close_dispute(remote.id, won=won)
    if not won:
        fake_provider.events.append(
            type(fake_provider.events[-1])(
                **{**vars(fake_provider.events[-1]), "id": "evt_last", "type": "charge.dispute.updated"}
            )
        )
    happened = fake_provider.events[already:]

    for place in arrival:
        for _time in range(2):
            handle_event(receive("stripe", fake_provider.payload(happened[place]), SIGNED, {}).pk)

    assert len(happened) == 4
    assert Dispute.objects.get().state == ("won" if won else "lost")
    assert held(order)[0] == ((D("510.00"), D("0.00")) if won else (D("0.00"), D("0.00")))
    assert len(alerts()) == 2
    assert PaymentAttempt.objects.get().amount_given_back == (0 if won else D("560.00"))


@pytest.mark.fault(50)
def test_a_dispute_whose_end_nobody_told_us_is_found_by_poll(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt)

    still_open = poll_disputes()
    fake_provider.close_dispute(remote.id, won=False)
    ended, again = poll_disputes(), poll_disputes()

    assert (still_open, ended, again) == (0, 1, 0)
    assert Order.objects.get(pk=order.pk).status == "refunded"


def test_one_dispute_that_goes_wrong_does_not_hold_up_the_others(sale, fake_provider):
    _order, attempt = sale
    opened(fake_provider, attempt)
    other, other_attempt = paid_order(fake_provider)
    remote = opened(fake_provider, other_attempt)
    fake_provider.close_dispute(remote.id, won=False)
    fake_provider.fail_next("retrieve_dispute", RuntimeError("nobody thought of this"))

    assert poll_disputes() == 1
    assert Order.objects.get(pk=other.pk).status == "refunded"


def test_a_question_of_the_bank_holds_nothing_and_an_officer_hears_of_it_once(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt, is_inquiry=True)

    closed(fake_provider, remote, won=True)

    assert (Dispute.objects.count(), held(order)[0]) == (0, (D("510.00"), D("0.00")))
    assert alerts() == [f"order {order.number}: the buyer's bank asks about INR 700.00"]


def test_a_dispute_about_somebody_elses_payment_is_left_alone(sale, fake_provider):
    _order, attempt = sale
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    PaymentAttempt.objects.update(charge_id="ch_other")

    assert look_at_dispute("stripe", remote.id) is False
    assert (Dispute.objects.count(), alerts()) == (0, [])


def test_a_dispute_that_is_unknown_to_the_provider_is_an_error(sale):
    with pytest.raises(ProviderRequestRejected):
        look_at_dispute("stripe", "dp_none")


def test_an_officer_names_the_lines_and_the_others_are_free_again(sale, fake_provider):
    order, attempt = sale
    first, second = parts_of(order)
    opened(fake_provider, attempt, "70.00")
    dispute = Dispute.objects.get()

    name_disputed_lines(dispute, Asked({}, [second.pk]), actor=PersonFactory())
    one = held(order)
    name_disputed_lines(dispute, Asked({first.lines.get().pk: 1}), actor=PersonFactory())

    assert one == [(D("510.00"), D("0.00")), (D("80.00"), D("60.00"))]
    assert held(order) == [(D("447.00"), D("63.00")), (D("140.00"), D("0.00"))]
    assert items() == [(True, 0, D("70.00"))]


def test_what_the_named_lines_do_not_cover_is_the_programmes_loss(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt, "70.00")
    name_disputed_lines(Dispute.objects.get(), Asked({}, [parts_of(order)[1].pk]), actor=PersonFactory())

    closed(fake_provider, remote, won=False)

    assert balances(posting__source_type="dispute") == {
        "dispute_receivable": D("-70.00"),
        "programme_loss": D("10.00"),
        "vendor_payable": D("60.00"),
    }


def test_lines_are_named_while_the_bank_decides_and_not_later(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt)
    with pytest.raises(NothingToRefund):
        name_disputed_lines(Dispute.objects.get(), Asked({}), actor=PersonFactory())
    closed(fake_provider, remote, won=True)

    with pytest.raises(DisputeClosed):
        name_disputed_lines(Dispute.objects.get(), everything(order), actor=PersonFactory())

    assert held(order) == [(D("510.00"), D("0.00")), (D("140.00"), D("0.00"))]


def changes_to(fake, remote, status):
    """The provider shows another state of a dispute that it had closed."""
    fake.disputes[remote.id] = replace(fake.disputes[remote.id], status=status)
    look_at_dispute("stripe", remote.id)


@pytest.mark.fault(41)
def test_a_dispute_that_was_lost_and_is_won_after_all_gives_everything_back(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt, "560.00")
    closed(fake_provider, remote, won=False)

    for _time in range(2):
        changes_to(fake_provider, remote, "won")

    assert Dispute.objects.get().state == "won"
    assert held(order) == [(D("510.00"), D("0.00")), (D("140.00"), D("0.00"))]
    assert balances(posting__source_type="dispute") == {}
    assert PaymentAttempt.objects.get().amount_given_back == 0
    assert Order.objects.get().status == "part_refunded"
    assert len(alerts()) == 3
    assert of_books() == set()


def test_a_bank_may_decide_again_and_again(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt, "560.00")
    closed(fake_provider, remote, won=True)

    found = []
    for status in ("lost", "won", "lost"):
        changes_to(fake_provider, remote, status)
        found.append((held(order)[0][0], PaymentAttempt.objects.get().amount_given_back, of_books()))

    lost = (D("0.00"), D("560.00"), set())
    assert found == [lost, (D("510.00"), 0, set()), lost]


def test_what_went_back_after_a_dispute_was_won_is_not_lost_a_second_time(sale, fake_provider):
    order, attempt = sale
    first = parts_of(order)[0]
    remote = opened(fake_provider, attempt, "560.00")
    closed(fake_provider, remote, won=True)
    asked = Asked({first.lines.get().pk: 2}, [first.pk])
    request_refund(order, asked, reason=Refund.Reason.DAMAGED, remark=WHY, actor=PersonFactory())
    fake_provider.charges[attempt.charge_id].dispute_id = ""
    make_waiting_refunds()

    changes_to(fake_provider, remote, "lost")

    assert held(order) == [(D("0.00"), D("0.00")), (D("0.00"), D("0.00"))]
    assert balances(account="programme_loss") == {"programme_loss": D("420.00")}
    assert PaymentAttempt.objects.get().amount_given_back == D("700.00")
    assert of_books() == set()


def test_refunds_that_a_lost_dispute_ended_are_owed_again_when_it_is_won_after_all(
    sale, fake_provider, waiting_refund
):
    order, attempt = sale
    remote = opened(fake_provider, attempt)
    closed(fake_provider, remote, won=False)

    changes_to(fake_provider, remote, "won")
    between = balances(account="customer_unapplied"), of_books()
    record_sent_by_bank(waiting_refund, "JRNL0001", actor=PersonFactory())

    assert between == ({"customer_unapplied": D("-250.00")}, set())
    assert "customer_unapplied" not in balances()
    assert held(order) == [(D("285.00"), D("0.00")), (D("140.00"), D("0.00"))]
    assert of_books() == set()


def test_an_answer_that_is_older_than_what_we_know_changes_nothing(sale, fake_provider, monkeypatch):
    _order, attempt = sale
    remote = opened(fake_provider, attempt)
    stale = fake_provider.close_dispute(remote.id, won=False)
    answer = fake_provider.retrieve_dispute

    def answer_late(_dispute_id):
        monkeypatch.setattr(fake_provider, "retrieve_dispute", answer)
        changes_to(fake_provider, remote, "won")
        return stale

    monkeypatch.setattr(fake_provider, "retrieve_dispute", answer_late)
    look_at_dispute("stripe", remote.id)

    assert Dispute.objects.get().state == "won"


def test_a_closed_dispute_that_is_looked_at_again_is_shown_to_an_officer(sale, fake_provider):
    order, attempt = sale
    remote = opened(fake_provider, attempt)
    closed(fake_provider, remote, won=False)

    for _time in range(2):
        changes_to(fake_provider, remote, "under_review")

    assert Dispute.objects.get().state == "lost"
    assert f"order {order.number}: a dispute closed as lost is now under_review" in alerts()
    assert len(alerts()) == 3


def test_a_second_dispute_does_not_hold_what_the_first_one_holds(sale, fake_provider):
    order, attempt = sale
    opened(fake_provider, attempt, "560.00")
    fake_provider.charges[attempt.charge_id].dispute_id = ""

    opened(fake_provider, attempt, "140.00")

    assert held(order) == [(D("0.00"), D("510.00")), (D("0.00"), D("140.00"))]
    assert sorted(dispute.items.count() for dispute in Dispute.objects.all()) == [2, 2]


@pytest.fixture
def waiting_refund(sale):
    """A refund of one unit at 250.00 that was decided and not asked for yet."""
    order, _attempt = sale
    return request_refund(
        order,
        Asked({parts_of(order)[0].lines.get().pk: 1}),
        reason=Refund.Reason.DAMAGED,
        remark=WHY,
        actor=PersonFactory(),
    )


@pytest.mark.fault(39)
def test_a_decided_refund_waits_for_the_bank_and_is_made_when_we_win(sale, fake_provider, waiting_refund):
    order, attempt = sale
    remote = opened(fake_provider, attempt)

    during = make_refund(waiting_refund.pk)
    calls = [call for call in fake_provider.calls if call[0] == "refund_payment"]
    closed(fake_provider, remote, won=True)
    after = make_refund(waiting_refund.pk)

    waiting_refund.refresh_from_db()
    assert (during, calls, after, waiting_refund.state) == (False, [], True, "succeeded")
    assert held(order) == [(D("285.00"), D("0.00")), (D("140.00"), D("0.00"))]


@pytest.mark.fault(39)
def test_a_refund_refused_for_a_dispute_that_we_have_not_heard_of_waits_too(
    sale, fake_provider, waiting_refund
):
    _order, attempt = sale
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    key = waiting_refund.key

    make_refund(waiting_refund.pk)
    waiting_refund.refresh_from_db()
    between = (waiting_refund.state, waiting_refund.last_error, waiting_refund.key == key)
    look_at_dispute("stripe", remote.id)
    closed(fake_provider, remote, won=True)
    make_refund(waiting_refund.pk)

    waiting_refund.refresh_from_db()
    assert between == ("waiting", "charge_disputed", False)
    assert (waiting_refund.state, len(fake_provider.refunds)) == ("succeeded", 1)


@pytest.mark.fault(39)
def test_a_decided_refund_whose_money_the_bank_took_is_not_made_as_well(sale, fake_provider, waiting_refund):
    order, attempt = sale
    remote = opened(fake_provider, attempt)

    closed(fake_provider, remote, won=False)
    made = make_refund(waiting_refund.pk)

    waiting_refund.refresh_from_db()
    assert (made, waiting_refund.state) == (False, "succeeded")
    assert waiting_refund.last_error == f"given back by the bank in {remote.id}"
    assert (PaymentAttempt.objects.get().amount_given_back, fake_provider.refunds) == (D("700.00"), {})
    assert held(order) == [(D("0.00"), D("0.00")), (D("0.00"), D("0.00"))]
    assert balances() == {"dispute_receivable": D("-700.00"), "provider_clearing": D("700.00")}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
def test_told_by_many_at_once_it_ends_once(sale, fake_provider, won):
    order, attempt = sale
    remote = fake_provider.open_dispute(attempt.payment_intent_id)
    fake_provider.close_dispute(remote.id, won=won)

    outcomes = race(lambda: look_at_dispute("stripe", remote.id), contenders=6)

    assert outcomes == [None] * 6
    assert Dispute.objects.get().state == ("won" if won else "lost")
    assert held(order)[0] == ((D("510.00"), D("0.00")) if won else (D("0.00"), D("0.00")))
    assert drain_events() == 0
