"""Impact: equal to the ledger counted by itself in plain SQL, whatever the rows are; hidden where a group could be read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from orders.models import VendorOrder
from payments.models import Payout
from payments.services.attempts import start_payment
from payments.services.payouts import plan_payouts
from payments.services.settling import settle
from payments.services.transfers import make_transfer
from programme.domain.veil import Told, veiled
from programme.selectors.impact import By, Impact, _Groups, _Sum, impact
from programme.selectors.paid import Paid, Sold
from regions.models import Region
from regions.policies import reach_of
from tests.factories.catalogue import CategoryFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.programme.recounts import ledger_total
from tests.support.payouts import make_payable, stripe_account
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


def found(by, **options):
    today = timezone.now().date()
    span = {"first": today - timedelta(days=400), "last": today + timedelta(days=2), "currency": "INR"}
    return impact(by, **{**span, **options})


def by_name(table):
    return {row.name: (row.groups, row.paid) for row in table.rows}


@pytest.mark.parametrize("by", By.values)
def test_the_rows_sum_to_the_total_and_the_total_is_the_ledgers(world, by):
    table = found(By(by), level=Region.Level.DZONGKHAG)

    assert table.total.paid == ledger_total() > 0
    assert sum(row.paid for row in table.rows) == table.total.paid
    assert sum(row.cash for row in table.rows) == table.total.cash > 0
    assert table.total.orders == 5


def test_places_count_their_groups_households_and_orders(world):
    table = found(By.PLACE, level=Region.Level.DZONGKHAG)

    haa, paro = table.rows
    assert (haa.name, haa.groups, haa.households, haa.orders) == ("Haa", 3, 30, 3)
    assert (paro.name, paro.groups, paro.households, paro.orders) == ("Paro", 2, 12, 2)
    share = world[0].share
    assert (haa.paid, paro.paid, haa.cash > 0, paro.cash > 0) == (2 * share, world[3].share, False, True)


def test_what_a_bank_sent_back_counts_for_nobody(world):
    table = found(By.KIND)

    share = world[0].share
    assert by_name(table) == {"artisan": (3, share), "co-operative": (2, 2 * share)}


def test_months_are_those_of_the_country(world):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        # Half past six in the evening of London is past midnight in Thimphu.
        cursor.execute("UPDATE payments_ledgerposting SET posted_at = '2026-06-30 18:30:00+00'")
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")
    days = (
        timezone.now().date().replace(year=2026, month=7, day=1),
        timezone.now().date().replace(month=7, day=31),
    )

    july = found(By.MONTH, first=days[0], last=days[1])
    june = found(By.MONTH, first=days[0].replace(month=6), last=days[0] - timedelta(days=1))

    assert [row.name for row in july.rows] == ["July 2026"]
    assert (july.total.paid, june.total.paid) == (ledger_total(), 0)


def test_a_payout_for_several_kinds_of_goods_is_shared_out_by_their_price(fake_provider):
    cloth, paper = CategoryFactory(name="Cloth"), CategoryFactory(name="Paper")
    group = VendorFactory()
    goods = [
        a_listing(price, vendor=group, categories=[kind])
        for price, kind in (("100.01", cloth), ("50.00", paper))
    ]
    attempt = start_payment(placed_order(*((listing, 1) for listing in goods)))
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    part = VendorOrder.objects.get()
    make_payable(part)
    stripe_account(group, fake_provider)
    plan_payouts(timezone.now())
    make_transfer(Payout.objects.get().transfers.get().pk)

    table = found(By.GOODS)

    paid = {row.name: row.paid for row in table.rows}
    exact = {
        "Cloth": part.share * Decimal("100.01") / Decimal("150.01"),
        "Paper": part.share * 50 / Decimal("150.01"),
    }
    assert sum(paid.values()) == part.share
    assert paid.keys() == exact.keys()
    assert all(abs(paid[name] - exact[name]) <= Decimal("0.01") for name in exact)


def test_an_officer_counts_the_own_places(world, houses):
    officer = PersonFactory(officer=True, place=houses[1])

    table = found(By.PLACE, level=Region.Level.DZONGKHAG, reach=reach_of(officer))

    assert by_name(table) == {"Paro": (2, world[3].share)}
    assert found(By.KIND, within=houses[1]).total == table.total


def test_the_public_sees_no_row_of_two_groups_nor_what_would_give_it_away(world):
    places = found(By.PLACE, level=Region.Level.DZONGKHAG).for_public()
    kinds = found(By.KIND).for_public()
    few = found(By.KIND, within=RegionFactory()).for_public()

    # Of two rows the larger is hidden with the smaller: the total less the one would be the other.
    assert [row.is_hidden for row in places.rows] == [True, True]
    assert [row.is_hidden for row in kinds.rows] == [True, True]
    assert places.total.paid == ledger_total()
    # One group alone has taken cash.
    assert (places.total.cash, places.total.groups) == (None, 5)
    assert (few.rows, few.total.groups) == ([], 0)


def test_a_total_of_two_groups_is_hidden_too(world, houses):
    table = found(By.MONTH, within=houses[1]).for_public()

    assert table.total.is_hidden
    assert all(row.is_hidden for row in table.rows)


def test_it_takes_as_many_queries_for_many_groups_as_for_one(world, django_assert_max_num_queries):
    for by in By:
        with django_assert_max_num_queries(4):
            found(by, level=Region.Level.DZONGKHAG)


def row(name, *, paid=(), cash=(), sellers=()):
    found = _Sum()
    for vendor, amount in enumerate(paid):
        found.add(Paid(vendor, date(2026, 1, 1), None, Decimal(amount), Decimal(0)))
    for vendor, amount in enumerate(cash):
        found.add(Paid(vendor, date(2026, 1, 1), None, Decimal(0), Decimal(amount)))
    for vendor, count in enumerate(sellers):
        found.sold(Sold(vendor, date(2026, 1, 1), None, count))
    households = dict.fromkeys(range(9), 1)
    return _Groups({}, households, {}).row(name, name, found)


def told(rows, total):
    table = Impact(By.PLACE, "INR", date(2026, 1, 1), date(2026, 12, 31), rows, total).for_public()
    return [(each.groups, each.paid, each.cash, each.orders) for each in (*table.rows, table.total)]


def test_orders_of_one_group_are_not_what_the_open_rows_leave_of_the_total():
    three = {"paid": (1, 1, 1), "sellers": (2, 2, 2)}
    rows = [row("A", **three), row("B", **three), row("C", sellers=(5,))]

    found = told(rows, row("all", paid=(1,) * 6, sellers=(2, 2, 2, 2, 2, 2, 5)))

    # Of three rows with orders two stay hidden; what was paid is told.
    assert [cells[3] for cells in found] == [None, 6, None, 17]
    assert [cells[1] for cells in found] == [3, 3, 0, 6]


def test_cash_of_one_group_among_several_that_were_paid_is_not_told():
    rows = [row("A", paid=(9, 9, 9), cash=(4,)), row("B", paid=(9, 9, 9))]

    found = told(rows, row("all", paid=(9,) * 6, cash=(4,)))

    assert found == [(3, 27, None, 0), (3, 27, 0, 0), (6, 54, None, 0)]


def test_what_came_back_whole_does_not_make_two_groups_three():
    found = told([row("A", paid=(9, 9, 0))], row("all", paid=(9, 9, 0)))

    assert [cells[:2] for cells in found] == [(None, None)] * 2


def test_the_same_two_groups_in_two_months_are_not_told_by_what_is_left():
    months = {"jan": {1, 2}, "feb": {1, 2}, "mar": {1, 2, 3, 4}, "apr": {1, 2, 3, 4, 5}}

    hidden, _told = veiled({month: dict.fromkeys(groups, 1) for month, groups in months.items()}, Told())

    # The first two together are the income of the same two groups.
    assert hidden == {"jan", "feb", "mar"}
