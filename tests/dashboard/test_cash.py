"""Cash at the desk of a group: the amount to take, noted once with one button, by members only."""

import pytest

from payments.models import CashCollection
from tests.dashboard.given import member_of
from tests.payments.given import D, cash_order, sent
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(listing):
    """The group's part of an order that is to be paid in cash."""
    return cash_order((listing, 2)).vendor_orders.get()


def page(part):
    return f"/dashboard/orders/{part.number}/"


def words(answer):
    return " ".join(answer.content.decode().split())


def test_the_amount_is_shown_from_the_first_day_and_noted_once_the_goods_have_left(desk, part):
    early = words(desk.get(page(part)))
    sent(part)
    html = words(desk.get(page(part)))

    answers = [desk.post(f"{page(part)}cash/", follow=True) for _ in range(2)]

    part.refresh_from_db()
    assert "To take in cash" in early
    assert "I have taken" not in early
    assert "I have taken ₹560.00" in html
    assert [
        "Noted. The buyer is told." in words(answers[0]),
        "You had noted it already." in words(answers[1]),
    ] == [
        True,
        True,
    ]
    assert "Paid in cash" in words(answers[1])
    assert (part.state, CashCollection.objects.get().amount) == ("delivered", D(560))


def test_too_early_nothing_is_noted_and_that_is_said(desk, part):
    answer = desk.post(f"{page(part)}cash/", follow=True)

    part.refresh_from_db()
    assert "There is no cash to take for this order now." in words(answer)
    assert (part.state, CashCollection.objects.count()) == ("new", 0)


def test_another_group_finds_nothing(client, part):
    sent(part)
    client.force_login(member_of(a_listing().vendor))

    assert client.post(f"{page(part)}cash/").status_code == 404
    assert CashCollection.objects.count() == 0
