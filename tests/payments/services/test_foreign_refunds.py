"""Refunds that the provider tells us of: ours end where it has them, others are adopted once and explained."""

from decimal import Decimal

import pytest
from django.utils import timezone

from notices.models import Notice
from orders.models import Order
from payments.models import PaymentAttempt, Refund
from payments.providers.base import ProviderRequestRejected, ProviderUnavailable
from payments.refund_errors import AmountDiffers, RefundDecided, RemarkMissing
from payments.services.deciding import refund_again, request_refund
from payments.services.foreign_refunds import bear, explain, is_explained, look_at_charge, look_at_refund
from payments.services.refunds import make_refund
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race
from tests.support.refunds import balances, everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = [pytest.mark.django_db, pytest.mark.fault(38)]

D = Decimal
WHY = "Agreed with the buyer by phone"


@pytest.fixture
def sale(fake_provider):
    """Two units at 250.00 of a group that gives 10 %, and 60.00 for delivery."""
    vendor = VendorFactory(commission_rate=D("0.1000"))
    order, attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    PersonFactory(finance=True)
    Notice.objects.all().delete()
    return order, attempt


def elsewhere(fake, attempt, amount="250.00"):
    return fake.refund_in_dashboard(attempt.payment_intent_id, D(amount))


def given_back():
    return PaymentAttempt.objects.get().amount_given_back


def test_a_refund_made_at_the_provider_is_adopted_once_and_an_officer_hears_of_it(sale, fake_provider):
    _order, attempt = sale
    remote = elsewhere(fake_provider, attempt)

    known = [look_at_refund("stripe", remote.id), look_at_charge("stripe", attempt.charge_id)]
    known.append(look_at_refund("stripe", remote.id))

    refund = Refund.objects.get()
    assert known == [True, True, True]
    assert (refund.reason, refund.state, refund.provider_id) == ("foreign", "succeeded", remote.id)
    assert (refund.amount, given_back(), is_explained(refund)) == (D("250.00"), D("250.00"), False)
    assert balances(posting__source_type="refund") == {
        "refund_clearing": D("-250.00"),
        "unexplained": D("250.00"),
    }
    assert [notice.kind for notice in Notice.objects.all()] == ["staff_alert"]


def test_explained_by_its_lines_it_costs_the_group_what_it_gave(sale, fake_provider):
    order, attempt = sale
    look_at_refund("stripe", elsewhere(fake_provider, attempt).id)
    refund, officer = Refund.objects.get(), PersonFactory()
    asked = Asked({order.lines.get().pk: 1})

    with pytest.raises(RemarkMissing):
        explain(refund, asked, actor=officer, remark=" ")
    for wrong in (Asked({order.lines.get().pk: 2}), Asked({}, [parts_of(order)[0].pk])):
        with pytest.raises(AmountDiffers):
            explain(refund, wrong, actor=officer, remark=WHY)
    said = [explain(refund, asked, actor=officer, remark=WHY) for _ in range(2)]

    refund.refresh_from_db()
    assert (said, is_explained(refund), refund.requested_by) == ([True, False], True, officer)
    assert balances(posting__source_type="refund") == {
        "commission": D("25.00"),
        "refund_clearing": D("-250.00"),
        "vendor_payable": D("225.00"),
    }
    assert Order.objects.get().status == "part_refunded"
    assert bear(refund, actor=officer, remark=WHY) is False


def test_what_nobody_can_name_the_programme_bears(sale, fake_provider):
    _order, attempt = sale
    look_at_refund("stripe", elsewhere(fake_provider, attempt, "13.00").id)
    refund = Refund.objects.get()

    said = [bear(refund, actor=PersonFactory(), remark=WHY) for _ in range(2)]

    assert said == [True, False]
    assert balances(posting__source_type="refund") == {
        "programme_loss": D("13.00"),
        "refund_clearing": D("-13.00"),
    }


def test_our_own_refunds_are_not_explained(sale):
    order, _attempt = sale
    refund = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
    )

    with pytest.raises(RefundDecided):
        bear(refund, actor=PersonFactory(), remark=WHY)

    assert "programme_loss" not in balances()


@pytest.mark.fault(37)
@pytest.mark.parametrize("is_borne", [False, True])
def test_a_foreign_refund_that_fails_is_owed_to_nobody(sale, fake_provider, is_borne):
    _order, attempt = sale
    remote = elsewhere(fake_provider, attempt, "13.00")
    look_at_refund("stripe", remote.id)
    if is_borne:
        bear(Refund.objects.get(), actor=PersonFactory(), remark=WHY)

    fake_provider.fail_refund(remote.id)
    look_at_refund("stripe", remote.id)

    refund = Refund.objects.get()
    assert (refund.state, given_back()) == ("failed", 0)
    assert balances(posting__source_type="refund") == {}
    with pytest.raises(RefundDecided):
        refund_again(refund, actor=PersonFactory())


def test_a_refund_that_had_failed_when_we_heard_of_it_is_not_adopted(sale, fake_provider):
    _order, attempt = sale
    remote = elsewhere(fake_provider, attempt)
    fake_provider.fail_refund(remote.id)

    look_at_refund("stripe", remote.id)
    look_at_charge("stripe", attempt.charge_id)

    assert (Refund.objects.count(), given_back()) == (0, 0)


def test_when_somebody_was_quicker_over_the_same_sum_it_is_taken_for_ours(sale, fake_provider):
    order, attempt = sale
    refund = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
    )
    remote = elsewhere(fake_provider, attempt, "560.00")

    look_at_refund("stripe", remote.id)
    made = make_refund(refund.pk)

    refund.refresh_from_db()
    assert (made, refund.state, refund.provider_id) == (False, "succeeded", remote.id)
    assert (Refund.objects.count(), given_back(), len(fake_provider.refunds)) == (1, D("560.00"), 1)
    assert "unexplained" not in balances()


def test_more_than_came_in_is_counted_as_all_of_it(sale, fake_provider):
    order, attempt = sale
    refund = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
    )
    # Ours was asked for already, and no answer came, when somebody was quicker at the provider.
    fake_provider.fail_next("refund_payment", ProviderUnavailable("no answer"))
    make_refund(refund.pk)
    Refund.objects.update(next_try_at=timezone.now())
    look_at_refund("stripe", elsewhere(fake_provider, attempt, "560.00").id)

    between = given_back()
    make_refund(refund.pk)

    refund.refresh_from_db()
    assert between == D("560.00")
    assert (refund.state, refund.last_error, given_back()) == (
        "failed",
        "charge_already_refunded",
        D("560.00"),
    )


def test_our_refund_is_known_by_our_reference_before_we_have_noted_its_number(
    sale, fake_provider, monkeypatch
):
    order, _attempt = sale
    refund = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
    )
    with monkeypatch.context() as killed:
        killed.setattr("payments.services.refunds.note_remote", lambda *_given: None)
        make_refund(refund.pk)

    look_at_refund("stripe", next(iter(fake_provider.refunds)))

    refund.refresh_from_db()
    assert (Refund.objects.count(), refund.state, refund.provider_id) == (1, "succeeded", "re_fake_1")


def test_a_refund_that_we_gave_up_though_it_was_made_settles_what_the_buyer_was_owed(sale, fake_provider):
    order, _attempt = sale
    refund = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
    )
    fake_provider.fail_next("refund_payment", ProviderRequestRejected("no"), after_success=True)
    make_refund(refund.pk)
    refund.refresh_from_db()
    assert refund.state == "failed"

    for _time in range(2):
        look_at_refund("stripe", "re_fake_1")

    adopted = Refund.objects.get(again_for=refund)
    assert (adopted.state, adopted.reason, adopted.provider_id) == ("succeeded", "again", "re_fake_1")
    assert given_back() == D("560.00")
    assert balances() == {"provider_clearing": D("560.00"), "refund_clearing": D("-560.00")}


@pytest.mark.parametrize(
    "metadata", [{}, {"refund": ""}, {"refund": "x"}, {"refund": "9" * 40}, {"refund": "²"}]
)
def test_a_reference_that_is_none_of_ours_names_no_refund(sale, fake_provider, metadata):
    order, attempt = sale
    ours = request_refund(
        order, everything(order), reason=Refund.Reason.GOODWILL, remark=WHY, actor=PersonFactory()
    )
    fake_provider.refund_payment(
        key="somebody",
        payment_intent_id=attempt.payment_intent_id,
        amount=D("60.00"),
        currency="INR",
        reason="",
        metadata=metadata,
    )

    look_at_refund("stripe", "re_fake_1")

    ours.refresh_from_db()
    assert (ours.state, ours.provider_id) == ("waiting", "")
    assert Refund.objects.filter(reason="foreign").count() == 1


def test_what_belongs_to_no_payment_of_ours_is_left_alone(sale, fake_provider):
    _order, attempt = sale
    remote = elsewhere(fake_provider, attempt)
    PaymentAttempt.objects.update(payment_intent_id="pi_other", charge_id="ch_other")

    assert look_at_refund("stripe", remote.id) is False
    assert look_at_charge("stripe", attempt.charge_id) is False
    assert look_at_charge("stripe", "") is False
    assert Refund.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_told_by_many_at_once_it_is_adopted_once(sale, fake_provider):
    _order, attempt = sale
    remote = elsewhere(fake_provider, attempt)

    outcomes = race(lambda: look_at_refund("stripe", remote.id), contenders=6)

    assert outcomes == [None] * 6
    assert (Refund.objects.count(), given_back()) == (1, D("250.00"))
    assert balances(account="unexplained") == {"unexplained": D("250.00")}
