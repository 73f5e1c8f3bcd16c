"""Keeping an order in an account: from its page after buying, and from the account."""

import pytest

from orders.models import Order
from orders.services.notifying import status_key
from people.models import OneTimeCode, ProvenContact, User
from people.services.proofs import note_proof
from tests.factories.people import PASSWORD, PersonFactory
from tests.storefront.test_account import code_sent
from tests.storefront.test_orders import address
from tests.support.sale import GUEST_EMAIL, placed_order

pytestmark = pytest.mark.django_db


def html_of(client, order):
    return client.get(address(order)).content.decode()


def test_a_guest_makes_an_account_and_keeps_the_order(client):
    order = placed_order()
    client.get(address(order), {"key": status_key(order)})
    assert f"/account/join/?next={address(order)}" in html_of(client, order)

    client.post("/account/join/", {"contact": GUEST_EMAIL, "next": address(order)})
    client.post("/account/code/", {"code": code_sent()})
    assert client.post("/account/new/", {"name": "Dema"})["Location"] == address(order)
    for words in ("in your account from now on", "in your account already"):
        answer = client.post(f"{address(order)}keep/", follow=True)
        assert words in answer.content.decode()

    assert Order.objects.get().user == User.objects.get()
    assert "without an account" not in html_of(client, order)


def test_whoever_signed_in_by_password_proves_the_contact_first(client):
    PersonFactory(email=GUEST_EMAIL)
    order = placed_order()
    client.post("/account/login/", {"contact": GUEST_EMAIL, "password": PASSWORD})
    client.get(address(order), {"key": status_key(order)})

    answer = client.post(f"{address(order)}keep/")
    assert answer["Location"] == "/account/confirm/code/"
    assert Order.objects.get().user is None
    assert client.post("/account/confirm/code/", {"code": code_sent()})["Location"] == address(order)
    client.post(f"{address(order)}keep/")

    assert Order.objects.get().user.email == GUEST_EMAIL


def test_an_account_with_another_contact_is_told_what_to_do(client):
    person = PersonFactory(email="karma@example.org")
    note_proof(person, person.email)
    order = placed_order()
    client.force_login(person)
    client.get(address(order), {"key": status_key(order)})

    answer = client.post(f"{address(order)}keep/", follow=True)

    assert "Sign in with that phone number or e-mail address" in answer.content.decode()
    assert Order.objects.get().user is None


def test_the_link_of_the_message_goes_on_showing_a_kept_order(client):
    order = placed_order()
    Order.objects.update(user=PersonFactory())

    answer = client.get(address(order), {"key": status_key(order)}, follow=True)

    assert "This order is kept in an account." in answer.content.decode()


def test_the_account_offers_what_was_bought_without_it(client):
    person = PersonFactory(email=GUEST_EMAIL)
    order, other = placed_order(), placed_order(email="other@example.org")
    client.force_login(person)
    assert order.number not in client.get("/account/").content.decode()
    note_proof(person, GUEST_EMAIL)

    html = client.get("/account/").content.decode()
    assert order.number in html
    assert other.number not in html
    for words in ("1 order is in your account", "no other order"):
        assert words in client.post("/account/keep-orders/", follow=True).content.decode()

    assert Order.objects.get(user=person) == order


def test_a_stranger_keeps_nothing(client):
    order = placed_order()
    client.force_login(PersonFactory())

    assert client.post(f"{address(order)}keep/").status_code == 404
    assert Order.objects.get().user is None


def test_the_password_confirms_and_leads_on(client):
    client.force_login(PersonFactory())

    wrong = client.post("/account/confirm/", {"password": "x", "next": "/account/"})
    right = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/"})

    assert "This is not your password." in wrong.content.decode()
    assert right["Location"] == "/account/"


def test_a_code_for_the_account_is_sent_to_its_own_contacts_only(client):
    client.force_login(PersonFactory(email=GUEST_EMAIL))

    answer = client.post("/account/confirm/", {"contact": "other@example.org"})

    assert answer.status_code == 200
    assert client.get("/account/confirm/code/")["Location"] == "/account/confirm/"


PHONE = "+97517123456"


@pytest.fixture
def two_contacts(client):
    """An order with an e-mail address and a phone number, before whoever has proven the address in the account."""
    person = PersonFactory(email=GUEST_EMAIL)
    note_proof(person, GUEST_EMAIL)
    order = placed_order(phone=PHONE)
    client.force_login(person)
    client.get(address(order), {"key": status_key(order)})
    return order


def test_an_order_with_another_contact_is_kept_once_a_code_sent_there_is_read(client, two_contacts):
    keep = f"{address(two_contacts)}keep/"

    asked = client.post(keep)
    page = client.get(asked["Location"]).content.decode()

    assert asked["Location"] == f"{keep}code/"
    assert Order.objects.get().user is None
    assert "+975 … 456" in page
    assert "17123" not in page
    again = client.post("/account/code/again/")
    assert again["Location"] == f"{keep}code/"
    wrong = client.post(f"{keep}code/", {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert Order.objects.get().user is None
    right = client.post(f"{keep}code/", {"code": code_sent()}, follow=True)
    assert "in your account from now on" in right.content.decode()
    assert Order.objects.get().user.email == GUEST_EMAIL
    # What was read for the order is no contact of the account.
    assert list(ProvenContact.objects.values_list("contact", flat=True)) == [GUEST_EMAIL]


def test_the_account_says_that_such_an_order_waits_and_does_not_name_it(client, two_contacts):
    html = client.get("/account/").content.decode()

    assert "One order was placed with a contact of yours and with another one." in html
    assert two_contacts.number not in html
    assert PHONE not in html
    assert "There is no other order" in client.post("/account/keep-orders/", follow=True).content.decode()
    assert Order.objects.get().user is None


def test_a_code_that_was_sent_for_one_order_keeps_no_other(client, two_contacts):
    other = placed_order(email=GUEST_EMAIL, phone="+97517999999")
    client.get(address(other), {"key": status_key(other)})
    client.post(f"{address(two_contacts)}keep/")

    answer = client.post(f"{address(other)}keep/code/", {"code": code_sent()})

    assert answer["Location"] == address(other)
    assert not Order.objects.exclude(user=None).exists()


def test_nobody_without_the_order_asks_for_codes_to_its_contacts(client, two_contacts):
    stranger = client.__class__()
    stranger.force_login(PersonFactory())
    before = OneTimeCode.objects.count()

    for step in ("keep/", "keep/code/"):
        assert stranger.post(f"{address(two_contacts)}{step}").status_code == 404

    assert OneTimeCode.objects.count() == before


def test_a_visitor_signs_in_before_a_code_keeps_the_order(client, two_contacts):
    client.post("/account/logout/")
    client.get(address(two_contacts), {"key": status_key(two_contacts)})

    assert client.get(f"{address(two_contacts)}keep/code/")["Location"] == "/account/login/"
