"""Orders bought as guest: kept in the account of whoever has proven the contact, and of nobody else."""

import threading

import pytest

from orders.errors import ContactNotProven, KeptByOther
from orders.models import Order
from orders.services import claiming
from orders.services.claiming import claim, claim_all, claimable, with_another_contact
from people.models import ProvenContact
from people.services.proofs import note_proof
from tests.factories.people import PersonFactory
from tests.support.race import race
from tests.support.sale import placed_order

MAIL, PHONE = "dema@example.org", "+97517123456"


def someone(*, email=None, phone=None, is_proven=True):
    person = PersonFactory(email=email, phone=phone)
    if is_proven:
        note_proof(person, email or phone)
    return person


def owner_of(order):
    return Order.objects.get(pk=order.pk).user


def with_both():
    person = someone(email=MAIL, phone=PHONE)
    note_proof(person, PHONE)
    return person


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("order", "person"),
    [
        ({"email": "Dema@Example.org"}, {"email": MAIL}),
        ({"email": "", "phone": PHONE}, {"phone": PHONE}),
    ],
)
def test_whoever_has_proven_the_contact_keeps_it_once(order, person):
    order, person = placed_order(**order), someone(**person)
    assert list(claimable(person)) == [order]

    assert claim(order, person)
    assert not claim(order, person)

    assert owner_of(order) == person
    assert Order.objects.get(pk=order.pk).kept_at is not None
    assert not claimable(person).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("contact", [{"email": MAIL}, {"phone": PHONE}])
def test_one_of_two_contacts_keeps_nothing_and_both_do(contact):
    order = placed_order(email="Dema@Example.org", phone=PHONE)
    person = someone(**contact)

    with pytest.raises(ContactNotProven):
        claim(order, person)
    assert (list(claimable(person)), claim_all(person), with_another_contact(person)) == ([], 0, 1)
    assert owner_of(order) is None

    other = PHONE if "email" in contact else MAIL
    assert claim(order, person, shown_now=[other])
    assert (owner_of(order), with_another_contact(person)) == (person, 0)


@pytest.mark.django_db
def test_an_account_that_has_proven_both_contacts_keeps_it_with_all_the_others():
    placed_order(email=MAIL, phone=PHONE)
    placed_order(email=MAIL)
    placed_order(email=MAIL, phone="+97517999999")
    person = with_both()

    assert (claim_all(person), with_another_contact(person)) == (2, 1)


@pytest.mark.django_db
def test_a_contact_that_was_shown_now_opens_no_other_order():
    order = placed_order(email="other@example.org", phone="+97517999999")

    with pytest.raises(ContactNotProven):
        claim(order, someone(email=MAIL), shown_now=["+97517999999"])

    assert owner_of(order) is None


@pytest.mark.django_db
def test_a_contact_that_no_code_has_proven_keeps_nothing():
    order = placed_order(email=MAIL)
    person = someone(email=MAIL, is_proven=False)

    with pytest.raises(ContactNotProven):
        claim(order, person)

    assert claim_all(person) == 0
    assert owner_of(order) is None


@pytest.mark.django_db
def test_a_contact_that_was_proven_and_is_no_longer_the_accounts_keeps_nothing():
    order = placed_order(email=MAIL)
    person = someone(email=MAIL)
    person.email = "other@example.org"
    person.save()

    with pytest.raises(ContactNotProven):
        claim(order, person)

    assert owner_of(order) is None


@pytest.mark.django_db
def test_another_contact_is_never_noted_as_proven():
    note_proof(PersonFactory(email=MAIL), "other@example.org")

    assert not ProvenContact.objects.exists()


@pytest.mark.django_db
def test_what_another_account_has_stays_there():
    first, second = someone(email=MAIL), someone(phone=PHONE)
    order = placed_order(email=MAIL, phone=PHONE)
    claim(order, first, shown_now=[PHONE])

    with pytest.raises(KeptByOther):
        claim(order, second, shown_now=[MAIL])

    assert owner_of(order) == first
    assert claim_all(second) == 0


@pytest.mark.django_db
def test_all_of_them_are_kept_by_one_press():
    person = someone(email=MAIL)
    orders = [placed_order(email=MAIL) for _ in range(2)]
    placed_order(email="other@example.org")

    assert claim_all(person) == 2
    assert claim_all(person) == 0

    assert {owner_of(order) for order in orders} == {person}
    assert Order.objects.filter(user=None).count() == 1


LOOKED = threading.Barrier(2)


def unguarded_take(order, person, contacts):
    """Looks, and then writes."""
    is_free = Order.objects.bought_as_guest(contacts).filter(pk=order.pk).exists()
    # Both contenders have looked before either writes.
    LOOKED.wait(timeout=20)
    return is_free and Order.objects.filter(pk=order.pk).update(user=person) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "told"), [(True, 1), (False, 2)], ids=["guarded", "control"])
def test_of_two_accounts_that_read_both_contacts_one_has_the_order(guarded, told, monkeypatch):
    people = [someone(email=MAIL), someone(phone=PHONE)]
    order = placed_order(email=MAIL, phone=PHONE)
    if not guarded:
        monkeypatch.setattr(claiming, "_take", unguarded_take)
    waiting = list(people)

    outcomes = race(lambda: claim(order, waiting.pop(), shown_now=[MAIL, PHONE]), contenders=2)

    assert outcomes.count(None) == told
    assert owner_of(order) in people


@pytest.mark.django_db(transaction=True)
def test_of_two_accounts_with_one_contact_each_none_has_the_order():
    waiting = [someone(email=MAIL), someone(phone=PHONE)]
    order = placed_order(email=MAIL, phone=PHONE)

    outcomes = race(lambda: claim_all(waiting.pop()), contenders=2)

    assert outcomes == [None, None]
    assert owner_of(order) is None
