"""What units are worth: running sums that end at the last paisa, whatever the order in which they go back."""

from decimal import Decimal

import pytest
from django.db.models import F

from orders.models import Line, VendorOrder
from payments.models import Dispute, DisputeItem, Refund, RefundItem
from payments.refund_errors import NothingToRefund, UnitsTaken
from payments.services.shares import Asked, OrderShares, scaled
from tests.factories.orders import TaxRateFactory
from tests.factories.vendors import VendorFactory
from tests.support.refunds import everything, paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal


def numbers(share):
    return share.amount, share.share, share.commission, share.commission_tax


def total(shares):
    return tuple(sum(column) for column in zip(*map(numbers, shares), strict=True))


def taken_back(attempt, shares, *, state="succeeded"):
    """Write shares down as a refund."""
    refund = Refund.objects.create(
        attempt=attempt,
        key=f"refund:{Refund.objects.count()}",
        amount=max(D("0.01"), sum(share.amount for share in shares)),
        currency="INR",
        reason="goodwill",
        state=state,
        next_try_at=attempt.created_at,
    )
    RefundItem.objects.bulk_create(RefundItem(refund=refund, **share.values) for share in shares)
    return refund


@pytest.fixture
def sale(fake_provider):
    """Seven units at 33.33 of a group that gives 7.25 % and 18 % tax on that, and 60.00 for delivery."""
    TaxRateFactory(rate=D("0.1800"))
    vendor = VendorFactory(commission_rate=D("0.0725"))
    return paid_order(fake_provider, (a_listing("33.33", vendor=vendor), 7))


@pytest.mark.fault(48)
@pytest.mark.parametrize("steps", [[1] * 7, [7], [3, 4], [2, 1, 4], [6, 1]], ids=str)
def test_units_given_back_in_any_steps_add_up_to_the_whole_line(sale, steps):
    order, attempt = sale
    part, line = parts_of(order)[0], order.lines.get()
    shares = []

    for units in steps:
        share = OrderShares(order, attempt).of_line(line, units)
        shares.append(share)
        taken_back(attempt, [share])

    left = OrderShares(order, attempt)
    assert total(shares) == (D("233.31"), D("213.36"), line.commission, line.commission_tax)
    assert (
        (part.commission, part.commission_tax)
        == (line.commission, line.commission_tax)
        == (D("16.91"), D("3.04"))
    )
    assert left.units_left(line) == 0
    assert [(share.line, share.amount, share.share) for share in left.rest()] == [
        (None, D("60.00"), D("60.00"))
    ]


def test_the_whole_rest_is_the_whole_sale(sale):
    order, attempt = sale

    shares = OrderShares(order, attempt)

    assert total(shares.rest()) == total(shares.of(everything(order)))
    assert total(shares.rest())[0] == order.total_incl_tax == D("293.31")
    assert total(shares.rest())[1] == parts_of(order)[0].share


@pytest.mark.parametrize(
    "asked",
    [
        lambda line, part: Asked({line.pk: 8}),
        lambda line, part: Asked({line.pk: -1}),
    ],
)
def test_more_units_than_are_left_are_refused(sale, asked):
    order, attempt = sale

    with pytest.raises(UnitsTaken):
        OrderShares(order, attempt).of(asked(order.lines.get(), parts_of(order)[0]))


def test_things_of_another_order_are_refused(fake_provider, sale):
    order, attempt = sale
    other, _attempt = paid_order(fake_provider)

    for asked in (Asked({other.lines.get().pk: 1}), Asked({}, [parts_of(other)[0].pk])):
        with pytest.raises(NothingToRefund):
            OrderShares(order, attempt).of(asked)


def test_proposed_and_failed_refunds_hold_their_units_and_rejected_ones_do_not(sale):
    order, attempt = sale
    line = order.lines.get()
    share = OrderShares(order, attempt).of_line(line, 2)
    for state in ("proposed", "failed", "rejected"):
        taken_back(attempt, [share], state=state)

    with_proposed = OrderShares(order, attempt).units_left(line)
    without = OrderShares(order, attempt, with_proposed=False).units_left(line)

    assert (with_proposed, without) == (3, 5)


def test_a_refund_can_be_left_out_of_account(sale):
    order, attempt = sale
    line = order.lines.get()
    share = OrderShares(order, attempt).of_line(line, 2)
    own = taken_back(attempt, [share], state="proposed")

    assert OrderShares(order, attempt, but=own).of_line(line, 2) == share


def test_what_a_bank_took_of_a_line_is_taken_off_what_its_units_are_worth(sale):
    order, attempt = sale
    line, part = order.lines.get(), parts_of(order)[0]
    dispute = Dispute.objects.create(
        attempt=attempt,
        provider_id="dp_1",
        amount=D("50.00"),
        currency="INR",
        state="lost",
        closed_at=attempt.created_at,
    )
    DisputeItem.objects.bulk_create(
        DisputeItem(dispute=dispute, **share.values)
        for share in scaled([OrderShares(order, attempt).of_line(line, 7)], D("50.00"))
    )

    first = OrderShares(order, attempt).of_line(line, 1)
    taken_back(attempt, [first])
    rest = OrderShares(order, attempt).of_line(line, 6)

    assert (first.quantity, numbers(first)) == (1, (0, 0, 0, 0))
    assert total([first, rest])[0] == D("183.31")
    assert rest.commission + DisputeItem.objects.get().commission == part.commission
    assert rest.share + DisputeItem.objects.get().share == D("213.36")


def test_what_is_owed_is_what_was_not_supplied_or_came_back_and_was_not_refunded(sale):
    order, attempt = sale
    Line.objects.update(cancelled_quantity=2, returned_quantity=1)

    before = OrderShares(order, attempt)
    owed = before.owed(before.parts[0])
    taken_back(attempt, owed)
    Line.objects.update(returned_quantity=4)
    after = OrderShares(order, attempt)

    assert [(share.quantity, share.amount) for share in owed] == [(3, D("99.99"))]
    assert [(share.quantity, share.amount) for share in after.owed(after.parts[0])] == [(3, D("99.99"))]


def test_the_delivery_of_a_cancelled_part_is_owed_once(sale):
    order, attempt = sale
    Line.objects.update(cancelled_quantity=7)
    VendorOrder.objects.update(state="cancelled")

    before = OrderShares(order, attempt)
    owed = before.owed(before.parts[0])
    taken_back(attempt, owed)
    after = OrderShares(order, attempt)

    assert total(owed)[0] == D("293.31")
    assert after.owed(after.parts[0]) == []


def test_shares_cut_down_add_up_to_the_amount(sale):
    order, attempt = sale
    rest = OrderShares(order, attempt).rest()

    for amount in (D("0.01"), D("100.00"), D("293.30")):
        cut = scaled(rest, amount)

        assert sum(share.amount for share in cut) == amount
        assert all(
            share.quantity == 0 and share.commission >= 0 and share.commission_tax >= 0 for share in cut
        )
    assert scaled([], D("0.00")) == []


def test_discount_is_taken_off_the_lines_it_was_given_on(sale):
    order, attempt = sale
    left = F("goods_total") - D("33.31")
    VendorOrder.objects.update(discount_total=D("33.31"), total=D("260.00"), commission_base=left)
    order.lines.update(discount=D("33.31"))

    shares = OrderShares(order, attempt)

    assert total(shares.rest())[0] == D("260.00")
    assert shares.of_line(order.lines.get(), 7).amount == D("200.00")


def test_four_queries_however_many_parts(fake_provider, django_assert_num_queries):
    order, attempt = paid_order(fake_provider, *((a_listing(), 1) for _ in range(4)))

    with django_assert_num_queries(4):
        shares = OrderShares(order, attempt)
        rest = shares.rest()

    assert len(rest) == 8
