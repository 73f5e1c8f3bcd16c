"""Kept addresses: each once, at most ten, one of them the default, whatever happens at once."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from orders.addresses.models import UserAddress
from orders.errors import AccountClosed, AddressesTooMany, AddressKept
from orders.services import kept_addresses
from orders.services.kept_addresses import (
    AddressWords,
    change_address,
    choose_default,
    keep_address,
    remove_address,
)
from people.services.accounts import shut
from tests.factories.orders import UserAddressFactory
from tests.factories.people import PersonFactory
from tests.support.race import pause, race

WORDS = AddressWords(
    name="Tenzin Dema",
    country_code="BT",
    state="Thimphu",
    town="Thimphu town",
    street="Near Zilukha school",
    postcode="11001",
    receiver_phone="+97517123456",
)


def street(number):
    return replace(WORDS, street=f"House {number}")


def defaults(person):
    rows = UserAddress.objects.filter(user=person, is_default_for_shipping=True)
    return list(rows.values_list("line1", flat=True))


@pytest.fixture
def person(db):
    return PersonFactory()


def test_an_address_is_kept_in_the_columns_that_orders_have(person):
    row = keep_address(person, WORDS)

    row.refresh_from_db()
    assert (row.first_name, row.line1, row.line4, row.state, row.postcode, row.country_id) == (
        "Tenzin Dema",
        "Near Zilukha school",
        "Thimphu town",
        "Thimphu",
        "11001",
        "BT",
    )
    assert str(row.phone_number) == "+97517123456"
    assert row.last_name == row.line2 == row.line3 == ""


def test_kept_again_it_is_the_same_with_the_phone_of_now(person):
    first = keep_address(person, WORDS)

    again = keep_address(person, replace(WORDS, receiver_phone=""))

    assert again.pk == first.pk
    assert list(UserAddress.objects.values_list("phone_number", flat=True)) == [""]
    assert defaults(person) == ["Near Zilukha school"]


def test_the_first_is_the_default_until_another_is_chosen(person):
    keep_address(person, street(1))
    second = keep_address(person, street(2))
    assert defaults(person) == ["House 1"]

    for _ in range(2):
        choose_default(person, second.pk)

    assert defaults(person) == ["House 2"]
    assert [row.line1 for row in UserAddress.objects.visible_to(person)] == ["House 2", "House 1"]


def test_where_the_default_is_removed_the_newest_of_the_others_is_it(person):
    first = keep_address(person, street(1))
    last = [keep_address(person, street(number)) for number in (2, 3)][-1]

    remove_address(person, first.pk)
    assert defaults(person) == ["House 3"]
    remove_address(person, UserAddress.objects.get(line1="House 2").pk)
    assert defaults(person) == ["House 3"]
    remove_address(person, last.pk)
    assert not UserAddress.objects.exists()


def test_changed_words_keep_its_place_and_never_make_two_alike(person):
    first, second = keep_address(person, street(1)), keep_address(person, street(2))

    change_address(person, first.pk, street(3))
    with pytest.raises(AddressKept):
        change_address(person, second.pk, street(3))

    assert defaults(person) == ["House 3"]
    assert set(UserAddress.objects.values_list("line1", flat=True)) == {"House 3", "House 2"}


def test_ten_are_kept_and_no_more(person):
    for number in range(kept_addresses.MOST):
        keep_address(person, street(number))

    with pytest.raises(AddressesTooMany, match="10 addresses"):
        keep_address(person, street(99))
    # What is there already needs no room.
    keep_address(person, street(5))

    assert UserAddress.objects.count() == kept_addresses.MOST == 10


@pytest.mark.parametrize("deed", [choose_default, remove_address, lambda p, pk: change_address(p, pk, WORDS)])
def test_what_somebody_else_keeps_is_not_there(person, deed):
    other = UserAddressFactory(user=PersonFactory(), line1="House 1", is_default_for_shipping=True)

    with pytest.raises(UserAddress.DoesNotExist):
        deed(person, other.pk)

    other.refresh_from_db()
    assert (other.line1, other.is_default_for_shipping) == ("House 1", True)
    assert list(UserAddress.objects.visible_to(person)) == []


def test_a_closed_account_keeps_nothing_new(person):
    shut(person)

    with pytest.raises(AccountClosed):
        keep_address(person, WORDS)

    assert not UserAddress.objects.exists()


def test_the_database_knows_one_default_and_each_address_once(person):
    keep_address(person, street(1))

    for changes in ({"line1": "House 2", "is_default_for_shipping": True}, {"line1": "House 1"}):
        row = UserAddress(
            user=person,
            **{"first_name": "Tenzin Dema", "line4": "Thimphu town", "state": "Thimphu", **changes},
            postcode="11001",
            country_id="BT",
        )
        row.hash = row.generate_hash()
        with pytest.raises(IntegrityError), transaction.atomic():
            UserAddress.objects.bulk_create([row])


def held(step, *given):
    """The step, with what it has written kept back until everybody has come as far as that, or waits."""
    with transaction.atomic():
        step(*given)
        pause()


def _unguarded(monkeypatch):
    monkeypatch.setattr(kept_addresses, "lock_open", lambda _person: True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_the_last_free_place_is_taken_once(guarded, monkeypatch):
    person = PersonFactory()
    for number in range(kept_addresses.MOST - 1):
        keep_address(person, street(number))
    if not guarded:
        _unguarded(monkeypatch)
    numbers = iter(range(100, 108))

    outcomes = race(lambda: held(keep_address, person, street(next(numbers))), contenders=8)

    kept = UserAddress.objects.filter(user=person).count()
    if guarded:
        assert kept == kept_addresses.MOST
        assert [type(outcome) for outcome in outcomes].count(AddressesTooMany) == 7
    else:
        assert kept == kept_addresses.MOST + 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_of_eight_choices_at_once_one_is_the_default_and_nobody_is_refused(guarded, monkeypatch):
    person = PersonFactory()
    pks = [keep_address(person, street(number)).pk for number in range(9)][1:]
    if not guarded:
        _unguarded(monkeypatch)
    turns = iter(pks)

    outcomes = race(lambda: held(choose_default, person, next(turns)), contenders=8)

    assert len(defaults(person)) == 1
    # Without the lock the constraint still keeps the promise, by refusing those who came together.
    refused = [type(outcome) for outcome in outcomes if outcome]
    assert refused == ([] if guarded else [IntegrityError] * 7)


@pytest.mark.django_db(transaction=True)
def test_the_same_first_address_sent_eight_times_at_once_is_kept_once():
    person = PersonFactory()

    outcomes = race(lambda: keep_address(person, WORDS), contenders=8)

    assert outcomes == [None] * 8
    assert len(defaults(person)) == UserAddress.objects.count() == 1
