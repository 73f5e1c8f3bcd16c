"""Debts carried into transfers: whatever the sales, parts add up and none moves more than its own sale earned."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from payments.domain.carrying import Due, carried

AMOUNTS = st.integers(-100_000, 100_000).map(lambda minor: Decimal(minor) / 100)


@st.composite
def dues(draw):
    amounts = draw(st.lists(AMOUNTS, max_size=12))
    return [Due(sale, amount, (10 * sale, 10 * sale + 1)) for sale, amount in enumerate(amounts)]


def test_debt_comes_off_the_first_sale_that_is_owed():
    found = carried(
        [
            Due(1, Decimal("100.00"), (11,)),
            Due(2, Decimal("-30.00"), (21, 22)),
            Due(3, Decimal("50.00"), (31,)),
        ]
    )

    assert [(part.sale, part.amount, part.entries) for part in found] == [
        (1, Decimal("70.00"), (21, 22, 11)),
        (3, Decimal("50.00"), (31,)),
    ]


def test_debt_above_the_first_sale_takes_it_whole_and_goes_on_to_the_next():
    found = carried(
        [Due(1, Decimal("100.00"), (1,)), Due(None, Decimal("-130.00"), (2,)), Due(3, Decimal("50.00"), (3,))]
    )

    assert [(part.sale, part.amount, part.entries) for part in found] == [(3, Decimal("20.00"), (2, 1, 3))]


def test_sales_that_cancel_out_are_held_by_no_transfer():
    assert carried([Due(1, Decimal("10.00"), (1,)), Due(2, Decimal("-10.00"), (2,))]) == []
    assert carried([]) == []


@given(dues())
def test_transfers_add_up_to_the_payout_and_none_is_more_than_its_sale(found):
    total = sum((due.amount for due in found), Decimal(0))
    earned = {due.sale: due.amount for due in found}

    parts = carried(found)

    if total > 0:
        assert sum(part.amount for part in parts) == total
        assert sorted(entry for part in parts for entry in part.entries) == sorted(
            entry for due in found for entry in due.entries
        )
    assert all(0 < part.amount <= earned[part.sale] for part in parts)
    assert len({part.sale for part in parts}) == len(parts)


@given(dues())
def test_entries_of_a_transfer_add_up_to_it(found):
    by_entry = {due.entries[0]: due.amount for due in found}

    for part in carried(found):
        assert sum(by_entry.get(entry, Decimal(0)) for entry in part.entries) == part.amount
