"""Joining, signing in and out."""

import pytest

from people.models import User
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db

JOIN = {"name": "Dorji", "contact": "dorji@example.org", "password": "seven silk looms"}


@pytest.mark.parametrize(
    ("contact", "field", "stored"),
    [("Dorji@Example.org", "email", "dorji@example.org"), ("17 12 34 56", "phone", "+97517123456")],
)
def test_an_account_needs_one_contact(client, contact, field, stored):
    answer = client.post("/account/join/", {**JOIN, "contact": contact})

    person = User.objects.get()
    assert getattr(person, field) == stored
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact", "nobody"),
        ("contact", "a@b"),
        ("contact", ""),
        ("password", "12345"),
        ("password", "password"),
        ("name", ""),
    ],
)
def test_a_wrong_field_is_said_and_makes_no_account(client, field, value):
    answer = client.post("/account/join/", {**JOIN, field: value})

    assert field in answer.context["form"].errors
    assert User.objects.count() == 0


def test_a_contact_makes_one_account_only(client):
    PersonFactory(email="dorji@example.org")

    answer = client.post("/account/join/", JOIN)

    assert "contact" in answer.context["form"].errors
    assert User.objects.count() == 1


@pytest.mark.parametrize("contact", ["dema@example.org", "DEMA@example.org", "+97517123456", "17123456"])
def test_people_sign_in_with_either_contact(client, contact):
    PersonFactory(email="dema@example.org", phone="+97517123456")

    answer = client.post("/account/login/?next=/places/", {"contact": contact, "password": PASSWORD})

    assert answer["Location"] == "/places/"


def test_a_wrong_password_keeps_the_contact_typed(client):
    PersonFactory(email="dema@example.org")

    html = client.post("/account/login/", {"contact": "dema@example.org", "password": "x"}).content.decode()

    assert "No account has this contact and this password." in html
    assert 'value="dema@example.org"' in html


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_our_own_pages_only(client, target):
    PersonFactory(email="dema@example.org")

    answer = client.post(
        "/account/login/", {"contact": "dema@example.org", "password": PASSWORD, "next": target}
    )

    assert answer["Location"] == "/account/"


def test_signing_out_twice_is_signing_out_once(client):
    client.force_login(PersonFactory())

    for _ in range(2):
        assert client.post("/account/logout/")["Location"] == "/"

    assert client.get("/account/").status_code == 302


def test_the_basket_of_a_guest_comes_along(client):
    PersonFactory(email="dema@example.org")
    client.post("/basket/add/", {"product": ListingFactory(title="Honey").pk, "quantity": 2})

    client.post("/account/login/", {"contact": "dema@example.org", "password": PASSWORD})

    assert client.get("/basket/").context["view"].unit_count == 2
