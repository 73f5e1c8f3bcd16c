"""The basket's pages: what goes in, what is refused with a message, and that refusals change nothing."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from orders.basket.models import Basket, Line
from orders.shipping.options import DeliveryOption
from storefront.delivery import arrival_words
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


def add(client, product, quantity=1):
    return client.post("/basket/add/", {"product": product, "quantity": quantity}, follow=True)


def problems(answer):
    """What the summary of a page says, and the field that each is about."""
    return [(problem.words, problem.field_id) for problem in answer.context["problems"]]


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def contents():
    return list(Line.objects.order_by("pk").values_list("product__title", "quantity"))


def test_a_listing_goes_in_and_the_basket_is_shown(client):
    listing = ListingFactory(title="Cliff honey")

    answer = add(client, listing.pk, 2)

    assert answer.redirect_chain == [("/basket/", 302)]
    assert said(answer) == ["In your basket: Cliff honey."]
    assert contents() == [("Cliff honey", 2)]
    assert "₹500.00" in answer.content.decode()


def test_looking_makes_no_basket(client):
    client.get("/basket/")
    client.get("/products/")

    assert Basket.objects.count() == 0


def test_goods_are_grouped_by_group(client):
    first, second = VendorFactory(name="Khoma Weavers"), VendorFactory(name="Tang Kitchen")
    for listing in (
        ListingFactory(vendor=first),
        ListingFactory(vendor=second),
        ListingFactory(vendor=first),
    ):
        add(client, listing.pk)

    groups = client.get("/basket/").context["groups"]

    assert [(group.vendor.name, len(group.lines)) for group in groups] == [
        ("Khoma Weavers", 2),
        ("Tang Kitchen", 1),
    ]


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("0", "Order at least one."),
        ("-1", "Order at least one."),
        ("1000000000", "At most 500 of one thing go into a basket. For more, write to the group."),
        ("1.5", "Write how many you want as a number, such as 2."),
        ("two", "Write how many you want as a number, such as 2."),
        ("", "Write how many you want."),
        ("9" * 400, "At most 500 of one thing go into a basket. For more, write to the group."),
    ],
)
def test_a_quantity_that_cannot_be_is_said_and_nothing_goes_in(client, quantity, message):
    listing = ListingFactory()

    answer = add(client, listing.pk, quantity)

    assert problems(answer) == [(message, "quantity")]
    assert answer.redirect_chain == [(listing.get_absolute_url(), 302)]
    assert contents() == []


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_an_unapproved_listing_cannot_be_posted_into_the_basket(client, state):
    listing = ListingFactory(**{state: True})

    answer = add(client, listing.pk)

    assert said(answer) == ["This is not for sale any more. Take it out of the basket to go on."]
    assert contents() == []


@pytest.mark.parametrize("state", ["applied", "returned", "suspended", "closed"])
def test_a_listing_of_an_unapproved_group_cannot_be_posted_either(client, state):
    listing = ListingFactory(vendor=VendorFactory(**{state: True}))

    add(client, listing.pk)

    assert contents() == []


@pytest.mark.parametrize("product", ["", "abc", "-1", "0", "999999999", "9" * 30, "1 OR 1=1"])
def test_a_product_that_is_none_is_said_and_nothing_goes_in(client, product):
    answer = add(client, product)

    assert answer.status_code == 200
    assert len(said(answer)) == 1
    assert contents() == []


def test_a_listing_with_sizes_asks_for_the_size(client):
    listing = ListingFactory(stock=None)
    size = SizeFactory(parent=listing)

    add(client, listing.pk)
    assert contents() == []
    add(client, size.pk)

    assert Line.objects.get().product == size


def test_more_than_is_left_is_refused_with_the_number(client):
    listing = ListingFactory(title="Cliff honey", stock__num_in_stock=3)

    answer = add(client, listing.pk, 4)

    assert problems(answer) == [("Only 3 left of Cliff honey. Choose fewer.", "quantity")]
    assert contents() == []


def test_number_and_size_that_are_refused_stay_with_the_reason_beside_them_and_on_top_once(client):
    listing = ListingFactory(stock=None, title="Cliff honey")
    SizeFactory(parent=listing, stock__price=100)
    large = SizeFactory(parent=listing, stock__price=900, stock__num_in_stock=3)

    html = " ".join(add(client, large.pk, "7").text.split())
    again = client.get(listing.get_absolute_url())

    assert f'value="{large.pk}" checked' in html
    assert 'value="7"' in html
    assert 'aria-invalid="true" aria-describedby="quantity-error"' in html
    assert '<a href="#quantity">' in html
    assert html.count("Only 3 left of Cliff honey") == 2
    assert problems(again) == []
    assert 'aria-invalid="true"' not in again.text
    assert contents() == []


def test_what_was_refused_of_one_listing_is_not_said_of_another(client):
    client.post("/basket/add/", {"product": ListingFactory().pk, "quantity": "two"})

    assert problems(client.get(ListingFactory().get_absolute_url())) == []


def test_another_currency_is_refused_and_the_basket_stays(client):
    add(client, ListingFactory(title="Honey").pk)

    answer = add(client, ListingFactory(stock__price_currency="BTN").pk)

    ((words, field),) = problems(answer)
    assert "another currency" in words
    assert field == ""
    assert contents() == [("Honey", 1)]


def test_a_number_is_changed_and_zero_takes_out(client):
    add(client, ListingFactory(title="Honey").pk)
    line = Line.objects.get()

    client.post(f"/basket/lines/{line.pk}/", {"quantity": 4})
    assert contents() == [("Honey", 4)]
    client.post(f"/basket/lines/{line.pk}/", {"quantity": 0})

    assert contents() == []


@pytest.mark.parametrize("quantity", ["-1", "1000000000", "", "x"])
def test_a_wrong_new_number_changes_nothing(client, quantity):
    add(client, ListingFactory(title="Honey").pk)

    answer = client.post(f"/basket/lines/{Line.objects.get().pk}/", {"quantity": quantity}, follow=True)

    assert len(problems(answer)) == 1
    assert contents() == [("Honey", 1)]


def test_taking_out_twice_is_taking_out_once(client):
    add(client, ListingFactory().pk)
    address = f"/basket/lines/{Line.objects.get().pk}/"

    for _ in range(2):
        assert client.post(address, {"remove": "1"}).status_code == 302

    assert contents() == []


def test_a_line_of_another_basket_is_404_and_stays(client):
    add(Client(), ListingFactory(title="Theirs").pk)
    add(client, ListingFactory(title="Mine").pk)
    theirs = Line.objects.get(product__title="Theirs")

    answer = client.post(f"/basket/lines/{theirs.pk}/", {"quantity": 5})
    client.post(f"/basket/lines/{theirs.pk}/", {"remove": "1"})

    assert answer.status_code == 404
    assert contents() == [("Theirs", 1), ("Mine", 1)]


def test_a_sold_out_line_is_marked_and_the_way_on_is_closed(client):
    listing = ListingFactory(last_unit=True)
    add(client, listing.pk)
    listing.stockrecords.update(num_allocated=1)

    html = client.get("/basket/").content.decode()

    assert "Sold out since you put it in." in html
    assert "Go to checkout" not in html


@pytest.mark.parametrize(
    "address", ["/basket/add/", "/basket/lines/1/", "/checkout/place/", "/account/logout/"]
)
def test_what_changes_something_is_never_a_get(client, address):
    assert client.get(address).status_code == 405


def test_a_form_without_its_token_is_refused_and_says_what_to_do(db):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/basket/add/", {"product": ListingFactory().pk, "quantity": 1})

    assert answer.status_code == 403
    assert "Nothing was changed." in answer.content.decode()
    assert "Load the page again" not in answer.content.decode()
    assert contents() == []


@pytest.mark.parametrize(
    ("came_from", "leads_back"),
    [
        ("http://testserver/hi/products/tea-1/?q=1&x=2", True),
        ("http://evil.example/products/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_a_page_that_was_open_while_somebody_signed_in_is_loaded_again(db, came_from, leads_back):
    strict = Client(enforce_csrf_checks=True)

    html = strict.post("/basket/add/", {"product": 1}, headers={"referer": came_from}).content.decode()

    assert ('href="http://testserver/hi/products/tea-1/?q=1&amp;x=2"' in html) is leads_back
    assert ("Load the page again" in html) is leads_back
    assert "evil.example" not in html
    # In another language it leads to what shows the form, or a way on.
    assert 'href="/language/hi/?next=%2Fbasket%2Fadd%2F"' in html


def arrival(first, last):
    option = DeliveryOption("post", "Post", "post", Decimal(60), "INR", first, last, "home", 1, "")
    return arrival_words(option, timezone.localdate())


def test_delivery_is_said_before_the_checkout_asks_where_to(client, deliveries):
    listing = ListingFactory()

    page = client.get(listing.get_absolute_url()).content.decode()
    add(client, listing.pk)
    basket = client.get("/basket/").content.decode()

    assert f"To Bhutan: Post, {arrival(3, 7)}, ₹60 for everything from this group." in page
    assert f"To Bhutan: Post, {arrival(3, 7)}, ₹60 for everything from this group." in basket
    assert "from ₹60.00" in basket


def test_the_last_line_of_the_sums_is_what_stands_above_it_together(client):
    DeliveryMethodFactory(code="post", price=Decimal("60.00"))
    add(client, ListingFactory(stock__price=Decimal("250.00")).pk, 2)
    add(client, ListingFactory(stock__price=Decimal("100.00")).pk)

    answer = client.get("/basket/")

    html = " ".join(answer.content.decode().split())
    assert answer.context["to_pay"] == Decimal("720.00")
    assert '<div class="total"><dt>To pay, from</dt><dd>₹720.00</dd></div>' in html
    assert "<b>₹720.00</b><span>3 things, with delivery</span>" in html


def test_while_a_group_cannot_send_there_the_sum_says_that_it_is_without_delivery(client):
    add(client, ListingFactory(stock__price=Decimal("250.00")).pk, 2)

    html = " ".join(client.get("/basket/").content.decode().split())

    assert '<div class="total"><dt>Without delivery</dt><dd>₹500.00</dd></div>' in html
    assert "<b>₹500.00</b><span>2 things, without delivery</span>" in html


def form_key_of(client, listing):
    html = client.get(listing.get_absolute_url()).content.decode()
    return re.search(r'name="form_key" value="([^"]+)"', html)[1]


def put_in(client, listing, form_key, quantity=1):
    sent = {"product": listing.pk, "quantity": quantity, "form_key": form_key}
    return client.post("/basket/add/", sent, follow=True)


def test_a_form_sent_twice_puts_in_once_and_says_so_twice(client):
    first, listing = ListingFactory(), ListingFactory(title="Cliff honey")
    add(client, first.pk)
    key = form_key_of(client, listing)

    answers = [put_in(client, listing, key, 2) for _ in range(2)]

    assert [said(answer) for answer in answers] == [["In your basket: Cliff honey."]] * 2
    assert Line.objects.get(product=listing).quantity == 2


def test_the_page_asked_for_again_puts_in_once_more(client):
    listing = ListingFactory()
    keys = [form_key_of(client, listing) for _ in range(2)]

    for key in keys:
        put_in(client, listing, key)

    assert len(set(keys)) == 2
    assert Line.objects.get().quantity == 2


def test_another_number_or_size_on_the_same_page_is_another_wish(client):
    first, second = ListingFactory(), ListingFactory()

    for listing, quantity in ((first, 1), (first, 2), (second, 1)):
        put_in(client, listing, "one-page", quantity)

    assert list(Line.objects.order_by("pk").values_list("product", "quantity")) == [
        (first.pk, 3),
        (second.pk, 1),
    ]


def test_what_was_taken_out_can_be_put_in_again_from_the_same_page(client):
    listing = ListingFactory()
    put_in(client, listing, "one-page")
    client.post(f"/basket/lines/{Line.objects.get().pk}/", {"remove": "1"})

    put_in(client, listing, "one-page")

    assert Line.objects.get().quantity == 1


def test_what_was_refused_can_be_sent_again(client):
    listing = ListingFactory(stock__num_in_stock=0)
    add(client, ListingFactory().pk)
    refused = put_in(client, listing, "one-page")
    listing.stockrecords.update(num_in_stock=3)

    put_in(client, listing, "one-page")

    assert "In your basket" not in "".join(said(refused))
    assert Line.objects.get(product=listing).quantity == 1


@pytest.mark.parametrize("typed", ["two", "9"])
def test_a_number_that_is_refused_stays_in_its_line_with_the_reason_beside_it_and_on_top(client, typed):
    listing = ListingFactory(title="Cliff honey", stock__num_in_stock=3)
    add(client, listing.pk, 2)
    line = Line.objects.get()

    answer = client.post(f"/basket/lines/{line.pk}/", {"quantity": typed})

    html = " ".join(answer.content.decode().split())
    (problem,) = answer.context["problems"]
    assert (answer.status_code, problem.label) == (200, "Cliff honey")
    assert f'value="{typed}"' in html
    assert f'aria-describedby="line-{line.pk}-error"' in html
    assert html.count(problem.words) == 2
    assert f'<a href="#line-{line.pk}">' in html
    assert f'id="line-{line.pk}"' in html
    assert contents() == [("Cliff honey", 2)]
    assert "next=/basket/" in html.replace("%2F", "/")
