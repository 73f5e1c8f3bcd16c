"""Kept addresses: their pages in the account, and choosing among them in the checkout, without scripts."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from orders.addresses.models import UserAddress
from orders.models import Order
from orders.services import kept_addresses
from orders.services.kept_addresses import choose_default
from privacy.register import TOLD
from privacy.services.closing import close
from tests.factories.catalogue import ListingFactory
from tests.factories.orders import UserAddressFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deliveries", "thimphu")]

TYPED = {
    "name": "Tenzin Dema",
    "country": "BT",
    "state": "Thimphu",
    "town": "Thimphu town",
    "street": "Near Zilukha school",
    "postcode": "11001",
    "receiver_phone": "",
}
CONTACT = {"phone": "17 12 34 56", "email": ""}


@pytest.fixture
def person():
    return PersonFactory(name="Tenzin Dema")


@pytest.fixture
def mine(client, person):
    """The browser of a person who is signed in."""
    client.force_login(person)
    return client


@pytest.fixture
def full_basket(mine, paro):
    """Something to order, from Paro."""
    listing = ListingFactory(vendor=VendorFactory(home_region=paro.doga))
    mine.post("/basket/add/", {"product": listing.pk, "quantity": 1})
    return listing


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def streets(person):
    return list(UserAddress.objects.filter(user=person).values_list("line1", flat=True))


def chosen(client):
    """Value of the choice that is set on page 1, None where there is none to make."""
    html = client.get("/checkout/").content.decode()
    return re.findall(r'name="kept"\s+value="(\d*)" checked', html)


def test_an_address_is_added_changed_made_the_default_and_removed(mine, person):
    assert "You keep no address yet." in mine.get("/account/addresses/").text

    for _ in range(2):
        added = mine.post("/account/addresses/new/", TYPED, follow=True)
    assert said(added)[-1] == "The address is kept in your account."
    assert streets(person) == ["Near Zilukha school"]
    mine.post("/account/addresses/new/", {**TYPED, "street": "House 2", "receiver_phone": "17 99 88 77"})
    second = UserAddress.objects.get(line1="House 2")
    assert str(second.phone_number) == "+97517998877"

    mine.post(f"/account/addresses/{second.pk}/", {**TYPED, "street": "House 3"})
    mine.post(f"/account/addresses/{second.pk}/default/")
    assert streets(person) == ["House 3", "Near Zilukha school"]

    for _ in range(2):
        answer = mine.post(f"/account/addresses/{second.pk}/remove/", follow=True)
        assert answer.status_code == 200
    assert streets(person) == ["Near Zilukha school"]
    assert "Orders begin with this one" in mine.get("/account/addresses/").text


def test_of_an_address_that_is_removed_only_what_is_foreign_is_marked(mine, person):
    mine.post("/account/addresses/new/", {**TYPED, "name": "तेनज़िन", "street": "पुल के पास"})

    mine.post(f"/account/addresses/{UserAddress.objects.get(user=person).pk}/remove/")

    assert (
        'The address is removed: <span lang="hi">तेनज़िन</span>, <span lang="hi">पुल के पास</span>, Thimphu'
        in (mine.get("/account/addresses/").text)
    )


def test_fields_are_those_of_the_country_and_what_was_typed_is_kept(mine, person):
    RegionFactory(state=True, code="IN-ML", name="Meghalaya")

    shown = mine.post("/account/addresses/new/", {**TYPED, "country": "IN", "change_country": "1"}).text
    refused = mine.post("/account/addresses/new/", {**TYPED, "country": "IN", "postcode": "11001"})

    assert "PIN code" in shown
    assert 'value="Near Zilukha school"' in shown
    assert "things to put right" not in shown
    assert "A PIN code has 6 digits, as 793150." in refused.text
    assert 'value="Near Zilukha school"' in refused.text
    assert 'href="#id_postcode"' in refused.text
    assert streets(person) == []


def test_a_full_account_and_an_address_that_is_kept_twice_are_said(mine, person, monkeypatch):
    monkeypatch.setattr(kept_addresses, "MOST", 2)
    for number in (1, 2):
        mine.post("/account/addresses/new/", {**TYPED, "street": f"House {number}"})

    full = mine.post("/account/addresses/new/", {**TYPED, "street": "House 3"}).text
    alike = mine.post(f"/account/addresses/{UserAddress.objects.first().pk}/", {**TYPED, "street": "House 2"})

    assert "Your account keeps 2 addresses. Remove one of them first." in full
    assert 'value="House 3"' in full
    assert "You keep this address already." in alike.text
    assert sorted(streets(person)) == ["House 1", "House 2"]


@pytest.mark.parametrize("route", ["", "default/", "remove/"])
def test_the_address_of_another_is_not_found(mine, route):
    other = UserAddressFactory(user=PersonFactory(), line1="Their house")

    for method in (mine.get, mine.post):
        answer = method(f"/account/addresses/{other.pk}/{route}", TYPED)
        assert answer.status_code == (405 if route and method == mine.get else 404)

    other.refresh_from_db()
    assert (other.line1, other.is_default_for_shipping) == ("Their house", False)


def test_the_list_costs_the_same_with_ten_as_with_one(mine, person):
    UserAddressFactory(user=person)
    mine.get("/basket/")  # the first page of somebody signed in makes the basket
    with CaptureQueriesContext(connection) as one:
        mine.get("/account/addresses/")
    for number in range(9):
        UserAddressFactory(user=person, line1=f"House {number}")
    with CaptureQueriesContext(connection) as ten:
        page = mine.get("/account/addresses/").text

    assert len(ten) == len(one)
    assert "Your account keeps 10 addresses." in page


def test_the_checkout_begins_with_the_default_and_orders_with_it(mine, person, full_basket, fake_provider):
    UserAddressFactory(user=person, line1="House 1")
    default = UserAddressFactory(
        user=person, line1="House 2", first_name="Ama Dema", phone_number="+97517998877"
    )
    choose_default(person, default.pk)
    assert chosen(mine) == [str(default.pk)]

    # Without scripts the fields of another one are sent too, as they stand.
    mine.post("/checkout/", {**CONTACT, "kept": str(default.pk), "name": "Somebody", "street": "Elsewhere"})
    delivery = mine.get("/checkout/delivery/").context["summary"].groups[0]
    mine.post("/checkout/delivery/", {delivery.field: delivery.options[0].code})
    review = mine.get("/checkout/review/").text
    mine.post("/checkout/place/", dict(re.findall(r'name="(basket|total)"\s+value="([^"]+)"', review)))

    address = Order.objects.get().shipping_address
    assert (address.first_name, address.line1, address.line4) == ("Ama Dema", "House 2", "Thimphu town")
    assert str(address.phone_number) == "+97517998877"
    assert Order.objects.get().guest_phone == "+97517123456"
    assert chosen(mine) == []


def test_another_address_is_kept_by_its_tick_and_chosen_from_then_on(mine, person, full_basket):
    UserAddressFactory(user=person, line1="House 1", is_default_for_shipping=True)

    mine.post("/checkout/", {**CONTACT, **TYPED, "kept": "", "street": "House 9"})
    assert streets(person) == ["House 1"]
    for _ in range(2):
        mine.post("/checkout/", {**CONTACT, **TYPED, "kept": "", "street": "House 9", "keep": "on"})

    assert streets(person) == ["House 1", "House 9"]
    assert chosen(mine) == [str(UserAddress.objects.get(line1="House 9").pk)]


def test_a_tick_that_finds_no_room_says_so_and_the_order_goes_on(mine, person, full_basket, monkeypatch):
    UserAddressFactory(user=person, line1="House 1")
    monkeypatch.setattr(kept_addresses, "MOST", 1)

    answer = mine.post("/checkout/", {**CONTACT, **TYPED, "keep": "on"}, follow=True)

    assert answer.redirect_chain[-1][0] == "/checkout/delivery/"
    assert said(answer)[-1:] == ["Your account keeps 1 addresses. Remove one of them first."]
    assert streets(person) == ["House 1"]


def test_wrong_contact_keeps_the_choice_and_shows_no_error_of_an_address(mine, person, full_basket):
    row = UserAddressFactory(user=person)

    answer = mine.post("/checkout/", {"phone": "12", "email": "", "kept": str(row.pk)})

    assert list(answer.context["form"].errors) == ["phone"]
    assert [choice.is_chosen for choice in answer.context["kept"]] == [True]


def test_a_kept_address_that_is_wrong_by_now_is_shown_in_its_fields(mine, person, full_basket):
    row = UserAddressFactory(user=person, state="Old name", line1="House 1")

    answer = mine.post("/checkout/", {**CONTACT, "kept": str(row.pk)})

    assert list(answer.context["form"].errors) == ["state"]
    assert [choice.is_chosen for choice in answer.context["kept"]] == [False]
    assert 'value="House 1"' in answer.text


def test_a_kept_address_of_a_country_that_is_served_no_more_is_put_right(mine, person, full_basket):
    get_model("address", "Country").objects.filter(pk="AU").update(is_shipping_country=False)
    row = UserAddressFactory(user=person, country_id="AU", state="Victoria", postcode="", line1="House 1")
    assert mine.get("/checkout/").status_code == 200

    refused = mine.post("/checkout/", {**CONTACT, "kept": str(row.pk)})
    put_right = mine.post(f"/account/addresses/{row.pk}/", TYPED)

    assert refused.context["form"].errors == {
        field: ["Choose one of the list."] for field in ("country", "state")
    }
    assert 'value="House 1"' in refused.text
    assert mine.get("/checkout/delivery/").status_code == 302
    assert put_right.status_code == 302
    assert mine.post("/checkout/", {**CONTACT, "kept": str(row.pk)}).status_code == 302


def test_an_address_of_another_cannot_be_chosen(mine, person, full_basket):
    UserAddressFactory(user=person)
    other = UserAddressFactory(user=PersonFactory(), first_name="Foreign", line1="Their house")

    answer = mine.post("/checkout/", {**CONTACT, **TYPED, "kept": str(other.pk)})

    assert "kept" in answer.context["form"].errors
    assert 'href="#id_kept"' in answer.text
    assert "Their house" not in answer.text
    assert mine.get("/checkout/delivery/").status_code == 302


@pytest.mark.parametrize("others", [0, 1])
def test_a_choice_that_was_removed_meanwhile_does_not_send_to_what_the_fields_hold(
    mine, person, full_basket, others
):
    rows = [UserAddressFactory(user=person, line1=f"House {number}") for number in range(others + 1)]
    assert chosen(mine)
    UserAddress.objects.filter(pk=rows[0].pk).delete()

    answer = mine.post(
        "/checkout/", {**CONTACT, **TYPED, "street": "Typed long ago", "kept": str(rows[0].pk)}
    )

    assert answer.status_code == 200
    assert "You do not keep this address any more." in answer.text
    assert 'id="id_kept"' in answer.text
    assert mine.get("/checkout/delivery/").status_code == 302
    # Read and sent once more, the fields are what is meant.
    assert mine.post("/checkout/", {**CONTACT, **TYPED, "kept": ""}).status_code == 302


def test_a_place_that_was_said_before_goes_before_the_default(mine, person, full_basket, paro):
    UserAddressFactory(user=person, is_default_for_shipping=True)
    near = UserAddressFactory(user=person, state="Paro", line1="House 2")

    mine.post("/deliver-to/", {"country": "BT", "state": "Paro"})
    assert chosen(mine) == [str(near.pk)]
    UserAddress.objects.filter(pk=near.pk).delete()
    assert chosen(mine) == [""]


def test_who_keeps_none_and_who_has_no_account_see_no_choice(mine, person, full_basket):
    page = mine.get("/checkout/").text
    guest = Client()
    guest.post("/basket/add/", {"product": full_basket.pk, "quantity": 1})
    visitors = guest.get("/checkout/").text

    assert "Your addresses" not in page + visitors
    assert "Keep this address in my account" in page
    assert "Keep this address in my account" not in visitors


def test_page_one_costs_the_same_with_ten_kept_as_with_one(mine, person, full_basket):
    UserAddressFactory(user=person)
    mine.get("/checkout/")
    with CaptureQueriesContext(connection) as one:
        mine.get("/checkout/")
    for number in range(9):
        UserAddressFactory(user=person, line1=f"House {number}")
    with CaptureQueriesContext(connection) as ten:
        mine.get("/checkout/")

    assert len(ten) == len(one)


def test_the_country_that_is_chosen_last_shows_its_fields_also_after_going_back(mine, full_basket):
    RegionFactory(state=True, code="IN-ML", name="Meghalaya")
    mine.post("/checkout/", {**CONTACT, **TYPED})

    mine.post("/checkout/", {**CONTACT, **TYPED, "country": "IN", "change_country": "1"})

    assert mine.get("/checkout/").context["form"].country_code == "IN"


def test_the_file_of_ones_data_tells_them_and_closing_takes_them(person):
    UserAddressFactory(user=person, line1="House 1", phone_number="+97517998877")
    UserAddressFactory(user=PersonFactory(), line1="Their house")
    (told,) = [each for each in TOLD if each.label == "address.UserAddress"]

    rows = list(UserAddress.objects.filter(told.mine(person)).values(*told.fields))
    close(person, removes_reviews=False)

    assert [(row["line1"], str(row["phone_number"])) for row in rows] == [("House 1", "+97517998877")]
    assert list(UserAddress.objects.values_list("line1", flat=True)) == ["Their house"]


@pytest.mark.parametrize("page", ["/hi/account/addresses/", "/hi/checkout/"])
def test_words_of_people_are_escaped_and_marked_on_a_page_of_another_language(
    mine, person, full_basket, page
):
    UserAddressFactory(user=person, first_name="<b>Ama</b>", line1="<i>House</i>")

    html = mine.get(page).text

    assert 'lang="en">&lt;b&gt;Ama&lt;/b&gt;' in html
    assert '<span lang="en">&lt;i&gt;House&lt;/i&gt;</span>, <span lang="en">Thimphu town</span>' in html
    assert "भूटान" in html
