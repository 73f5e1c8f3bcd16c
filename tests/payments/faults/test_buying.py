"""Faults between the buyer, the browser and the provider's page."""

from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from notices.services.sending import send_waiting
from orders.basket.models import Basket
from orders.errors import NotEnoughUnits
from orders.models import Order
from orders.services.baskets import add_to_basket
from orders.services.placing import place_order
from payments.models import PaymentAttempt
from payments.services.attempts import start_payment
from tests.payments.faults.world import PAID, UNPAID, but
from tests.support.race import race
from tests.support.sale import (
    a_listing,
    checkout_data,
    filled_basket,
    let_reservation_end,
    open_shop,
    placed_order,
    started_attempt,
)
from vendors.models import StockRecord
from vendors.services import stock

pytestmark = pytest.mark.django_db


def comes_back(client, order):
    """The buyer's browser opens the return page."""
    return client.get(reverse("checkout-return", args=[order.number]))


@pytest.mark.fault(1)
def test_the_browser_never_returns(world):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id)

    world.quiet()

    assert world.now(attempt.order) == PAID
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(2)
def test_the_browser_returns_before_the_event(world, client):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id)

    comes_back(client, attempt.order)

    assert Order.objects.get().status == "paid"
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(3)
@pytest.mark.django_db(transaction=True)
def test_browser_and_event_come_at_once(world, client):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id)
    turns = iter([lambda: comes_back(client, attempt.order), lambda: world.send(world.fake.events)])

    outcomes = race(lambda: next(turns)(), contenders=2)

    assert outcomes == [None, None]
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(23)
def test_a_card_is_declined_and_another_one_pays(world):
    attempt = started_attempt()
    world.fake.decline(attempt.session_id)
    world.tell()

    world.fake.pay(attempt.session_id)

    assert world.end(attempt.order) == PAID


@pytest.mark.fault(24)
def test_the_buyer_leaves_while_the_bank_asks_who_it_is(world):
    attempt = started_attempt()
    world.fake.decline(attempt.session_id, "The bank wants to know who you are.")
    world.tell()

    let_reservation_end(attempt.order)

    assert world.end(attempt.order) == UNPAID
    assert world.fake.payments[attempt.session_id].session_status == "expired"


@pytest.mark.fault(25)
def test_two_tabs_send_the_same_basket_and_press_pay_twice(world):
    open_shop()
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket)

    orders = [place_order(Basket.objects.get(pk=basket.pk), data) for _tab in range(2)]
    pages = [start_payment(order) for order in orders]
    for page in pages:
        world.fake.pay(page.session_id)

    assert (orders[0], pages[0].page_url) == (orders[1], pages[1].page_url)
    assert (Order.objects.count(), PaymentAttempt.objects.count()) == (1, 1)
    assert world.end(orders[0]) == PAID


@pytest.mark.fault(26)
def test_the_buyer_returns_on_two_devices(world, client):
    attempt = started_attempt()
    world.fake.pay(attempt.session_id)

    answers = [comes_back(client, attempt.order) for _device in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert world.end(attempt.order) == PAID


@pytest.mark.fault(27)
def test_the_basket_is_edited_after_the_redirect(world):
    attempt = started_attempt()
    basket = Basket.objects.get(pk=attempt.order.basket_id)
    other = a_listing()

    with pytest.raises(Exception, match="basket"):
        add_to_basket(basket, other.pk, 1)
    world.fake.pay(attempt.session_id)

    assert world.end(attempt.order) == but(PAID, stock=((10, 1), (10, 0)))
    assert attempt.order.lines.count() == 1


@pytest.mark.fault(28)
def test_the_price_changes_while_the_buyer_pays(world):
    attempt = started_attempt()

    StockRecord.objects.update(price="999.00")
    world.fake.pay(attempt.session_id)

    assert world.end(attempt.order) == PAID
    assert [str(line.unit_price_incl_tax) for line in attempt.order.lines.all()] == ["250.00"]


@pytest.mark.fault(29)
@pytest.mark.parametrize(
    ("wrong", "sum_and_currency"),
    [({"amount_received": "310.01"}, ("310.01", "INR")), ({"currency": "USD"}, ("310.00", "USD"))],
    ids=["amount", "currency"],
)
def test_another_amount_or_currency_comes(world, wrong, sum_and_currency):
    attempt = started_attempt()
    given = {name: Decimal(value) if name == "amount_received" else value for name, value in wrong.items()}
    world.fake.pay(attempt.session_id, **given)
    world.tell()

    let_reservation_end(attempt.order)

    amount, _currency = sum_and_currency
    end = world.end(attempt.order)
    assert (end.order, end.parts, end.stock, end.attempts) == (
        "expired",
        ("cancelled",),
        ((10, 0),),
        ("surplus",),
    )
    assert end.refunds == ((amount, "succeeded", "mismatch"),)
    assert end.provider == (amount, amount)
    assert end.notices == {"order_placed": 1, "order_expired": 1, "payment_returned": 1}
    # The provider keeps its fee, and nobody else has a part of that money.
    fee = {"310.01": "6.20", "310.00": "6.20"}[amount]
    assert end.ledger == {"provider_balance": f"-{fee}", "provider_fees": fee}


@pytest.mark.fault(30)
@pytest.mark.django_db(transaction=True)
def test_expiry_races_the_payment(world):
    attempt = started_attempt()
    let_reservation_end(attempt.order)
    turns = iter([lambda: world.fake.pay(attempt.session_id), world.quiet])

    outcomes = race(lambda: next(turns)(), contenders=2)

    end = world.end(attempt.order)
    assert outcomes == [None, None]
    assert end in (PAID, UNPAID)


@pytest.mark.fault(31)
@pytest.mark.django_db(transaction=True)
def test_two_buyers_want_the_last_unit(world):
    open_shop()
    listing = a_listing(units=1)
    baskets = [filled_basket((listing, 1)) for _buyer in range(2)]
    turns = iter([(basket, checkout_data(basket)) for basket in baskets])

    outcomes = race(lambda: place_order(*next(turns)), contenders=2)

    order = Order.objects.get()
    world.fake.pay(start_payment(order).session_id)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [NotEnoughUnits]
    assert world.end(order) == but(PAID, stock=((1, 1),))


@pytest.mark.fault(32)
def test_the_money_comes_when_the_goods_are_gone(world):
    order = placed_order((a_listing(units=1), 1))
    attempt = start_payment(order)
    world.fake.expire_payment = lambda session_id: world.fake.retrieve_payment(session_id)
    let_reservation_end(order)
    world.fake.expire(attempt.session_id)
    world.tell()
    world.quiet()
    stock.reserve({StockRecord.objects.get().pk: 1})

    # The bank was slow: the page had closed, and the money came all the same.
    session = world.fake.payments[attempt.session_id]
    world.fake.payments[attempt.session_id] = type(session)(**{**vars(session), "session_status": "open"})
    world.fake.pay(attempt.session_id)

    assert world.end(order) == but(
        UNPAID,
        stock=((1, 1),),
        attempts=("surplus",),
        refunds=(("310.00", "succeeded", "goods_gone"),),
        ledger={"provider_balance": "-6.20", "provider_fees": "6.20"},
        notices={"payment_returned": 1},
        provider=("310.00", "310.00"),
    )


@pytest.mark.fault(33)
def test_mail_fails_after_placing(world, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError("no mail server")

    with monkeypatch.context() as broken:
        broken.setattr(mail, "get_connection", refuse)
        attempt = started_attempt()
        send_waiting()
    world.fake.pay(attempt.session_id)

    end = world.end(attempt.order)

    Notice.objects.update(send_after=timezone.now())
    send_waiting()
    assert end == PAID
    assert Basket.objects.get(pk=attempt.order.basket_id).status == "Submitted"
    assert sorted(message.subject for message in mail.outbox) == sorted(
        {message.subject for message in mail.outbox}
    )
    assert (len(mail.outbox), set(Notice.objects.values_list("state", flat=True))) == (2, {"sent"})
