"""Offers on orders: what is written, limits that hold, and uses given back."""

import threading
from decimal import Decimal

import pytest

from orders.errors import OfferGone, TotalChanged
from orders.models import Order, OrderDiscount, OrderLineDiscount
from orders.offers.models import ConditionalOffer, OfferPerson
from orders.selectors.baskets import basket_view
from orders.services import cancelling, discounts
from orders.services.codes import give_code
from orders.services.offers import stop_offer
from orders.services.placing import place_order
from orders.services.releasing import expire, lock_order, release, release_unpaid
from tests.factories.offers import an_offer
from tests.factories.orders import TaxRateFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race
from tests.support.sale import (
    a_listing,
    checkout_data,
    count_of_sale_rows,
    filled_basket,
    open_shop,
    stock_of,
)

D = Decimal


def basket_of(*goods, code=""):
    """A basket of a visitor, with a code."""
    basket = filled_basket(*goods)
    if code:
        give_code(basket, code, address="")
    return basket


def counters(offer):
    """Uses, orders and money of an offer as stored."""
    row = ConditionalOffer.objects.get(pk=offer.pk)
    return row.num_applications, row.num_orders, row.total_discount


@pytest.mark.django_db
def test_two_payers_in_one_order_stand_on_its_rows_line_by_line(shop):
    first, second = VendorFactory(), VendorFactory()
    own = an_offer(payer=first, percent=D(20), title="Own days")
    programme = an_offer(percent=D(10))
    basket = basket_of((a_listing("100.00", vendor=first), 1), (a_listing("33.35", vendor=second), 3))

    order = place_order(basket, checkout_data(basket))

    lines = list(order.lines.order_by("pk"))
    assert [(line.line_price_incl_tax, line.discount, line.promotion) for line in lines] == [
        (D("100.00"), D("28.00"), D("8.00")),
        (D("100.05"), D("10.01"), D("10.01")),
    ]
    parts = list(order.vendor_orders.order_by("pk"))
    assert [
        (part.goods_total, part.discount_total, part.promotion_total, part.total, part.commission_base)
        for part in parts
    ] == [
        (D("100.00"), D("28.00"), D("8.00"), D("132.00"), D("80.00")),
        (D("100.05"), D("10.01"), D("10.01"), D("150.04"), D("100.05")),
    ]
    assert order.total_incl_tax == D("282.04")
    rows = OrderDiscount.objects.filter(order=order).order_by("offer_id")
    assert [(row.offer_id, row.offer_name, row.payer, row.amount) for row in rows] == [
        (own.pk, "Own days", first, D("20.00")),
        (programme.pk, "Harvest days", None, D("18.01")),
    ]
    assert [row.amount for row in OrderLineDiscount.objects.order_by("pk")] == [
        D("20.00"),
        D("8.00"),
        D("10.01"),
    ]
    assert (counters(own), counters(programme)) == ((1, 1, D("20.00")), (1, 1, D("18.01")))


@pytest.mark.django_db
def test_commission_and_tax_are_of_what_the_group_earns(shop, settings):
    settings.COMMISSION_RATE = D("0.1000")
    TaxRateFactory(kind="goods", rate=D("0.2500"))
    first, second = VendorFactory(), VendorFactory()
    an_offer(payer=first, percent=D(20))
    an_offer(vendor=second, percent=D(20))
    basket = basket_of((a_listing("100.00", vendor=first), 1), (a_listing("100.00", vendor=second), 1))

    order = place_order(basket, checkout_data(basket))

    own, programme = order.vendor_orders.order_by("pk")
    assert (own.total, own.commission, own.goods_tax, own.share) == (
        D("140.00"),
        D("8.00"),
        D("16.00"),
        D("132.00"),
    )
    assert (programme.total, programme.commission, programme.goods_tax, programme.share) == (
        D("140.00"),
        D("10.00"),
        D("20.00"),
        D("150.00"),
    )


@pytest.mark.django_db
def test_an_offer_in_another_currency_counts_for_nothing(shop):
    an_offer(currency="BTN")
    basket = basket_of((a_listing("100.00"), 1))

    assert basket_view(basket).offers.amount == 0
    assert place_order(basket, checkout_data(basket)).total_incl_tax == D("160.00")


@pytest.mark.django_db
def test_an_offer_that_ended_after_the_review_is_named_and_nothing_is_placed(shop):
    offer = an_offer()
    listing = a_listing("100.00")
    basket = basket_of((listing, 1))
    data = checkout_data(basket)
    stop_offer(offer, actor=PersonFactory(), reason="wrong goods")
    before = count_of_sale_rows()

    with pytest.raises(OfferGone, match="Harvest days"):
        place_order(basket, data)

    assert count_of_sale_rows() == before
    assert stock_of(listing) == (10, 0)
    assert basket_view(basket).goods_after_offers == D("100.00")


@pytest.mark.django_db
def test_an_offer_that_began_after_the_review_changes_the_total(shop):
    basket = basket_of((a_listing("100.00"), 1))
    data = checkout_data(basket)
    an_offer()

    with pytest.raises(TotalChanged):
        place_order(basket, data)

    assert not Order.objects.exists()


@pytest.mark.django_db
def test_placed_twice_it_is_used_once(shop):
    offer = an_offer()
    basket = basket_of((a_listing("100.00"), 1))
    data = checkout_data(basket)

    assert place_order(basket, data) == place_order(basket, data)

    assert counters(offer) == (1, 1, D("10.00"))


@pytest.mark.django_db
@pytest.mark.parametrize("limits", [{"max_uses": 1}, {"max_money": D("19.99")}], ids=["uses", "money"])
def test_a_limit_that_is_reached_is_said_to_the_next(shop, limits):
    offer = an_offer(code="HARVEST", **limits)
    first, second = (basket_of((a_listing("100.00"), 1), code="harvest") for _ in range(2))
    data = checkout_data(second)
    place_order(first, checkout_data(first))

    with pytest.raises(OfferGone):
        place_order(second, data)

    assert counters(offer) == (1, 1, D("10.00"))
    view = basket_view(second)
    assert (view.offers.amount, view.offers.codes[0].refusal) == (0, "This offer is used up.")


@pytest.mark.django_db
def test_each_person_has_it_once_and_a_visitor_signs_in_first(shop):
    offer = an_offer(code="WELCOME", is_once=True)
    buyer = PersonFactory(phone="+97517999999")
    first, second = (basket_of((a_listing("100.00"), 1), code="WELCOME") for _ in range(2))
    data = checkout_data(second, user=buyer)

    assert basket_view(first).offers.codes[0].refusal.endswith("Sign in, and it counts.")
    place_order(first, checkout_data(first, user=buyer))
    with pytest.raises(OfferGone):
        place_order(second, data)

    assert counters(offer) == (1, 1, D("10.00"))
    assert OfferPerson.objects.count() == 2
    assert buyer.email not in "".join(OfferPerson.objects.values_list("key", flat=True))
    assert place_order(second, checkout_data(second, user=buyer)).total_incl_tax == D("160.00")


@pytest.mark.django_db
def test_an_order_that_expires_gives_its_use_back_and_takes_it_again_when_it_is_paid_late(shop):
    offer = an_offer(code="WELCOME", is_once=True, max_uses=1)
    buyer = PersonFactory()
    basket = basket_of((a_listing("100.00"), 1), code="WELCOME")
    order = place_order(basket, checkout_data(basket, user=buyer))

    assert (expire(order), expire(order)) == (True, False)
    assert (counters(offer), OfferPerson.objects.count()) == ((0, 0, 0), 0)
    assert release(lock_order(order.pk))

    assert (counters(offer), OfferPerson.objects.count()) == ((1, 1, D("10.00")), 1)
    assert order.discounts.get().given_back_at is None


@pytest.mark.django_db
def test_an_expired_order_whose_use_another_has_by_now_is_not_released(shop):
    offer = an_offer(code="LAST1", max_uses=1)
    first, second = (basket_of((a_listing("100.00"), 1), code="LAST1") for _ in range(2))
    order = place_order(first, checkout_data(first))
    expire(order)
    place_order(second, checkout_data(second))

    with pytest.raises(OfferGone):
        release(lock_order(order.pk))

    assert Order.objects.get(pk=order.pk).status == "expired"
    assert counters(offer) == (1, 1, D("10.00"))


@pytest.mark.django_db
def test_the_use_comes_back_with_the_last_part_that_is_cancelled(shop):
    offer = an_offer()
    basket = basket_of((a_listing("100.00"), 1), (a_listing("50.00"), 1))
    order = place_order(basket, checkout_data(basket))
    release_unpaid(order)
    first, second = order.vendor_orders.order_by("pk")

    cancelling.cancel(first, actor=PersonFactory(), reason="frost")
    assert counters(offer) == (1, 1, D("15.00"))
    cancelling.cancel(second, actor=PersonFactory(), reason="frost")

    assert counters(offer) == (0, 0, 0)
    assert order.discounts.get().given_back_at is not None


def unguarded_take(contenders):
    """What Oscar does: reads the counters, then writes what it has reckoned; all look before any writes."""
    together = threading.Barrier(contenders)

    def take(pk, amount, *, is_running=True):
        return _read_then_write(together, pk, amount)

    return take


def _read_then_write(together, pk, amount):
    row = ConditionalOffer.objects.get(pk=pk)
    if row.max_global_applications is not None and row.num_applications >= row.max_global_applications:
        return False
    if row.money_left is not None and row.money_left < amount:
        return False
    together.wait(timeout=30)
    row.num_applications += 1
    row.total_discount += amount
    row.save(update_fields=["num_applications", "total_discount"])
    return True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "sold"), [(True, 1), (False, 4)], ids=["guarded", "control"])
@pytest.mark.parametrize("limits", [{"max_uses": 1}, {"max_money": D("19.99")}], ids=["uses", "money"])
def test_the_last_use_is_had_by_one_of_many(guarded, sold, limits, monkeypatch):
    open_shop()
    offer = an_offer(code="LAST1", **limits)
    baskets = [basket_of((a_listing("100.00"), 1), code="LAST1") for _ in range(4)]
    waiting = [(basket, checkout_data(basket)) for basket in baskets]
    if not guarded:
        monkeypatch.setattr(discounts, "_take", unguarded_take(4))

    outcomes = race(lambda: place_order(*waiting.pop()), contenders=4)

    assert outcomes.count(None) == sold
    assert {type(outcome) for outcome in outcomes if outcome} == ({OfferGone} if guarded else set())
    assert Order.objects.count() == sold
    assert OrderDiscount.objects.filter(offer_id=offer.pk).count() == sold
    if guarded:
        assert counters(offer) == (1, 1, D("10.00"))


@pytest.mark.django_db(transaction=True)
def test_two_parts_cancelled_at_the_same_moment_give_the_use_back_once():
    open_shop()
    offer = an_offer()
    basket = basket_of((a_listing("100.00"), 1), (a_listing("50.00"), 1))
    order = place_order(basket, checkout_data(basket))
    release_unpaid(order)
    parts = list(order.vendor_orders.all())
    actor = PersonFactory()

    outcomes = race(lambda: cancelling.cancel(parts.pop(), actor=actor, reason="frost"), contenders=2)

    assert outcomes == [None, None]
    assert counters(offer) == (0, 0, 0)
