"""Above the limit two persons stand behind every refund, also behind one that nobody among us began."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from notices.models import Notice
from orders.services.cancelling import supply_short
from payments.models import Dispute, Refund, RefundProposal
from payments.refund_errors import OwnOrder, SecondPersonWaited
from payments.services import second_person
from payments.services.disputes import look_at_dispute, name_disputed_lines
from payments.services.foreign_refunds import bear, explain, is_explained, look_at_refund
from payments.services.owed import refund_owed
from payments.services.refunds import make_refund
from payments.services.refunds_by_hand import record_sent_by_bank
from payments.services.second_person import things
from payments.services.shares import Asked, OrderShares
from tests.factories.people import PersonFactory
from tests.support.race import race
from tests.support.refunds import balances, everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal
WHY = "Agreed with the buyer by phone"


@pytest.fixture
def sale(fake_provider, settings):
    """Two units at 250.00 and 60.00 for delivery; two persons above 100.00."""
    settings.FOUR_EYES_ABOVE = {"INR": 100}
    order, attempt = paid_order(fake_provider, (a_listing(), 2))
    Notice.objects.all().delete()
    return order, attempt


def foreign(fake, attempt, amount="250.00"):
    remote = fake.refund_in_dashboard(attempt.payment_intent_id, D(amount))
    look_at_refund("stripe", remote.id)
    return Refund.objects.get(provider_id=remote.id)


def test_what_the_programme_bears_above_the_limit_is_said_by_two_persons(sale, fake_provider):
    _order, attempt = sale
    PersonFactory(finance=True)
    refund, first, second = (
        foreign(fake_provider, attempt),
        PersonFactory(finance=True),
        PersonFactory(finance=True),
    )
    Notice.objects.all().delete()

    for _ in range(2):
        with pytest.raises(SecondPersonWaited):
            bear(refund, actor=first, remark=WHY)

    assert "programme_loss" not in balances()
    assert (is_explained(Refund.objects.get()), RefundProposal.objects.count()) == (False, 1)
    assert Notice.objects.filter(person=second).count() == 1
    said = [bear(refund, actor=second, remark="I looked at it too") for _ in range(2)]
    refund.refresh_from_db()
    assert (said, refund.requested_by, refund.approved_by) == ([True, False], first, second)
    assert balances()["programme_loss"] == D("250.00")


def test_small_sums_add_up_to_the_limit_over_all_orders_of_a_day(sale, fake_provider):
    _order, attempt = sale
    officer = PersonFactory(finance=True)
    bear(foreign(fake_provider, attempt, "60.00"), actor=officer, remark=WHY)
    _other, other_attempt = paid_order(fake_provider, (a_listing(), 2))
    second = foreign(fake_provider, other_attempt, "60.00")

    with pytest.raises(SecondPersonWaited):
        bear(second, actor=officer, remark=WHY)

    assert balances()["programme_loss"] == D("60.00")
    assert bear(second, actor=PersonFactory(finance=True), remark=WHY)


def test_two_persons_who_say_different_things_have_not_agreed(sale, fake_provider):
    order, attempt = sale
    refund, line = foreign(fake_provider, attempt), order.lines.get()
    with pytest.raises(SecondPersonWaited):
        bear(refund, actor=PersonFactory(finance=True), remark=WHY)

    second = PersonFactory(finance=True)
    with pytest.raises(SecondPersonWaited):
        explain(refund, Asked({line.pk: 1}), actor=second, remark=WHY)
    with pytest.raises(SecondPersonWaited):
        explain(refund, Asked({line.pk: 1}), actor=second, remark=WHY)
    assert not is_explained(Refund.objects.get())

    assert explain(refund, Asked({line.pk: 1}), actor=PersonFactory(finance=True), remark=WHY)
    refund.refresh_from_db()
    assert (refund.requested_by, refund.items.get().line) == (second, line)


def test_what_was_said_long_ago_is_said_anew(sale, fake_provider):
    _order, attempt = sale
    refund = foreign(fake_provider, attempt)
    with pytest.raises(SecondPersonWaited):
        bear(refund, actor=PersonFactory(finance=True), remark=WHY)
    RefundProposal.objects.update(said_at=timezone.now() - timedelta(days=31))

    with pytest.raises(SecondPersonWaited):
        bear(refund, actor=PersonFactory(finance=True), remark=WHY)

    assert not is_explained(Refund.objects.get())


def test_nobody_explains_money_that_went_to_themselves(sale, fake_provider):
    order, attempt = sale
    order.user = PersonFactory(finance=True)
    order.save()
    refund = foreign(fake_provider, attempt, "13.00")

    with pytest.raises(OwnOrder):
        bear(refund, actor=order.user, remark=WHY)

    assert not is_explained(Refund.objects.get())


@pytest.fixture
def unasked(sale, fake_provider):
    """A refund of 250.00 that nobody asked for, since the group was short of a unit; the bank sent it back."""
    order, _attempt = sale
    part = parts_of(order)[0]
    supply_short(part, {part.lines.get().pk: 1}, actor=PersonFactory(), reason=WHY)
    refund_owed(order.pk)
    refund = Refund.objects.get()
    make_refund(refund.pk)
    refund.refresh_from_db()
    fake_provider.fail_refund(refund.provider_id)
    look_at_refund("stripe", refund.provider_id)
    refund.refresh_from_db()
    return refund


def test_what_nobody_asked_for_is_sent_by_bank_by_two_persons_under_one_number(unasked):
    first, second = PersonFactory(finance=True), PersonFactory(finance=True)

    for person, number in ((first, "JRNL1"), (first, "JRNL1"), (second, "JRNL2")):
        with pytest.raises(SecondPersonWaited):
            record_sent_by_bank(unasked, number, actor=person)
    assert (balances().get("bank"), Refund.objects.count()) == (None, 1)
    said = [record_sent_by_bank(unasked, "JRNL2", actor=first) for _ in range(2)]

    sent = Refund.objects.get(again_for=unasked)
    assert said == [True, False]
    assert (sent.requested_by, sent.approved_by, sent.bank_reference) == (second, first, "JRNL2")
    assert balances()["bank"] == D("-250.00")


def test_what_one_noted_alone_as_sent_counts_for_the_rest_of_the_day(unasked, sale, fake_provider, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 300}
    officer = PersonFactory(finance=True)
    Refund.objects.update(created_at=timezone.now() - timedelta(days=3))
    record_sent_by_bank(unasked, "JRNL1", actor=officer)
    _other, other_attempt = paid_order(fake_provider, (a_listing(), 2))

    with pytest.raises(SecondPersonWaited):
        bear(foreign(fake_provider, other_attempt, "60.00"), actor=officer, remark=WHY)

    assert "programme_loss" not in balances()


def unlocked(seen):
    """What an officer has decided alone, read without the lock: all read before anybody writes."""

    def read(attempt, actor):
        alone = sum(Refund.objects.filter(requested_by=actor).values_list("amount", flat=True), D(0))
        seen.wait(timeout=30)
        return alone

    return read


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("is_guarded", "borne"), [(True, "60.00"), (False, "120.00")], ids=["guarded", "control"]
)
def test_one_person_in_two_windows_does_not_pass_the_limit(
    fake_provider, settings, is_guarded, borne, monkeypatch
):
    settings.FOUR_EYES_ABOVE = {"INR": 100}
    refunds = [
        foreign(fake_provider, paid_order(fake_provider, (a_listing(), 1))[1], "60.00") for _ in range(2)
    ]
    officer = PersonFactory(finance=True)
    if not is_guarded:
        monkeypatch.setattr(second_person, "moved_alone", unlocked(threading.Barrier(2)))

    race(lambda: bear(refunds.pop(), actor=officer, remark=WHY), contenders=2)

    assert balances()["programme_loss"] == D(borne)


def test_a_voice_counts_no_more_when_its_person_has_left_the_office(sale, fake_provider):
    _order, attempt = sale
    refund, first = foreign(fake_provider, attempt), PersonFactory(finance=True)
    with pytest.raises(SecondPersonWaited):
        bear(refund, actor=first, remark=WHY)
    first.groups.clear()

    with pytest.raises(SecondPersonWaited):
        bear(refund, actor=PersonFactory(finance=True), remark=WHY)

    assert not is_explained(Refund.objects.get())


def test_a_large_dispute_is_named_by_two_persons(sale, fake_provider):
    order, attempt = sale
    look_at_dispute("stripe", fake_provider.open_dispute(attempt.payment_intent_id).id)
    dispute, delivery = Dispute.objects.get(), Asked({}, [parts_of(order)[0].pk])
    before = balances()
    first, second = PersonFactory(finance=True), PersonFactory(finance=True)

    for _ in range(2):
        with pytest.raises(SecondPersonWaited):
            name_disputed_lines(dispute, delivery, actor=first)
    assert balances() == before
    name_disputed_lines(dispute, delivery, actor=second)

    assert dispute.items.get().line is None
    assert balances() != before


def test_nobody_names_a_dispute_about_the_own_order(sale, fake_provider):
    order, attempt = sale
    look_at_dispute("stripe", fake_provider.open_dispute(attempt.payment_intent_id).id)
    order.user = PersonFactory(finance=True)
    order.save()

    with pytest.raises(OwnOrder):
        name_disputed_lines(Dispute.objects.get(), everything(order), actor=order.user)


def test_long_lists_that_differ_at_their_end_are_not_the_same(sale):
    order, attempt = sale
    with transaction.atomic():
        share = OrderShares(order, attempt).of(everything(order))[0]
    long = [replace(share, quantity=10**9 + number) for number in range(200)]
    other = [*long[:-1], replace(share, quantity=2 * 10**9)]

    assert len(things(long)) == len(things(other)) == 2000
    assert things(long) != things(other)
    assert things(long) == things(long[::-1])
