"""Placing: the whole order with its stock, or nothing at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.formats import date_format

from marketplace.lib.dates import today_in
from notices.models import Notice
from orders.basket.models import Basket, Line
from orders.domain.numbers import read_order_number
from orders.errors import (
    BasketClosed,
    BasketEmpty,
    ForeignCurrency,
    GroupClosed,
    NoDelivery,
    NotEnoughUnits,
    NotForSale,
    OrderTooLarge,
    TotalChanged,
)
from orders.models import Line as OrderLine
from orders.models import Order, ShippingAddress, VendorOrder
from orders.services.notifying import status_key
from orders.services.placing import place_order
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import (
    a_listing,
    checkout_data,
    count_of_sale_rows,
    filled_basket,
    notice_kinds,
    open_shop,
    placed_order,
    states_of,
    stock_of,
)
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return open_shop()


@pytest.fixture
def refusal(shop):
    """Place a basket that must be refused; nothing may change and nobody may hear of it."""

    def refuse(basket, checkout, error, match=None):
        before, lines = count_of_sale_rows(), Line.objects.count()
        stock = list(StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated"))

        with pytest.raises(error, match=match) as refused:
            place_order(basket, checkout)

        assert count_of_sale_rows() == before
        assert Line.objects.count() == lines
        assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
        assert list(StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated")) == stock
        return refused.value

    return refuse


def test_three_groups_get_their_parts_and_the_parts_sum_to_the_charge(shop):
    goods = [(a_listing(price="99.95"), 3), (a_listing(price="0.01"), 1), (a_listing(price="1234.56"), 2)]
    basket = filled_basket(*goods)

    order = place_order(basket, checkout_data(basket))

    parts = list(order.vendor_orders.order_by("pk"))
    assert [(part.vendor, part.goods_total, part.delivery_price, part.total) for part in parts] == [
        (goods[0][0].vendor, Decimal("299.85"), Decimal("60.00"), Decimal("359.85")),
        (goods[1][0].vendor, Decimal("0.01"), Decimal("60.00"), Decimal("60.01")),
        (goods[2][0].vendor, Decimal("2469.12"), Decimal("60.00"), Decimal("2529.12")),
    ]
    assert sum(part.total for part in parts) == order.total_incl_tax == Decimal("2948.98")
    assert order.shipping_incl_tax == Decimal("180.00")
    assert [part.number for part in parts] == [f"{order.number}-{place}" for place in (1, 2, 3)]
    assert [(line.vendor_order, line.quantity) for line in order.lines.order_by("pk")] == [
        (parts[0], 3),
        (parts[1], 1),
        (parts[2], 2),
    ]
    assert [stock_of(listing) for listing, _ in goods] == [(10, 3), (10, 1), (10, 2)]


def test_a_placed_order_waits_for_money_and_the_buyer_hears_of_it(shop):
    basket = filled_basket((a_listing(), 1))

    order = place_order(basket, checkout_data(basket, phone="+97517123456"))

    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    assert order.paid_at is None
    assert timedelta(minutes=39) < order.reserved_until - timezone.now() <= timedelta(minutes=40)
    assert read_order_number(order.number) == order.number
    assert Basket.objects.get(pk=basket.pk).status == Basket.SUBMITTED
    assert notice_kinds() == ["order_placed email", "order_placed sms"]
    context = Notice.objects.get(channel="email").context
    assert context["link"].endswith(f"/{order.number}/?key={status_key(order)}")
    assert [event.to_state for event in order.events.all()] == ["awaiting_payment"]


@pytest.mark.parametrize(
    ("email", "phone", "kinds"),
    [("dema@example.org", "", ["order_placed email"]), ("", "+97517123456", ["order_placed sms"])],
)
def test_a_guest_needs_an_email_address_or_a_phone_number(shop, email, phone, kinds):
    basket = filled_basket((a_listing(), 1))

    order = place_order(basket, checkout_data(basket, email=email, phone=phone))

    assert (order.user, order.contact_email, order.contact_phone) == (None, email, phone)
    assert notice_kinds() == kinds


def test_a_guest_without_any_contact_is_refused_by_the_database(refusal):
    basket = filled_basket((a_listing(), 1))

    refusal(basket, checkout_data(basket, email="", phone=""), IntegrityError, "order_has_contact")


def test_a_buyer_with_an_account_is_written_to_there(shop):
    buyer = PersonFactory(phone="+97517999999")
    basket = filled_basket((a_listing(), 1))

    order = place_order(basket, checkout_data(basket, user=buyer, email="", phone=""))

    assert (order.user, order.contact_email, order.contact_phone) == (buyer, buyer.email, "+97517999999")
    assert notice_kinds() == ["order_placed email", "order_placed sms"]


@pytest.mark.fault(25)
def test_the_same_basket_twice_is_the_same_order(shop):
    listing = a_listing()
    basket = filled_basket((listing, 2))
    data = checkout_data(basket)
    order = place_order(basket, data)
    before = count_of_sale_rows()

    again = place_order(basket, data)

    assert again == order
    assert count_of_sale_rows() == before
    assert stock_of(listing) == (10, 2)


@pytest.mark.fault(27)
def test_a_basket_that_was_ordered_cannot_be_edited_and_stays_the_order_it_was(shop):
    listing = a_listing()
    basket = filled_basket((listing, 2))
    order = place_order(basket, checkout_data(basket))
    Line.objects.filter(basket=basket).update(quantity=9)

    again = place_order(basket, checkout_data(basket))

    assert again == order
    assert [line.quantity for line in order.lines.all()] == [2]
    assert stock_of(listing) == (10, 2)


@pytest.mark.fault(28)
def test_a_price_that_changed_since_it_was_shown_is_refused(refusal):
    listing = a_listing(price="250.00")
    basket = filled_basket((listing, 1))
    shown = checkout_data(basket)
    StockRecord.objects.filter(product=listing).update(price=Decimal("250.01"))

    refusal(basket, shown, TotalChanged, "A price has changed")

    order = place_order(basket, checkout_data(basket))
    assert order.total_incl_tax == Decimal("310.01")


@pytest.mark.parametrize("price", ["500000.00", "9999999999.99"])
def test_more_than_any_provider_charges_at_once_is_refused(refusal, price):
    basket = filled_basket((a_listing(price=price), 2))

    refusal(basket, checkout_data(basket), OrderTooLarge, "more than can be paid at once")


def test_as_much_as_a_provider_charges_at_once_can_be_ordered(shop):
    basket = filled_basket((a_listing(price="999939.99"), 1))

    order = place_order(basket, checkout_data(basket))

    assert order.total_incl_tax == Decimal("999999.99")


@pytest.mark.parametrize("off", ["0.01", "-0.01", "1000000"])
def test_a_total_that_was_not_shown_is_refused(refusal, off):
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket, expected_total=Decimal("310.00") + Decimal(off))

    refusal(basket, data, TotalChanged)


def test_a_delivery_price_that_changed_since_it_was_shown_is_refused(refusal, shop):
    basket = filled_basket((a_listing(), 1))
    shown = checkout_data(basket)
    shop.price = Decimal("61.00")
    shop.save()

    refusal(basket, shown, TotalChanged)


def test_what_was_sold_since_it_was_put_in_is_refused_with_the_number_left(refusal):
    listing, other = a_listing(units=5, title="Red rice"), a_listing()
    basket = filled_basket((other, 1), (listing, 3))
    data = checkout_data(basket)
    StockRecord.objects.filter(product=listing).update(num_allocated=4)

    error = refusal(basket, data, NotEnoughUnits, "Only 1 left of Red rice")

    assert (error.titles, error.left) == (["Red rice"], 1)


def test_what_was_sold_out_since_it_was_put_in_is_refused(refusal):
    listing = a_listing(units=1, title="Red rice")
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    StockRecord.objects.filter(product=listing).update(num_allocated=1)

    refusal(basket, data, NotEnoughUnits, "Sold out: Red rice")


def test_everything_that_is_short_is_named(refusal):
    first, second = a_listing(units=1, title="Red rice"), a_listing(units=1, title="Honey")
    basket = filled_basket((first, 1), (second, 1))
    data = checkout_data(basket)
    StockRecord.objects.update(num_allocated=1)

    error = refusal(basket, data, NotEnoughUnits, "Red rice, Honey")

    assert error.titles == ["Red rice", "Honey"]


def test_a_listing_withdrawn_since_it_was_put_in_is_refused(refusal):
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    listing.state, listing.is_public = "withdrawn", False
    listing.save()

    refusal(basket, data, NotForSale)


def test_a_group_suspended_since_its_goods_were_put_in_is_refused(refusal):
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    listing.vendor.state = "suspended"
    listing.vendor.save()

    refusal(basket, data, NotForSale)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-3, 0), (0, 3)])
def test_a_group_closed_today_takes_no_orders(refusal, first, last):
    today = today_in("BT")
    listing = a_listing(vendor=VendorFactory(name="Khoma weavers"))
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    listing.vendor.closed_from, listing.vendor.closed_until = (
        today + timedelta(days=first),
        today + timedelta(days=last),
    )
    listing.vendor.save()

    refusal(
        basket,
        data,
        GroupClosed,
        f"Khoma weavers is closed until {date_format(today + timedelta(days=last), 'j F Y')}",
    )


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (1, 3)])
def test_a_closure_of_another_day_does_not_matter(shop, first, last):
    today = today_in("BT")
    vendor = VendorFactory(
        closed_from=today + timedelta(days=first), closed_until=today + timedelta(days=last)
    )
    basket = filled_basket((a_listing(vendor=vendor), 1))

    order = place_order(basket, checkout_data(basket))

    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])


def test_a_delivery_that_was_not_offered_is_refused(refusal):
    theirs = DeliveryMethodFactory(vendor=VendorFactory(), code="elephant", price=Decimal("0.00"))
    basket = filled_basket((a_listing(vendor=VendorFactory(name="Khoma weavers")), 1))
    vendor_pk = VendorFactory._meta.model.objects.get(name="Khoma weavers").pk
    shown = checkout_data(basket)

    for delivery in ({}, {vendor_pk: ""}, {vendor_pk: "none"}, {vendor_pk: theirs.code}):
        data = checkout_data(basket, delivery=delivery, expected_total=shown.expected_total)
        refusal(basket, data, NoDelivery, "Choose how Khoma weavers should send its goods")


def test_a_delivery_that_is_not_offered_any_more_is_refused(refusal, shop):
    basket = filled_basket((a_listing(), 1))
    shown = checkout_data(basket)
    shop.is_active = False
    shop.save()

    refusal(basket, shown, NoDelivery)


def test_a_country_that_no_group_sends_to_is_refused(refusal):
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket, country_code="JP")

    refusal(basket, data, NoDelivery)


@pytest.mark.parametrize("country_code", ["XX", ""])
def test_a_country_that_does_not_exist_is_refused(refusal, country_code):
    DeliveryMethodFactory(code="air", zone="anywhere")
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket)
    chosen = dict.fromkeys(data.delivery, "air")
    data = checkout_data(basket, country_code=country_code, delivery=chosen)

    refusal(basket, data, NoDelivery)


def test_the_delivery_chosen_is_kept_whatever_becomes_of_the_method(shop):
    express = DeliveryMethodFactory(
        code="express", name="Express", price=Decimal("199.99"), days_min=1, days_max=2
    )
    first, second = a_listing(), a_listing()
    basket = filled_basket((first, 1), (second, 1))
    delivery = {first.vendor_id: "express", second.vendor_id: "post"}

    order = place_order(basket, checkout_data(basket, delivery=delivery, expected_total=Decimal("759.99")))
    express.name, express.price = "Slow", Decimal("1.00")
    express.save()

    parts = order.vendor_orders.order_by("pk")
    kept = [
        (
            each.delivery_code,
            each.delivery_name,
            each.delivery_price,
            each.delivery_days_min,
            each.delivery_days_max,
        )
        for each in parts
    ]
    assert kept == [
        ("express", "Express", Decimal("199.99"), 1, 2),
        ("post", "Post", Decimal("60.00"), 3, 7),
    ]
    assert order.total_incl_tax == Decimal("759.99")


def test_a_groups_own_delivery_replaces_the_programmes_and_may_be_free_from_an_amount(shop):
    vendor = VendorFactory()
    DeliveryMethodFactory(vendor=vendor, code="van", price=Decimal("80.00"), free_above=Decimal("500.00"))
    basket = filled_basket((a_listing(vendor=vendor), 2))

    order = place_order(basket, checkout_data(basket, expected_total=Decimal("500.00")))

    part = order.vendor_orders.get()
    assert (part.delivery_code, part.delivery_price, part.total) == (
        "van",
        Decimal("0.00"),
        Decimal("500.00"),
    )


def test_the_commission_rate_is_frozen_at_the_sale(shop, settings):
    settings.COMMISSION_RATE = Decimal("0.0800")
    own = VendorFactory(commission_rate=Decimal("0.1250"))
    programmes, special = a_listing(price="99.95"), a_listing(price="99.95", vendor=own)
    basket = filled_basket((programmes, 1), (special, 1))

    order = place_order(basket, checkout_data(basket))
    settings.COMMISSION_RATE = Decimal("0.5000")
    own.commission_rules.update(rate=Decimal("0.5000"))

    parts = VendorOrder.objects.filter(order=order).order_by("pk")
    assert [(part.commission_rate, part.commission) for part in parts] == [
        (Decimal("0.0800"), Decimal("8.00")),
        (Decimal("0.1250"), Decimal("12.49")),
    ]


def test_a_group_that_pays_no_commission_pays_none_although_the_programmes_rate_is_set(shop):
    vendor = VendorFactory(commission_rate=Decimal(0))
    basket = filled_basket((a_listing(vendor=vendor), 1))

    order = place_order(basket, checkout_data(basket))

    assert order.vendor_orders.get().commission == Decimal("0.00")


def test_an_order_keeps_its_titles_and_prices_whatever_becomes_of_the_listing(shop):
    listing = a_listing(price="250.00", title="Red rice")
    order = placed_order((listing, 2))
    listing.title = "Blue rice"
    listing.save()
    StockRecord.objects.filter(product=listing).update(price=Decimal("1.00"))

    line = OrderLine.objects.get(order=order)

    assert (line.title, line.unit_price_incl_tax, line.line_price_incl_tax) == (
        "Red rice",
        Decimal("250.00"),
        Decimal("500.00"),
    )


def test_an_empty_basket_is_refused(refusal):
    basket = Basket.objects.create()

    refusal(basket, checkout_data(basket), BasketEmpty)


@pytest.mark.parametrize("status", [Basket.FROZEN, Basket.MERGED])
def test_a_basket_that_is_not_open_is_refused(shop, status):
    listing = a_listing()
    basket = filled_basket((listing, 1))
    data = checkout_data(basket)
    Basket.objects.filter(pk=basket.pk).update(status=status)
    before = count_of_sale_rows()

    with pytest.raises(BasketClosed):
        place_order(basket, data)

    assert count_of_sale_rows() == before
    assert stock_of(listing) == (10, 0)


def test_two_currencies_in_one_basket_are_refused_also_when_a_price_changed_its_currency(refusal):
    first, second = a_listing(), a_listing()
    basket = filled_basket((first, 1), (second, 1))
    data = checkout_data(basket)
    StockRecord.objects.filter(product=second).update(price_currency="USD")

    refusal(basket, data, ForeignCurrency)


def test_the_address_is_kept_with_a_bhutanese_postcode(shop):
    basket = filled_basket((a_listing(), 1))

    place_order(basket, checkout_data(basket))

    address = ShippingAddress.objects.get()
    address.full_clean()
    assert (address.line1, address.line4, address.state, address.postcode, address.country_id) == (
        "Norzin Lam 12",
        "Thimphu",
        "Thimphu",
        "11001",
        "BT",
    )


@pytest.mark.parametrize("count", [1, 20])
def test_placing_takes_as_many_queries_for_one_line_of_a_group_as_for_twenty(
    shop, django_assert_num_queries, count
):
    vendor = VendorFactory()
    basket = filled_basket(*[(a_listing(vendor=vendor), 1) for _ in range(count)])
    data = checkout_data(basket)

    # Each stock record is reserved by a statement of its own; everything else is written at once.
    with django_assert_num_queries(31 + count):
        place_order(basket, data)


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE order_order SET total_incl_tax = 0", "order_total_is_positive"),
        ("UPDATE order_order SET guest_email = ''", "order_has_contact"),
        ("UPDATE order_order SET status = 'paid'", "order_paid_has_time"),
        ("UPDATE order_vendororder SET total = total + 0.01", "vendor_order_parts_add_up"),
        ("UPDATE order_vendororder SET goods_total = 0, total = delivery_price", "amounts_not_negative"),
        ("UPDATE order_vendororder SET delivery_price = -1, total = goods_total - 1", "amounts_not_negative"),
        ("UPDATE order_vendororder SET commission = goods_total + 0.01", "commission_within_goods"),
        ("UPDATE order_vendororder SET commission = -0.01", "commission_within_goods"),
        ("UPDATE order_line SET quantity = 0", "order_line"),
        (
            "UPDATE order_line SET line_price_incl_tax = line_price_incl_tax + 0.01",
            "order_line_price_adds_up",
        ),
        ("UPDATE basket_line SET quantity = 0", "basket_line_quantity_is_positive"),
    ],
)
def test_the_database_refuses_amounts_that_cannot_be(sql, constraint):
    order = placed_order()
    before = VendorOrder.objects.values().get()

    with pytest.raises(IntegrityError, match=constraint):
        run(sql)

    assert Order.objects.get().total_incl_tax == order.total_incl_tax == Decimal("310.00")
    assert VendorOrder.objects.values().get() == before


def test_the_database_refuses_a_second_order_of_a_basket():
    order = placed_order()
    twin = Order.objects.get(pk=order.pk)
    twin.pk, twin.number = None, "0000-0000-00"

    with pytest.raises(IntegrityError, match="order_once_per_basket"), transaction.atomic():
        twin.save()

    assert Order.objects.count() == 1


def test_the_database_refuses_a_second_part_of_the_same_group():
    part = placed_order().vendor_orders.get()
    twin = VendorOrder.objects.get(pk=part.pk)
    twin.pk, twin.number = None, f"{part.number}-2"

    with pytest.raises(IntegrityError, match="vendor_order_once_per_group"), transaction.atomic():
        twin.save()

    assert VendorOrder.objects.count() == 1


@pytest.mark.parametrize("room", [Order, VendorOrder])
def test_numbers_are_given_once(room):
    first, second = placed_order(), placed_order()
    numbers = {Order: (first, second), VendorOrder: (first.vendor_orders.get(), second.vendor_orders.get())}
    known, twin = numbers[room]
    twin.number = known.number

    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        twin.save()
