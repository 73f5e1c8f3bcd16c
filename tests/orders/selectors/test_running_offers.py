"""The price of one unit with the offers of this moment: the same as the basket's, or no price at all."""

from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.domain.offers import Goods, Scope, Terms, reckon
from orders.offers.models import ConditionalOffer
from orders.selectors.baskets import basket_view
from orders.selectors.offers import goods_of
from orders.selectors.running_offers import RunningOffer, RunningOffers, running_offers
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.offers import an_offer
from tests.factories.vendors import VendorFactory
from tests.support.sale import filled_basket

D = Decimal
CENT = D("0.01")
PRICES = st.integers(1, 500_000).map(lambda units: D(units).scaleb(-2))
# Most are for much, so that several are for the same goods.
SCOPES = st.one_of(
    st.just(Scope()),
    st.builds(Scope, listings=st.sampled_from([frozenset({1}), frozenset({2, 3})])),
    st.builds(Scope, vendor=st.sampled_from([1, 2]), place=st.sampled_from(["", "BT/", "BT/a/"])),
    st.builds(Scope, categories=st.sampled_from([("0001",), ("00010001",)])),
)
LINES = st.builds(
    lambda price, vendor, place, path: {
        "price": price,
        "vendor": vendor,
        "place": place,
        "categories": [path],
    },
    PRICES,
    st.sampled_from([1, 2]),
    st.sampled_from(["BT/a/x/", "BT/b/", "IN/"]),
    st.sampled_from(["0001", "00010001", "0002"]),
)
PERCENTAGES = st.fixed_dictionaries({"percent": st.integers(1, 90).map(D)})
AMOUNTS = st.fixed_dictionaries({"amount": PRICES.filter(lambda price: price >= 1)})
OFFERS = st.tuples(
    st.one_of(PERCENTAGES, PERCENTAGES, AMOUNTS),
    st.sampled_from([None, None, 1, 2]),
    SCOPES,
    st.one_of(st.just(D(0)), PRICES),
)


def running(offers):
    """Offers as they run; of (what it gives, payer, scope, minimum)."""
    terms = [
        Terms(key=key, payer=payer, scope=scope, minimum=minimum, **gives)
        for key, (gives, payer, scope, minimum) in enumerate(offers, start=1)
    ]
    ends = datetime(2030, 1, 1, tzinfo=UTC)
    return RunningOffers([RunningOffer(f"Offer {each.key}", "INR", each, ends, "BT") for each in terms])


@settings(max_examples=500)
@given(lines=st.lists(LINES, min_size=1, max_size=4), offers=st.lists(OFFERS, min_size=1, max_size=3))
def test_a_price_is_the_baskets_whatever_else_is_bought(lines, offers):
    goods = [Goods(key=key, listing=frozenset({key}), **line) for key, line in enumerate(lines, start=1)]
    found = running(offers)
    terms = [row.terms for row in found.rows]
    one = goods[0]

    price = getattr(found.on(one, currency="INR"), "price", None)

    if price is not None:
        alone = sum((each.amount for each in reckon([one], terms).given), D(0))
        beside = sum((each.parts.get(one.key, D(0)) for each in reckon(goods, terms).given), D(0))
        assert price == one.price - alone
        assert 0 < price < one.price
        # An offer is rounded once for all its lines: of two offers each may move a line by one unit.
        assert abs(one.price - beside - price) <= 2 * CENT


@pytest.mark.parametrize(
    ("offers", "price", "count"),
    [
        ([({"percent": D(10)}, None, Scope(), D(0))], D("90.00"), 1),
        ([({"percent": D(10)}, None, Scope(), D("100.00"))], D("90.00"), 1),
        ([({"percent": D(10)}, None, Scope(), D("100.01"))], None, 1),
        ([({"amount": D(30)}, None, Scope(), D(0))], None, 1),
        ([({"percent": D(20)}, 1, Scope(), D(0)), ({"percent": D(10)}, None, Scope(), D(0))], D("72.00"), 2),
        ([({"percent": D(20)}, 2, Scope(), D(0))], None, 0),
        ([({"percent": D(20)}, None, Scope(), D(0)), ({"percent": D(10)}, None, Scope(), D(0))], None, 1),
        ([({"percent": D(20)}, None, Scope(place="IN/"), D(0))], None, 0),
    ],
    ids=[
        "percentage",
        "enough",
        "too little",
        "amount",
        "two payers",
        "other group",
        "two of one payer",
        "other place",
    ],
)
def test_what_is_told_of_one_unit(offers, price, count):
    goods = Goods(key=1, listing=frozenset({1}), price=D("100.00"), vendor=1, place="BT/a/", categories=[])

    found = running(offers).on(goods, currency="INR")

    assert (getattr(found, "price", None), len(getattr(found, "offers", []))) == (price, count)


def test_goods_in_another_currency_have_no_offer():
    goods = Goods(key=1, listing=frozenset({1}), price=D("100.00"), vendor=1, place="BT/a/", categories=[])

    assert running([({"percent": D(10)}, None, Scope(), D(0))]).on(goods, currency="BTN") is None


@contextmanager
def undone():
    """What is made for one example is gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


KINDS = st.sampled_from(["all", "group", "listing", "place", "category", "other group"])
MADE = st.tuples(KINDS, st.integers(1, 90), st.booleans(), st.sampled_from(["0", "50", "400"]))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(price=st.integers(100, 60_000), made=st.lists(MADE, min_size=1, max_size=3), is_size=st.booleans())
def test_what_is_told_is_what_the_basket_takes_off(price, made, is_size):
    with undone():
        group, tea, cost = VendorFactory(), CategoryFactory(), D(price).scaleb(-2)
        stock = {"stock": None} if is_size else {"stock__price": cost}
        listing = ListingFactory(vendor=group, categories=[tea], **stock)
        sold = SizeFactory(parent=listing, stock__price=cost) if is_size else listing
        for kind, percent, is_own, minimum in made:
            scope = {
                "group": {"vendor": group},
                "listing": {"listings": [listing]},
                "place": {"region": listing.region},
                "category": {"categories": [tea]},
                "other group": {"vendor": VendorFactory()},
            }.get(kind, {})
            payer = group if is_own and kind != "other group" else None
            an_offer(percent=D(percent), payer=payer, minimum=D(minimum), **scope)
        goods = goods_of(sold, key=sold.pk, price=cost, categories=[tea.path])

        told = running_offers().on(goods, currency="INR")
        view = basket_view(filled_basket((sold, 1)))

        if told is not None and told.price is not None:
            assert told.price == view.goods_after_offers
        if told is None:
            assert view.goods_after_offers == cost
        if view.offers.amount == 0:
            assert getattr(told, "price", None) is None


@pytest.mark.django_db
def test_only_what_runs_for_everybody_is_read_with_one_query(django_assert_num_queries):
    shown = an_offer(title="Runs")
    an_offer(code="HARVEST")
    used_up = an_offer(max_uses=1)
    ConditionalOffer.objects.filter(pk=used_up.pk).update(num_applications=1)
    ConditionalOffer.objects.filter(pk=an_offer().pk).update(state="stopped")

    with django_assert_num_queries(1):
        found = running_offers()

    assert [row.terms.key for row in found.rows] == [shown.pk]


@pytest.mark.django_db
def test_money_that_is_used_up_gives_no_price():
    offer = an_offer(max_money=D(1000))
    listing = ListingFactory(stock__price="100.00")
    ConditionalOffer.objects.filter(pk=offer.pk).update(total_discount=D("990.01"))

    goods = goods_of(listing, key=listing.pk, price=D("100.00"), categories=[])

    assert running_offers().on(goods, currency="INR") is None
