"""Codes for one order each: drawn, handed out once, used once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders.domain.codes import LETTERS, draw_codes
from orders.errors import CodeRefused, CodesFetched, OfferError, OfferGone
from orders.models import Order
from orders.selectors.baskets import basket_view
from orders.selectors.code_sets import AGAIN, code_sets
from orders.services import discounts
from orders.services.code_sets import MOST_CODES, fetch_codes
from orders.services.codes import give_code
from orders.services.discounts import take_uses_again
from orders.services.placing import place_order
from orders.services.releasing import expire, lock_order, release_unpaid
from orders.vouchers.models import Voucher, VoucherSet
from tests.factories.offers import an_offer
from tests.factories.vendors import VendorFactory
from tests.support.race import race
from tests.support.sale import a_listing, checkout_data, filled_basket, open_shop

D = Decimal


def codes_of(offer):
    return list(
        Voucher.objects.filter(voucher_set__offer=offer).order_by("pk").values_list("code", flat=True)
    )


def basket_with(code, listing=None):
    basket = filled_basket((listing or a_listing("100.00"), 1))
    give_code(basket, code, address="")
    return basket


def state_of(offer):
    return code_sets([offer])[offer.pk]


def expired(order):
    with transaction.atomic():
        locked = lock_order(order.pk)
        expire(locked)
        release_unpaid(locked)


def test_codes_are_many_different_and_free_of_look_alikes():
    codes = draw_codes(500)

    assert len(set(codes)) == 500
    assert {len(code) for code in codes} == {10}
    assert set("".join(codes)) <= set(LETTERS)
    assert not set(LETTERS) & set("ILO01")
    assert not set(codes) & set(draw_codes(500))


@pytest.mark.django_db
def test_a_set_belongs_to_its_offer_and_each_code_gives_it(shop):
    offer = an_offer(code_count=3)
    first, second, _third = codes_of(offer)

    placed = [
        place_order(basket, checkout_data(basket)) for basket in (basket_with(first), basket_with(second))
    ]

    assert [order.discounts.get().amount for order in placed] == [D("10.00"), D("10.00")]
    assert [order.discounts.get().voucher_code for order in placed] == [first, second]
    state = state_of(offer)
    assert (state.count, state.used, offer.needs_code) == (3, 2, True)


@pytest.mark.django_db
def test_a_used_code_is_refused_and_takes_nothing_off(shop):
    code = codes_of(an_offer(code_count=2))[0]
    waiting = basket_with(code)
    basket = basket_with(code)
    place_order(basket, checkout_data(basket))

    view = basket_view(waiting)
    with pytest.raises(CodeRefused, match="has been used"):
        basket_with(code)

    assert view.offers.amount == 0
    assert [state.refusal for state in view.offers.codes] == ["This code has been used."]


@pytest.mark.django_db
def test_one_code_of_an_offer_counts_for_an_order(shop):
    first, second = codes_of(an_offer(code_count=2))
    basket = basket_with(first)

    with pytest.raises(CodeRefused, match="One code of an offer"):
        give_code(basket, second, address="")

    assert list(basket.vouchers.values_list("code", flat=True)) == [first]


@pytest.mark.parametrize("used", [0, 1])
@pytest.mark.django_db
def test_of_two_codes_of_baskets_joined_at_sign_in_the_one_that_is_free_counts(shop, used):
    codes = codes_of(an_offer(code_count=2))
    kept, fresh = basket_with(codes[0]), basket_with(codes[1])
    first = basket_with(codes[used])
    place_order(first, checkout_data(first))

    kept.merge(fresh, add_quantities=False)
    order = place_order(kept, checkout_data(kept))

    assert order.discounts.get().voucher_code == codes[1 - used]


@pytest.mark.django_db
def test_a_code_of_an_order_that_came_to_nothing_is_free_again_and_may_be_gone_when_it_is_paid_late(shop):
    offer = an_offer(code_count=1)
    (code,) = codes_of(offer)
    basket = basket_with(code)
    late = place_order(basket, checkout_data(basket))
    expired(late)
    assert state_of(offer).used == 0
    basket = basket_with(code)
    place_order(basket, checkout_data(basket))

    with pytest.raises(OfferGone):
        take_uses_again(Order.objects.get(pk=late.pk))

    assert state_of(offer).used == 1


@pytest.mark.parametrize(("guarded", "sold"), [(True, 1), (False, 4)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_a_code_is_used_by_one_of_all_who_send_it_at_once(monkeypatch, guarded, sold):
    open_shop()
    offer = an_offer(code_count=2)
    code = codes_of(offer)[0]
    sales = []
    for _number in range(4):
        basket = basket_with(code, a_listing("100.00"))
        sales.append((basket, checkout_data(basket)))
    if not guarded:
        monkeypatch.setattr(discounts, "take_code", lambda _pk: True)
    waiting = iter(sales)

    outcomes = race(lambda: place_order(*next(waiting)), contenders=4)

    assert sum(1 for each in outcomes if each is None) == sold
    assert Order.objects.count() == sold
    assert all(isinstance(each, OfferGone) for each in outcomes if each is not None)
    assert Voucher.objects.get(code=code).num_orders == (1 if guarded else 0)


@pytest.mark.django_db
def test_the_database_refuses_a_second_use():
    voucher = Voucher.objects.filter(voucher_set__offer=an_offer(code_count=1)).get()

    with pytest.raises(IntegrityError, match="voucher_of_a_set_used_once"), transaction.atomic():
        Voucher.objects.filter(pk=voucher.pk).update(num_orders=2)


@pytest.mark.django_db
def test_the_file_is_handed_out_once_and_again_for_minutes_only():
    offer = an_offer(code_count=3)
    made = VoucherSet.objects.get(offer=offer)

    assert fetch_codes(made) == fetch_codes(made) == codes_of(offer)
    VoucherSet.objects.update(fetched_at=timezone.now() - AGAIN)
    with pytest.raises(CodesFetched):
        fetch_codes(made)

    assert not state_of(offer).can_be_fetched
    VoucherSet.objects.update(fetched_at=timezone.now() - AGAIN + timedelta(minutes=1))
    assert state_of(offer).can_be_fetched


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"code": "HARVEST", "code_count": 2}, "code_count"),
        ({"code_count": MOST_CODES + 1}, "code_count"),
        ({"code_count": -1}, "code_count"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_is_refused_and_draws_nothing(terms, field):
    with pytest.raises(OfferError) as refused:
        an_offer(payer=VendorFactory(), **terms)

    assert refused.value.field == field
    assert not Voucher.objects.exists()
