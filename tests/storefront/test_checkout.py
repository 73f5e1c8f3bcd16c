"""The checkout: three pages that lose nothing, and a button that can be pressed twice."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.basket.models import Basket
from orders.models import Order, VendorOrder
from payments.models import PaymentAttempt
from payments.providers.base import ProviderUnavailable
from tests.factories.catalogue import ListingFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from vendors.models import StockRecord

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deliveries", "thimphu")]

ADDRESS = {
    "name": "Tenzin Dema",
    "phone": "17 12 34 56",
    "email": "",
    "country": "BT",
    "state": "Thimphu",
    "town": "Thimphu town",
    "street": "Near Zilukha school",
    "postcode": "11001",
}


@pytest.fixture
def group(paro):
    return VendorFactory(name="Doga Growers", home_region=paro.doga)


def put_in(client, listing, quantity=1):
    client.post("/basket/add/", {"product": listing.pk, "quantity": quantity})


def write_address(client, **changes):
    return client.post("/checkout/", {**ADDRESS, **changes})


def choose(client, **choices):
    groups = client.get("/checkout/delivery/").context["summary"].groups
    first = {group.field: group.options[0].code for group in groups}
    return client.post("/checkout/delivery/", {**first, **choices})


def review_form(client):
    html = client.get("/checkout/review/").content.decode()
    return dict(re.findall(r'name="(basket|total)"\s+value="([^"]+)"', html))


def up_to_review(client, *listings):
    for listing in listings:
        put_in(client, listing)
    write_address(client)
    choose(client)
    return review_form(client)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_guest_orders_from_three_groups_with_three_deliveries(client, paro, fake_provider):
    listings = [
        ListingFactory(vendor=VendorFactory(home_region=paro.doga), stock__price=Decimal(price))
        for price in ("560.00", "6800.00", "540.00")
    ]
    for listing in listings:
        put_in(client, listing)
    write_address(client)
    choose(client, **{f"delivery-{listings[1].vendor.pk}": "bus"})

    answer = client.post("/checkout/place/", review_form(client))

    order = Order.objects.get()
    attempt = PaymentAttempt.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, attempt.page_url)
    assert order.total_incl_tax == attempt.amount == Decimal("8140.00")
    parts = VendorOrder.objects.order_by("pk").values_list("delivery_code", "total")
    assert list(parts) == [
        ("post", Decimal("620.00")),
        ("bus", Decimal("6920.00")),
        ("post", Decimal("600.00")),
    ]
    assert order.guest_phone == "+97517123456"
    assert order.shipping_address.line4 == "Thimphu town"


def test_what_was_typed_wrong_is_kept_and_each_error_is_linked(client, group):
    put_in(client, ListingFactory(vendor=group))

    answer = write_address(client, phone="17 12 34", town="", postcode="123")
    html = answer.content.decode()

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"phone", "town", "postcode"}
    for field in ("phone", "town", "postcode"):
        assert f'href="#id_{field}"' in html
        assert f'id="id_{field}_error"' in html
    assert 'value="17 12 34"' in html
    assert 'value="17 12 34"' in client.get("/checkout/").content.decode()


def test_one_contact_is_enough_and_none_is_not(client, group):
    put_in(client, ListingFactory(vendor=group))

    assert "phone" in write_address(client, phone="", email="").context["form"].errors
    assert write_address(client, phone="", email="dema@example.org").status_code == 302
    assert write_address(client, phone="17123456", email="").status_code == 302


@pytest.mark.parametrize(
    ("country", "phone", "stored"),
    [
        ("BT", "+975 17 12 34 56", "+97517123456"),
        ("BT", "17-123-456", "+97517123456"),
        ("IN", "98765 43210", "+919876543210"),
        ("BT", "+81 90 1234 5678", "+819012345678"),
        ("BT", "༡༧ ༡༢ ༣༤ ༥༦", "+97517123456"),
        ("IN", "९८७६५ ४३२१०", "+919876543210"),
        ("BT", "००८१ ९० १२३४ ५६७८", "+819012345678"),
    ],
)
def test_phone_numbers_are_stored_in_one_form(client, group, country, phone, stored):
    put_in(client, ListingFactory(vendor=group))
    indian = {"state": "", "postcode": "793150"} if country == "IN" else {}

    answer = write_address(client, country=country, phone=phone, **indian)

    found = client.session["checkout"].get("address") or answer.context["form"].cleaned_data
    assert found["phone"] == stored


@pytest.mark.parametrize(
    ("country", "typed", "stored"), [("BT", "༡༡༠༠༡", "11001"), ("IN", "७९३ १५०", "793150")]
)
def test_postcode_may_be_typed_in_the_digits_of_the_reader(client, group, country, typed, stored):
    put_in(client, ListingFactory(vendor=group))
    here = {"state": ""} if country == "IN" else {}

    answer = write_address(client, country=country, phone="+81 90 1234 5678", postcode=typed, **here)

    found = client.session["checkout"].get("address") or answer.context["form"].cleaned_data
    assert found["postcode"] == stored


def test_an_address_is_kept_as_a_slip_prints_it(client, group):
    put_in(client, ListingFactory(vendor=group))

    write_address(client, name="\u202eameD\x0b", town="Thimphu\r\ntown", street="\x1bNear the school")
    wrong = write_address(client, name="\u200b")

    kept = client.session["checkout"]["address"]
    assert (kept["name"], kept["town"], kept["street"]) == ("ameD", "Thimphu town", "Near the school")
    assert wrong.context["form"].errors["name"] == ["Write who receives it."]


@pytest.mark.parametrize("phone", ["abc", "12345678 ext 4", "+", "+97517123456789012", "<script>"])
def test_what_is_no_phone_number_is_refused(client, group, phone):
    put_in(client, ListingFactory(vendor=group))

    assert "phone" in write_address(client, phone=phone).context["form"].errors


def test_another_country_brings_its_own_fields_and_keeps_what_was_typed(client, group):
    put_in(client, ListingFactory(vendor=group))

    answer = client.post("/checkout/", {**ADDRESS, "country": "IN", "change_country": "1"}, follow=True)
    html = answer.content.decode()

    assert "PIN code" in html
    assert 'value="Near Zilukha school"' in html
    assert answer.context["form"].errors == {}


@pytest.mark.parametrize("country", ["", "XX", "bt", "BTBT"])
def test_an_unknown_country_is_refused(client, group, country):
    put_in(client, ListingFactory(vendor=group))

    assert "country" in write_address(client, country=country).context["form"].errors


def test_a_delivery_that_is_not_offered_is_refused(client, group):
    put_in(client, ListingFactory(vendor=group))
    write_address(client)

    answer = client.post("/checkout/delivery/", {f"delivery-{group.pk}": "rocket"})

    assert f"delivery-{group.pk}" in answer.context["form"].errors
    assert client.get("/checkout/review/")["Location"] == "/checkout/delivery/"


def test_a_group_that_does_not_send_there_is_named_and_stops_the_way(client, group):
    DeliveryMethodFactory(vendor=group, code="own", abroad=True)
    put_in(client, ListingFactory(vendor=group))
    write_address(client)

    answer = client.post("/checkout/delivery/", {})

    assert answer.status_code == 200
    assert "This group does not send there. It sends to: other countries." in answer.content.decode()
    assert client.get("/checkout/review/")["Location"] == "/checkout/delivery/"


@pytest.mark.parametrize("address", ["/checkout/", "/checkout/delivery/", "/checkout/review/"])
def test_an_empty_basket_has_no_checkout(client, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ["/checkout/delivery/", "/checkout/review/"])
def test_without_an_address_the_checkout_begins_again_and_says_why(client, group, address):
    put_in(client, ListingFactory(vendor=group))

    answer = client.get(address, follow=True)

    assert answer.redirect_chain[0][0] == "/checkout/"
    assert "session ended" in said(answer)[-1]


def test_an_expired_session_places_nothing(client, group):
    form = up_to_review(client, ListingFactory(vendor=group))
    session = client.session
    del session["checkout"]
    session.save()

    answer = client.post("/checkout/place/", form, follow=True)

    assert "session ended" in said(answer)[-1]
    assert Order.objects.count() == 0
    assert StockRecord.objects.get().num_allocated == 0


def test_the_button_pressed_twice_makes_one_order(client, group, fake_provider):
    form = up_to_review(client, ListingFactory(vendor=group))

    first = client.post("/checkout/place/", form)
    second = client.post("/checkout/place/", form)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1
    assert PaymentAttempt.objects.count() == 1
    assert StockRecord.objects.get().num_allocated == 1


def test_an_order_does_not_swallow_the_next_basket(client, group, fake_provider):
    form = up_to_review(client, ListingFactory(title="First", vendor=group))
    client.post("/checkout/place/", form)
    put_in(client, ListingFactory(title="Second", vendor=group))

    client.post("/checkout/place/", form)

    assert Order.objects.count() == 1
    assert Basket.open.get().lines.get().product.title == "Second"


@pytest.mark.parametrize("changes", [{"basket": "1"}, {"basket": ""}, {"basket": "1:forged"}])
def test_a_basket_key_that_was_changed_places_nothing(client, group, changes):
    form = up_to_review(client, ListingFactory(vendor=group))

    answer = client.post("/checkout/place/", {**form, **changes})

    assert answer.status_code == 302
    assert Order.objects.count() == 0


@pytest.mark.parametrize("total", ["0.01", "", "0.01:forged"])
def test_a_total_that_was_changed_places_nothing(client, group, total):
    form = up_to_review(client, ListingFactory(vendor=group))

    answer = client.post("/checkout/place/", {**form, "total": total}, follow=True)

    assert answer.redirect_chain[0][0] == "/checkout/review/"
    assert Order.objects.count() == 0


def test_a_price_that_changed_is_shown_before_anything_is_ordered(client, group, fake_provider):
    form = up_to_review(client, ListingFactory(vendor=group))
    StockRecord.objects.update(price=Decimal("300.00"))

    answer = client.post("/checkout/place/", form, follow=True)

    assert said(answer) == ["A price has changed since you looked. Check the new total, then order again."]
    assert "₹360.00" in answer.content.decode()
    assert Order.objects.count() == 0
    assert client.post("/checkout/place/", review_form(client)).status_code == 303


def test_what_sold_out_meanwhile_is_said_and_nothing_is_ordered(client, group):
    form = up_to_review(client, ListingFactory(title="Honey", vendor=group, last_unit=True))
    StockRecord.objects.update(num_allocated=1)

    answer = client.post("/checkout/place/", form, follow=True)

    assert answer.redirect_chain == [("/basket/", 302)]
    assert said(answer) == ["Sold out: Honey. Take it out of the basket to go on."]
    assert Order.objects.count() == 0


def test_a_group_that_closed_meanwhile_is_said_and_nothing_is_ordered(client, group):
    form = up_to_review(client, ListingFactory(vendor=group))
    group.closed_from = group.closed_until = timezone.now().date() + timedelta(days=0)
    group.closed_until += timedelta(days=2)
    group.save()

    answer = client.post("/checkout/place/", form, follow=True)

    assert "Doga Growers is closed until" in said(answer)[0]
    assert Order.objects.count() == 0


def test_a_payment_page_that_cannot_be_opened_leaves_the_order_to_be_paid_later(client, group, fake_provider):
    form = up_to_review(client, ListingFactory(vendor=group))
    fake_provider.fail_next("create_payment", ProviderUnavailable("no answer"))

    answer = client.post("/checkout/place/", form, follow=True)
    order = Order.objects.get()

    assert answer.redirect_chain == [(order.get_absolute_url(), 302)]
    assert "Nothing has been charged." in said(answer)[0]
    assert "Try again: pay ₹310.00" in answer.content.decode()
    assert client.post(f"/orders/{order.number}/pay/").status_code == 303


def test_somebody_signed_in_owns_the_order(client, group, fake_provider):
    buyer = PersonFactory(name="Tenzin", phone="+97517123456")
    client.force_login(buyer)
    put_in(client, ListingFactory(vendor=group))
    assert 'value="Tenzin"' in client.get("/checkout/").content.decode()
    write_address(client)
    choose(client)

    client.post("/checkout/place/", review_form(client))

    assert Order.objects.get().user == buyer


def test_the_price_and_its_currency_are_said_before_the_button(client, group):
    up_to_review(client, ListingFactory(vendor=group))

    html = client.get("/checkout/review/").content.decode()

    assert "Order and pay ₹310.00" in html
    assert html.index("Charged in Indian rupees (INR)") < html.index("Order and pay")


def test_a_gift_goes_to_another_name_and_phone_and_news_to_the_buyer(client, group, fake_provider):
    up_to = {
        "name": "Aum Pema",
        "phone": "17 12 34 56",
        "receiver_phone": "17 99 99 99",
        "is_gift": "on",
        "gift_message": "Happy Losar!\r\nYours\u202e, Dema\x07",
    }
    put_in(client, ListingFactory(vendor=group))
    write_address(client, **up_to)
    choose(client)
    assert "The driver rings +97517999999." in client.get("/checkout/review/").content.decode()
    client.post("/checkout/place/", review_form(client))

    order = Order.objects.get()
    address = order.shipping_address
    assert (order.guest_phone, str(address.phone_number), address.first_name) == (
        "+97517123456",
        "+97517999999",
        "Aum Pema",
    )
    assert order.gift_message == "Happy Losar!\nYours, Dema"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("receiver_phone", "12"),
        ("gift_message", "See https://example.org"),
        ("gift_message", "x" * 301),
    ],
)
def test_what_is_wrong_about_a_gift_is_said_and_kept(client, group, field, typed):
    put_in(client, ListingFactory(vendor=group))

    answer = write_address(client, **{field: typed})

    assert list(answer.context["form"].errors) == [field]
    assert typed in answer.content.decode()


GIFT = {"is_gift": "on", "gift_message": "Happy Losar!", "receiver_phone": "77 12 34 56"}


def gift_in(client):
    """What the first page shows of a gift, and what the session still has of one."""
    shown = client.get("/checkout/").context["form"].initial
    address = client.session["checkout"]["address"]
    return [{name: value for name, value in page.items() if name in GIFT} for page in (shown, address)]


def test_a_gift_ends_with_its_order_and_the_address_stays(client, group, fake_provider):
    put_in(client, ListingFactory(vendor=group))
    write_address(client, **GIFT)
    choose(client)
    form = review_form(client)
    before = client.session["checkout"]

    client.post("/checkout/place/", form)
    put_in(client, ListingFactory(vendor=group))

    assert before["address"]["gift_message"] == "Happy Losar!"
    assert gift_in(client) == [{}, {}]
    assert client.get("/checkout/").context["form"].initial["street"] == ADDRESS["street"]
    assert Order.objects.get().gift_message == "Happy Losar!"


def test_a_second_press_that_read_the_session_before_does_not_bring_the_gift_back(
    client, group, fake_provider
):
    put_in(client, ListingFactory(vendor=group))
    write_address(client, **GIFT)
    choose(client)
    form = review_form(client)
    read_before = client.session["checkout"]
    client.post("/checkout/place/", form)
    session = client.session
    session["checkout"] = read_before
    session.save()

    client.post("/checkout/place/", form)
    put_in(client, ListingFactory(vendor=group))

    assert gift_in(client) == [{}, {}]


def test_an_old_form_sent_again_leaves_the_next_gift_alone(client, group, fake_provider):
    put_in(client, ListingFactory(vendor=group))
    write_address(client)
    choose(client)
    form = review_form(client)
    client.post("/checkout/place/", form)
    put_in(client, ListingFactory(vendor=group))
    write_address(client, **GIFT)

    client.post("/checkout/place/", form)

    assert [page["gift_message"] for page in gift_in(client)] == ["Happy Losar!"] * 2


def test_a_wrong_choice_of_delivery_is_said_beside_its_group_and_on_top(client, group):
    put_in(client, ListingFactory(vendor=group))
    write_address(client)

    answer = client.post("/checkout/delivery/", {f"delivery-{group.pk}": "balloon"})

    html = answer.content.decode()
    why = "This way of sending is no longer offered. Choose another."
    assert answer.context["summary"].groups[0].error == why
    assert html.count(why) == 2
    assert f'id="id_delivery-{group.pk}_error"' in html
    assert f'href="#id_delivery-{group.pk}"' in html
