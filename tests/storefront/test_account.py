"""Joining, signing in and out."""

from datetime import UTC, datetime

import pytest

from marketplace.lib.client_address import client_address
from notices.models import Notice
from orders.models import Order, Shipment
from orders.services.fulfilment import ShipmentData, accept, deliver, ship
from orders.services.releasing import lock_order, release
from people.models import User
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.vendors import MembershipFactory
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


def ask(client, contact, route="/account/join/", **more):
    return client.post(route, {"contact": contact, **more})


def code_sent():
    """The code in the last notice, which a test may read."""
    return Notice.objects.filter(kind="one_time_code").latest("pk").context["code"]


@pytest.mark.parametrize(
    ("contact", "field", "stored"),
    [("Dorji@Example.org", "email", "dorji@example.org"), ("17 12 34 56", "phone", "+97517123456")],
)
def test_an_account_needs_one_contact_a_code_and_no_password(client, contact, field, stored):
    assert ask(client, contact, next="/places/")["Location"] == "/account/code/"

    answer = client.post("/account/code/", {"code": code_sent()})
    assert answer["Location"] == "/account/new/"
    assert User.objects.count() == 0
    for _ in range(2):
        assert client.post("/account/new/", {"name": "Dorji"})["Location"] == "/places/"

    person = User.objects.get()
    assert getattr(person, field) == stored
    assert not person.has_usable_password()
    assert client.get("/account/").status_code == 200


def test_somebody_with_an_account_comes_in_by_code_and_is_answered_alike(client):
    PersonFactory(email=None, phone="+97517123456")

    known = ask(client, "17123456", "/account/login/", by="code", password="")
    assert known["Location"] == "/account/code/"
    assert client.post("/account/code/", {"code": code_sent()})["Location"] == "/account/"

    assert client.get("/account/").status_code == 200


def test_a_wrong_code_lets_nobody_in(client):
    PersonFactory(email=None, phone="+97517123456")
    ask(client, "17123456")
    wrong = f"{(int(code_sent()) + 1) % 10**6:06d}"

    answer = client.post("/account/code/", {"code": wrong})

    assert "code" in answer.context["form"].errors
    assert client.get("/account/").status_code == 302


def test_a_new_account_is_made_only_after_the_code(client):
    ask(client, "17123456")

    assert client.post("/account/new/", {"name": "Dorji"})["Location"] == "/account/join/"
    assert User.objects.count() == 0


def test_staff_do_not_come_in_by_code(client):
    PersonFactory(officer=True, email=None, phone="+97517123456")
    ask(client, "17123456")

    assert client.post("/account/code/", {"code": code_sent()})["Location"] == "/account/login/"

    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("contact", ["nobody", "a@b", "", "12"])
def test_what_is_no_contact_is_said_and_sends_nothing(client, contact):
    answer = ask(client, contact)

    assert "contact" in answer.context["form"].errors
    assert not Notice.objects.exists()


def test_a_code_pressed_for_twice_is_sent_once(client):
    for _ in range(2):
        assert ask(client, "17123456")["Location"] == "/account/code/"

    assert Notice.objects.count() == 1


def test_a_forgotten_password_is_set_anew_after_a_code(client):
    person = PersonFactory(email=None, phone="+97517123456")
    ask(client, "17123456")
    client.post("/account/code/", {"code": code_sent()})

    client.post("/account/password/", {"new": "seven silk looms"})

    person.refresh_from_db()
    assert person.check_password("seven silk looms")
    assert client.get("/account/").status_code == 200


def test_without_a_code_the_old_password_is_asked_for(client):
    person = PersonFactory()
    client.force_login(person)

    wrong = client.post("/account/password/", {"old": "x", "new": "seven silk looms"})
    assert "old" in wrong.context["form"].errors
    client.post("/account/password/", {"old": PASSWORD, "new": "seven silk looms"})

    person.refresh_from_db()
    assert person.check_password("seven silk looms")


@pytest.mark.parametrize("is_known", [True, False])
def test_tries_at_a_password_have_an_end_and_the_right_one_must_wait_too(client, is_known):
    contact = "dema@example.org"
    if is_known:
        PersonFactory(email=contact)
    for _ in range(10):
        client.post("/account/login/", {"contact": contact, "password": "x"})

    answer = client.post("/account/login/", {"contact": contact, "password": PASSWORD})

    assert "Too many tries" in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_tries_at_the_password_of_the_admin_count_as_well(client):
    PersonFactory(email="staff@example.org", superuser=True)
    for _ in range(10):
        client.post("/admin/login/", {"username": "staff@example.org", "password": "x"})

    client.post("/admin/login/", {"username": "staff@example.org", "password": PASSWORD})

    assert client.get("/admin/").status_code == 302


def test_tries_at_finding_an_order_have_an_end(client):
    sent = {"number": "7K3M-2291-9X", "contact": "dema@example.org"}
    statuses = [client.post("/orders/find/", sent).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "10.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7"), (4, "10.0.0.1")]
)
def test_an_address_is_believed_as_far_as_our_own_proxies_wrote_it(rf, settings, proxies, address):
    settings.PROXY_COUNT = proxies
    request = rf.get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.1.1.1, 198.51.100.7, 203.0.113.9"}
    )

    assert client_address(request) == address


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


def test_a_member_of_a_group_comes_in_at_its_desk_unless_on_the_way_elsewhere(client):
    member = MembershipFactory(user__email="dema@example.org").user
    typed = {"contact": member.email, "password": PASSWORD}

    to_work = client.post("/account/login/", typed)
    client.logout()
    to_buy = client.post("/account/login/", {**typed, "next": "/checkout/"})

    assert (to_work["Location"], to_buy["Location"]) == ("/dashboard/", "/checkout/")


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


def test_orders_are_listed_as_they_stand_on_the_day_of_where_they_go(client):
    person = PersonFactory()
    order = release_of(placed_order((a_listing(), 2), user=person))
    # 20:00 in Greenwich is the next day in Bhutan.
    Order.objects.filter(pk=order.pk).update(date_placed=datetime(2026, 11, 29, 20, tzinfo=UTC))
    client.force_login(person)
    part, member = order.vendor_orders.get(), PersonFactory()

    def standing():
        row = client.get("/account/").context["orders"][0]
        assert row.placed.startswith("30 November 2026 ")
        return row.words

    found = [standing()]
    for step in (
        lambda: accept(part, actor=member),
        lambda: ship(
            part, ShipmentData(carrier=Shipment.Carrier.VEHICLE, vehicle_number="BP-1"), actor=member
        ),
        lambda: deliver(part, actor=member),
    ):
        step()
        found.append(standing())

    assert found == ["Paid", "Being packed", "On the way", "With you"]


def test_an_order_that_is_paid_back_or_was_not_paid_says_so(client):
    person = PersonFactory()
    order = placed_order((a_listing(), 2), user=person)
    client.force_login(person)

    waiting = client.get("/account/").context["orders"][0].words
    release_of(order)
    Order.objects.filter(pk=order.pk).update(status=Order.Status.PART_REFUNDED)
    back = client.get("/account/").context["orders"][0].words

    assert (waiting, back) == ("Waiting for payment", "Refunded in part")


def release_of(order):
    """The order, paid."""
    release(lock_order(order.pk))
    return Order.objects.get(pk=order.pk)
