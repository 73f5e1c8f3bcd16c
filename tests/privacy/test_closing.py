"""Closing an account: all that is the person's own goes, papers stay, and it is all or nothing."""

import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from notices.models import Notice
from orders.errors import AccountClosed, BasketClosed
from orders.models import Order, Review, ShippingAddress
from orders.services import claiming
from orders.services.claiming import claim_all
from orders.services.notifying import status_key
from orders.services.placing import place_order
from orders.services.releasing import lock_order, release
from people.models import User
from people.services.proofs import note_proof
from privacy.errors import StillOpen
from privacy.models import LeftFile
from privacy.selectors.openings import openings
from privacy.services import closing, exporting
from privacy.services.closing import close, forget_old_sales
from privacy.services.sessions import clear_sessions
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.reviews import ReviewFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.race import pause, race
from tests.support.sale import a_listing, checkout_data, filled_basket, open_shop, placed_order
from vendors.models import Membership

MAIL, PHONE = "dema.closes@example.org", "+97517555123"


def a_person():
    person = PersonFactory(name="Dema Closing", email=MAIL, phone=PHONE)
    note_proof(person, MAIL)
    return person


def delivered(order):
    """An order whose goods are with the buyer."""
    with transaction.atomic():
        release(lock_order(order.pk))
    part = order.vendor_orders.get()
    type(part).objects.filter(pk=part.pk).update(state="delivered", delivered_at=timezone.now())
    return Order.objects.get(pk=order.pk)


def bought(person, **changes):
    return delivered(placed_order(user=person, email=MAIL, phone=PHONE, **changes))


def whole_text():
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if not model._meta.proxy:
                cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
                found += [f"{model._meta.label} {row[0]}" for row in cursor.fetchall()]
    return found


def naming(*words):
    return [row for row in whole_text() if any(word.lower() in row.lower() for word in words)]


@pytest.mark.django_db
def test_no_table_holds_contact_or_words_of_a_closed_account():
    person = a_person()
    order = bought(person, is_gift=True, gift_message="Happy Losar, dear sister")
    ReviewFactory(line=order.lines.get(), written_by=person, name="Dema of Thimphu")
    type(order.basket).objects.filter(pk=filled_basket((a_listing(), 1)).pk).update(owner=person)
    exporting.ask(person, language="en")
    assert naming(MAIL, PHONE)

    assert close(person, removes_reviews=False)
    assert not close(person, removes_reviews=False)

    assert naming(MAIL, PHONE, "Happy Losar", "Dema Closing", "Dema of Thimphu") == []
    closed = User.objects.get(pk=person.pk)
    assert (closed.is_active, closed.has_usable_password(), str(closed)) == (False, False, "Closed account")
    assert Review.objects.get().by == "A former customer"


@pytest.mark.django_db
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_an_order_with_another_contact_stays_with_that_one(is_guarded, client, monkeypatch):
    person = PersonFactory(email=MAIL)
    note_proof(person, MAIL)
    order = delivered(placed_order(email=MAIL, phone=PHONE))
    if not is_guarded:
        monkeypatch.setattr(claiming, "proven_contacts", lambda _person: frozenset({MAIL, PHONE}))

    claim_all(person)
    close(person, removes_reviews=False)
    found = client.post("/orders/find/", {"number": order.number, "contact": PHONE})

    assert (found.status_code == 302) is is_guarded
    assert Order.objects.filter(pk=order.pk, guest_phone=PHONE).exists() is is_guarded


@pytest.mark.django_db
def test_the_sale_stays_with_its_address_until_its_years_are_over(settings):
    person = a_person()
    order = bought(person)
    total = order.total_incl_tax
    close(person, removes_reviews=False)

    now = timezone.now()
    assert forget_old_sales(now + timedelta(days=365 * 7)) == 0
    assert ShippingAddress.objects.get().first_name == "Dema"
    for count in (1, 0):
        assert forget_old_sales(now + timedelta(days=366 * 8)) == count

    order.refresh_from_db()
    assert (order.total_incl_tax, order.user_id) == (total, person.pk)
    address = ShippingAddress.objects.get()
    assert (address.first_name, address.line1, address.state) == ("", "", "Thimphu")


@pytest.mark.django_db
def test_reviews_are_taken_away_where_that_is_wished():
    person = a_person()
    order = bought(person)
    review = ReviewFactory(line=order.lines.get(), written_by=person, title="Good")

    close(person, removes_reviews=True)

    review.refresh_from_db()
    assert (review.state, review.words, review.title) == ("taken_down", "", "")
    review.listing.refresh_from_db()
    assert review.listing.rating_count == 0


@pytest.mark.django_db
def test_what_is_open_refuses_and_nothing_changes():
    person = a_person()
    unpaid = placed_order(user=person, email=MAIL)
    under_way = placed_order(user=person, email=MAIL)
    release(lock_order(under_way.pk))
    group = MembershipFactory(user=person, role=Membership.Role.CHAIR).vendor
    before = naming(MAIL, PHONE)

    with pytest.raises(StillOpen) as refusal:
        close(person, removes_reviews=True)

    words = " ".join(opening.words for opening in refusal.value.openings)
    assert len(refusal.value.openings) == 3
    for named in (unpaid.number, under_way.number, group.name):
        assert named in words
    assert naming(MAIL, PHONE) == before


@pytest.mark.django_db
def test_staff_keep_their_account_and_another_chair_lets_one_go():
    officer = PersonFactory(officer=True)
    group = VendorFactory()
    chair = MembershipFactory(vendor=group, role=Membership.Role.CHAIR).user
    MembershipFactory(vendor=group, role=Membership.Role.CHAIR)

    assert [opening.url for opening in openings(officer)] == [""]
    assert close(chair, removes_reviews=False)

    assert not Membership.objects.filter(user=chair).exists()
    assert Notice.objects.filter(kind="member_left", state="waiting").exists()


@pytest.mark.django_db
def test_the_contact_makes_a_new_account_and_finds_nothing_of_the_old(client):
    person = a_person()
    order = bought(person)
    close(person, removes_reviews=False)

    new = PersonFactory(email=MAIL, phone=PHONE)
    note_proof(new, MAIL)
    client.force_login(new)
    found = client.post("/orders/find/", {"number": order.number, "contact": MAIL})
    by_link = client.get(f"/orders/{order.number}/", {"key": status_key(order)})

    assert order.number not in client.get("/account/").content.decode()
    assert found.context["form"].errors
    assert by_link.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_done(monkeypatch):
    person = a_person()
    bought(person)
    before = naming(MAIL, PHONE)

    def dies(_person):
        raise RuntimeError

    monkeypatch.setattr(closing, "shut", dies)
    with pytest.raises(RuntimeError):
        close(person, removes_reviews=True)

    assert naming(MAIL, PHONE) == before
    assert not LeftFile.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_an_order_that_is_placed_while_the_account_closes_is_not_left_open(guarded, monkeypatch):
    open_shop()
    person = a_person()
    basket = filled_basket((a_listing(), 1))
    data = checkout_data(basket, user=person)
    if not guarded:
        monkeypatch.setattr("orders.services.placing.lock_open", lambda _person: True)
    is_at_the_end, shut = threading.Event(), closing.shut

    def slowly(locked):
        is_at_the_end.set()
        pause()
        shut(locked)

    def place():
        assert is_at_the_end.wait(timeout=30)
        place_order(basket, data)

    monkeypatch.setattr(closing, "shut", slowly)
    calls = [lambda: close(person, removes_reviews=False), place]

    outcomes = race(lambda: calls.pop()(), contenders=2)

    assert {type(outcome) for outcome in outcomes if outcome} <= {AccountClosed, BasketClosed}
    assert Order.objects.filter(user=person).exists() is not guarded


@pytest.mark.django_db
def test_sessions_that_are_over_and_those_of_closed_accounts_are_cleared(client):
    person, other = a_person(), PersonFactory()
    client.force_login(person)
    for _ in range(2):
        session = SessionStore()
        session["_auth_user_id"] = str(other.pk)
        session.save()
    Session.objects.filter(pk=session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    close(person, removes_reviews=False)

    assert clear_sessions(timezone.now()) == 2

    assert Session.objects.count() == 1
    assert client.get("/account/").status_code == 302


@pytest.mark.django_db
def test_a_person_reads_confirms_and_closes_once(client):
    person = a_person()
    client.force_login(person)
    assert client.get("/account/close/")["Location"].startswith("/account/confirm/")
    client.post("/account/confirm/", {"password": PASSWORD})
    assert "What stays, and why" in client.get("/account/close/").content.decode()

    unsure = client.post("/account/close/", {"reviews": "keep"})
    assert "is_sure" in unsure.context["form"].errors
    for _ in range(2):
        answer = client.post("/account/close/", {"reviews": "keep", "is_sure": "on"})
        assert answer["Location"] == "/account/closed/"

    assert User.objects.get(pk=person.pk).closed_at is not None
    assert client.get("/account/").status_code == 302
    assert client.get("/account/closed/").status_code == 200
