"""What the public is told of impact: closed months alone, once, and nothing that two tables tell when they are compared."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import combinations

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.lib.money import format_money
from payments.models import LedgerPosting
from programme.domain.months import last_day, months_over
from programme.models import PublishedImpact
from programme.selectors.impact import By, Impact, _Groups, _Sum
from programme.selectors.paid import Paid, Sold
from programme.selectors.published import Month, published
from programme.services.impact_publishing import publish, publish_closed_months
from regions.models import Region
from tests.factories.people import PersonFactory
from tests.programme.recounts import ledger_total
from tests.support.race import race

PAGE, FILE = reverse("impact"), reverse("impact-file")


def move_to(moment):
    """Let all money of the world have moved, and all orders have been handed over, at a moment."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_ledgerposting SET posted_at = %s", [moment])
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")
        cursor.execute("UPDATE order_vendororder SET released_at = %s", [moment])


def month_before(day):
    last = day.replace(day=1) - timedelta(days=1)
    return Month(last.year, last.month)


@pytest.fixture
def bhutan(world):
    return Region.objects.get(code="BT")


@pytest.fixture
def last_month(world):
    """The month before this one, in which all of the world happened."""
    month = month_before(timezone.now().date())
    move_to(datetime(month.year, month.number, 15, tzinfo=UTC))
    return month


# The service and the pages.


@pytest.mark.django_db
def test_the_month_that_runs_is_not_told_and_staff_see_it(client, world, bhutan):
    publish_closed_months()

    answer = client.get(PAGE)
    client.force_login(PersonFactory(moderator=True))
    staff = client.get(reverse("admin:programme_countryimpact_change", args=[bhutan.pk]))

    assert answer.context["table"].total.paid == 0
    assert staff.context["table"].total.paid == ledger_total() > 0


@pytest.mark.django_db
def test_a_month_is_told_when_it_is_over(client, last_month):
    before = client.get(PAGE, {"year": last_month.year}).context["table"]
    made = publish_closed_months()
    after = client.get(PAGE, {"year": last_month.year}).context["table"]

    assert made
    assert before.last < before.first
    assert (after.total.paid, after.last) == (ledger_total(), last_month.last)


@pytest.mark.django_db
def test_nothing_is_published_twice_and_what_is_published_stays(client, last_month):
    publish_closed_months()
    told = client.get(PAGE, {"year": last_month.year}).context["table"]
    move_to(datetime(2021, 1, 5, tzinfo=UTC))

    assert publish_closed_months() == 0
    assert client.get(PAGE, {"year": last_month.year}).context["table"] == told


@pytest.mark.django_db(transaction=True)
def test_twins_publish_one_table(bhutan):
    made = []

    outcomes = race(lambda: made.append(publish(bhutan, Month(2026, 1), By.PLACE)), contenders=4)

    assert outcomes == [None] * 4
    assert Counter(made) == {True: 1, False: 3}
    assert PublishedImpact.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "is_told"), [("2026-06-30 17:59:59+00", True), ("2026-06-30 18:00:00+00", False)]
)
def test_a_month_ends_at_midnight_of_the_country(world, bhutan, moment, is_told):
    # Thimphu is six hours before London.
    move_to(moment)

    publish(bhutan, Month(2026, 6), By.MONTH)

    total = published("BT", 2026, By.MONTH, "INR").total
    assert (total.paid == ledger_total(), total.orders) == (is_told, 5 if is_told else 0)


@pytest.mark.django_db
@pytest.mark.parametrize("by", By.values)
def test_page_and_file_are_equal_cell_by_cell(client, last_month, by):
    publish_closed_months()
    asked = {"by": by, "year": last_month.year}

    page = client.get(PAGE, asked)
    file = client.get(FILE, asked)

    table = page.context["table"]
    _head, *rows = csv.reader(StringIO(file.content.decode()))
    assert len(rows) == len(table.rows) + 1
    shown = page.content.decode()
    for row, cells in zip([*table.rows, table.total], rows, strict=True):
        figures = (row.groups, row.households, row.orders, row.paid, row.cash)
        assert cells == [row.name, *("*" if value is None else str(value) for value in figures), "INR"]
        if not row.is_hidden and row.paid is not None:
            assert format_money(row.paid, "INR") in shown
    assert f"-{last_month.number:02}-{by}" in file["Content-Disposition"]


@pytest.mark.django_db
def test_money_that_a_bank_sends_back_later_counts_in_the_month_in_which_it_came_back(world, bhutan):
    move_to("2026-05-10 12:00+00")
    back = LedgerPosting.objects.filter(source_type="payout", kind="returned")
    assert back.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE payments_ledgerposting SET posted_at = '2026-06-10 12:00+00' WHERE id = %s",
            [back.get().pk],
        )
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")
    share = world[0].share

    publish(bhutan, Month(2026, 5), By.MONTH)
    may = published("BT", 2026, By.MONTH, "INR")
    publish(bhutan, Month(2026, 6), By.MONTH)
    june = published("BT", 2026, By.MONTH, "INR")

    # May stays as it was told. What one group gave back in June, and with it the new total, is not told.
    assert (may.total.paid, may.rows[0].paid) == (4 * share, 4 * share)
    assert june.rows[0].paid == 4 * share
    assert (june.rows[1].paid, june.total.paid) == (None, None)


def test_months_are_over_on_the_day_after_their_last():
    assert months_over(2026, date(2026, 1, 31)) == 0
    assert months_over(2026, date(2026, 2, 1)) == 1
    assert months_over(2026, date(2026, 12, 31)) == 11
    assert months_over(2026, date(2027, 1, 1)) == 12
    assert months_over(2027, date(2026, 12, 31)) == 0
    assert last_day(2028, 2) == date(2028, 2, 29)


# The rule, over a year of closings.

PLACES = "abc"
PRIME = 1_000_003


def table_of(months):
    """The table of the months so far: each a list of (place, group, amount)."""
    sums, total = {}, _Sum()
    for lines in months:
        for place, group, amount in lines:
            row = Paid(group, date(2026, 1, 1), None, Decimal(amount), Decimal(0))
            for each in (sums.setdefault(place, _Sum()), total):
                each.add(row)
                each.sold(Sold(group, date(2026, 1, 1), None, 1))
    groups = _Groups({}, dict.fromkeys(range(99), 1), {})
    rows = [groups.row(place, place, sums[place]) for place in sorted(sums)]
    return Impact(By.PLACE, "INR", date(2026, 1, 1), date(2026, 12, 31), rows, groups.row("", "all", total))


def closings(months, *, compares=True):
    """What is published at the end of each month."""
    told = {}
    for number in range(1, len(months) + 1):
        public, after = table_of(months[:number]).told_to_public(told)
        told = after if compares else {}
        yield public


def figures_of(publications, cells):
    """Every open figure of money as a vector over the cells, each what one group was paid in one place and month."""
    for number, public in enumerate(publications):
        for row in public.rows:
            if row.paid is not None:
                yield [int(place == row.code and month <= number) for month, place, _group in cells]
        if public.total.paid is not None:
            yield [int(month <= number) for month, _place, _group in cells]


def rank(vectors):
    """How many of the vectors are independent, by elimination modulo a prime."""
    rows, found = [list(vector) for vector in vectors], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(found, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        inverse = pow(rows[found][column], -1, PRIME)
        rows[found] = [value * inverse % PRIME for value in rows[found]]
        for at in range(found + 1, len(rows)):
            if factor := rows[at][column]:
                rows[at] = [
                    (value - factor * other) % PRIME
                    for value, other in zip(rows[at], rows[found], strict=True)
                ]
        found += 1
    return found


def who_is_told(months, *, compares=True):
    """A group or two of whom alone some sum and difference of all published figures tells; empty for nobody."""
    cells = [(month, place, group) for month, lines in enumerate(months) for place, group, _amount in lines]
    figures = list(figures_of(closings(months, compares=compares), cells))
    groups = sorted({group for _month, _place, group in cells})
    for few in [*combinations(groups, 2), tuple(groups[:1])]:
        others = [at for at, (_month, _place, group) in enumerate(cells) if group not in few]
        # A sum that is zero for all others, and not for these.
        if rank([[figure[at] for at in others] for figure in figures]) < rank(figures):
            return few
    return ()


def test_one_group_that_was_paid_in_a_month_is_not_the_difference_of_two_tables():
    first = [(place, group, 10) for group, place in enumerate("aaabbbccc")]
    months = [first, [("a", 0, 7), ("b", 3, 5), ("b", 4, 5), ("b", 5, 5)]]

    compared = list(closings(months))
    alone = list(closings(months, compares=False))

    assert [row.paid for row in compared[0].rows] == [30, 30, 30]
    assert [row.paid for row in compared[1].rows] == [None, None, 30]
    assert compared[1].total.paid == 112
    # The control: each table by itself hides nothing, and 37 less 30 is what the one group was paid.
    assert [row.paid for row in alone[1].rows] == [37, 45, 30]


def test_what_was_hidden_is_told_when_three_groups_have_grown_it():
    first = [(place, group, 10) for group, place in enumerate("aaabbb")]
    months = [first, [("a", 0, 7)], [("a", 1, 1), ("a", 2, 1), ("b", 3, 1), ("b", 4, 1), ("b", 5, 1)]]

    found = [[*(row.paid for row in public.rows), public.total.paid] for public in closings(months)]

    assert found == [[30, 30, 60], [None, 30, None], [39, 33, 72]]


def test_a_group_that_moves_does_not_show_its_year_as_the_difference():
    lines = [(place, group, 10) for group, place in enumerate("aaaabbbccc")]
    whole = table_of([lines])
    _public, told = whole.told_to_public({})
    moved = table_of([[("b" if group == 0 else place, group, amount) for place, group, amount in lines]])

    (compared, _told), alone = moved.told_to_public(told), moved.for_public()

    assert [row.paid for row in compared.rows] == [None, None, 30]
    assert compared.total.paid == 100
    # The control: by itself the table shows 30 and 40, where 40 and 30 were told.
    assert [row.paid for row in alone.rows] == [30, 40, 30]


def test_a_row_that_is_none_any_more_is_a_difference_too():
    lines = [(place, group, 10) for group, place in enumerate("aaabbbbbb")]
    whole = table_of([lines])
    _public, told = whole.told_to_public({})
    nowhere = table_of([[("b", group, amount) for _place, group, amount in lines]])

    public, _told = nowhere.told_to_public(told)

    # Three groups have left: that may be seen.
    assert [(row.code, row.paid) for row in public.rows] == [("b", 90), ("a", 0)]


_PAID = st.sets(st.integers(0, 8), max_size=9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=9, max_size=9), st.lists(_PAID, min_size=1, max_size=4))
def test_no_sum_and_difference_of_all_that_was_published_tells_of_one_or_two_groups(homes, months):
    lines = [[(PLACES[homes[group]], group, 10 + group) for group in sorted(paid)] for paid in months]

    assert who_is_told(lines) == ()


def test_the_sums_and_differences_find_what_comparing_hides():
    first = [(place, group, 10) for group, place in enumerate("aaabbbccc")]
    months = [first, [("a", 0, 7), ("b", 3, 5), ("b", 4, 5), ("b", 5, 5)]]

    # The control: without what was told before, group 0 is found.
    assert 0 in who_is_told(months, compares=False)
    assert who_is_told(months) == ()
