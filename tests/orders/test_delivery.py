"""What a group offers to carry a basket, and what placing makes of it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orders.errors import NoDelivery, TotalChanged
from orders.models import Order
from orders.selectors.baskets import basket_view
from orders.services.placing import place_order
from orders.shipping.models import WeightStep
from orders.shipping.options import place_path
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.regions import CountryFactory, RegionAliasFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing, checkout_data, filled_basket, open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def doga():
    """A gewog of Paro."""
    paro = RegionFactory(dzongkhag=True, parent=CountryFactory(), code="BT-11", name="Paro")
    return RegionFactory(parent=paro, code="BT-11-DOGA", name="Doga")


@pytest.fixture
def group(doga):
    """A group of Doga with the programme's methods."""
    open_shop()
    return VendorFactory(home_region=doga)


def own(group, **fields):
    return DeliveryMethodFactory(vendor=group, **fields)


def offered(basket, to_path="BT/"):
    (found,) = basket_view(basket, to_path=to_path).groups
    return [(option.code, option.price) for option in found.delivery], str(found.refusal)


def test_an_address_leads_to_the_narrowest_place_that_its_words_name(doga):
    assert place_path("BT", state="paro", town="doga") == doga.path
    assert place_path("BT", state="Paro", town="Near the bridge") == "BT/BT-11/"
    assert place_path("BT", state="Elsewhere", town="Doga") == "BT/"
    assert place_path("JP") == "JP/"


def test_a_place_that_ended_does_not_win_over_one_of_its_name(doga):
    RegionFactory(parent=doga.parent, code="BT-11-OLD", name="Doga", ended_on=date(2026, 2, 3))
    RegionFactory(dzongkhag=True, code="BT-10-A", name="Paro", ended_on=date(2026, 2, 3))

    assert place_path("BT", state="Paro", town="Doga") == doga.path
    assert place_path("BT", state="Paro") == "BT/BT-11/"


def test_an_address_with_names_of_before_leads_to_the_places_of_today(doga):
    RegionAliasFactory(region=doga, alias="Old Doga")
    RegionAliasFactory(region=doga.parent, alias="Rinpung")

    assert place_path("BT", state="rinpung", town="old doga") == doga.path


def test_a_name_that_two_places_share_since_a_split_means_neither(doga):
    for number in range(2):
        piece = RegionFactory(parent=doga.parent, code=f"BT-11-P{number}", name=f"Piece {number}")
        RegionAliasFactory(region=piece, alias="Split")
    RegionAliasFactory(region=doga, alias="Piece 1")

    assert place_path("BT", state="Paro", town="Split") == "BT/BT-11/"
    assert place_path("BT", state="Paro", town="Piece 1") == "BT/BT-11/BT-11-P1/"


def test_of_one_carrier_the_narrowest_zone_counts(group):
    own(group, code="near", zone="place", price=Decimal("10.00"))
    own(group, code="valley", zone="state", price=Decimal("5.00"))
    own(group, code="land", zone="home", price=Decimal("1.00"))
    own(group, code="taxi", zone="home", price=Decimal("70.00"), carrier="vehicle")
    basket = filled_basket((a_listing(vendor=group), 1))

    assert offered(basket, group.home_region.path)[0] == [("near", 10), ("taxi", 70)]
    assert offered(basket, "BT/BT-11/")[0] == [("valley", 5), ("taxi", 70)]
    assert offered(basket, "BT/BT-15/")[0] == [("land", 1), ("taxi", 70)]


@pytest.mark.parametrize(
    ("goods", "reason"),
    [({"weight_grams": 4000}, "heavier"), ({"is_perishable": True}, "spoils")],
)
def test_a_package_that_nothing_carries_is_refused_with_the_reason(group, goods, reason):
    method = own(group)
    WeightStep.objects.create(method=method, up_to_grams=3000, price=Decimal("60.00"))
    basket = filled_basket((a_listing(vendor=group, **goods), 1))
    options, refusal = offered(basket)
    assert (options, reason in refusal) == ([], True)
    data = checkout_data(basket, delivery={group.pk: method.code})

    with pytest.raises(NoDelivery, match=reason):
        place_order(basket, data)

    assert not Order.objects.exists()


def test_what_was_chosen_stays_on_the_vendor_order_when_the_method_changes(group):
    method = own(group, preparation_days=2)
    step = WeightStep.objects.create(method=method, up_to_grams=1000, price=Decimal("45.00"))
    basket = filled_basket((a_listing(vendor=group), 2))
    order = place_order(basket, checkout_data(basket))

    step.delete()
    type(method).objects.filter(pk=method.pk).update(zone="abroad", price=9, days_max=90)

    part = order.vendor_orders.get()
    assert (part.delivery_price, part.delivery_zone, part.delivery_grams) == (45, "home", 800)
    assert (part.delivery_days_min, part.delivery_days_max) == (5, 9)


def test_a_price_that_changed_since_is_said_and_not_charged(group):
    method = own(group)
    step = WeightStep.objects.create(method=method, up_to_grams=1000, price=Decimal("45.00"))
    basket = filled_basket((a_listing(vendor=group), 1))
    data = checkout_data(basket)
    step.price = Decimal("50.00")
    step.save()

    with pytest.raises(TotalChanged):
        place_order(basket, data)

    assert not Order.objects.exists()


def test_what_the_narrowest_zone_refuses_a_wider_one_of_the_same_carrier_may_carry(group):
    near = own(group, code="near", zone="place", price=Decimal("10.00"))
    WeightStep.objects.create(method=near, up_to_grams=1000, price=Decimal("10.00"))
    own(group, code="land", zone="home", price=Decimal("90.00"), carries_perishables=True)
    heavy = filled_basket((a_listing(vendor=group, weight_grams=4000), 1))
    fresh = filled_basket((a_listing(vendor=group, is_perishable=True), 1))

    assert offered(heavy, group.home_region.path) == ([("land", 90)], "")
    assert offered(fresh, group.home_region.path) == ([("land", 90)], "")


def test_a_refusal_says_where_the_group_does_send_to(group):
    own(group, zone="place")
    own(group, zone="state")
    basket = filled_basket((a_listing(vendor=group), 1))

    assert offered(basket, "BT/BT-15/")[1].startswith(
        "This group does not send there. It sends to: its own gewog or district, its own dzongkhag or state."
    )


def test_the_database_refuses_pick_up_without_an_address(group):
    with pytest.raises(IntegrityError, match="delivery_pick_up_has_address"), transaction.atomic():
        own(group, carrier="pick_up")


def test_the_database_refuses_a_second_price_for_one_weight(group):
    method = own(group)
    WeightStep.objects.create(method=method, up_to_grams=1000, price=1)

    with pytest.raises(IntegrityError, match="weight_step_once"), transaction.atomic():
        WeightStep.objects.create(method=method, up_to_grams=1000, price=2)
