"""One-time codes: six digits, five tries, ten minutes, once; and limits that hold against tries at the same moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from notices.services.codes import send_code
from people.errors import CodeRefused, TooManyTries
from people.models import OneTimeCode, Tally
from people.services import codes, limits
from tests.factories.people import PersonFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db
PHONE = "+97517123456"
SIGN_IN = OneTimeCode.Purpose.SIGN_IN


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""

    class Clock:
        now = timezone.now()

        def go(self, **span):
            self.now += timedelta(**span)

    moving = Clock()
    monkeypatch.setattr(timezone, "now", lambda: moving.now)
    return moving


def issued(address="10.0.0.1"):
    return codes.issue(PHONE, SIGN_IN, address=address)[1]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_has_six_digits_works_once_and_is_nowhere_in_its_row():
    row, code = codes.issue(PHONE, SIGN_IN, address="10.0.0.1")

    assert len(code) == 6
    assert code.isdigit()
    assert code not in {row.salt, row.digest}
    codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")
    with pytest.raises(CodeRefused):
        codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")


def test_a_code_ends_after_ten_minutes(clock):
    code = issued()

    clock.go(minutes=10)

    with pytest.raises(CodeRefused):
        codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")


def test_a_code_is_good_until_the_last_second(clock):
    code = issued()

    clock.go(minutes=9, seconds=59)

    codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")


@pytest.mark.parametrize(("mistakes", "works"), [(4, True), (5, False)])
def test_five_tries_are_the_last(mistakes, works):
    code = issued()
    for _ in range(mistakes):
        with pytest.raises(CodeRefused):
            codes.prove(PHONE, SIGN_IN, wrong(code), address="10.0.0.1")

    if works:
        codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")
    else:
        with pytest.raises(CodeRefused):
            codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")


def test_a_code_proves_its_own_contact_and_purpose_only(clock):
    code = issued()

    for contact, purpose in [("+97517000000", SIGN_IN), (PHONE, OneTimeCode.Purpose.INVITATION)]:
        with pytest.raises(CodeRefused):
            codes.prove(contact, purpose, code, address="10.0.0.1")


def test_a_new_code_ends_the_one_before(clock):
    first = issued()
    clock.go(minutes=1)
    second = issued()

    if first != second:
        with pytest.raises(CodeRefused):
            codes.prove(PHONE, SIGN_IN, first, address="10.0.0.1")
    codes.prove(PHONE, SIGN_IN, second, address="10.0.0.1")


def test_codes_to_one_contact_are_limited_and_come_again_after_an_hour(clock):
    for _ in range(5):
        issued()
        clock.go(minutes=1)

    with pytest.raises(TooManyTries):
        issued()
    assert OneTimeCode.objects.count() == 5

    clock.go(hours=1)
    issued()


def test_a_stranger_elsewhere_leaves_the_owner_codes_to_ask_for(clock):
    for _ in range(5):
        issued(address="203.0.113.9")
        clock.go(minutes=1)
    with pytest.raises(TooManyTries):
        issued(address="203.0.113.9")
    clock.go(seconds=30)

    code = issued(address="10.0.0.1")

    codes.prove(PHONE, SIGN_IN, code, address="10.0.0.1")


def test_codes_to_one_contact_end_however_many_addresses_ask(clock):
    for number in range(limits.CODE_BY_CONTACT.tries):
        issued(address=f"203.0.113.{number}")
        clock.go(minutes=1)

    with pytest.raises(TooManyTries):
        issued(address="203.0.113.200")


def test_a_second_code_waits_half_a_minute(clock):
    issued()

    with pytest.raises(TooManyTries):
        issued()


def test_codes_asked_for_from_one_address_are_limited():
    for number in range(limits.CODE_BY_ADDRESS.tries):
        codes.issue(f"+97517{number:06d}", SIGN_IN, address="10.0.0.9")

    with pytest.raises(TooManyTries):
        codes.issue("+97518000000", SIGN_IN, address="10.0.0.9")
    codes.issue("+97518000000", SIGN_IN, address="10.0.0.8")


def test_known_and_unknown_numbers_are_sent_a_code_alike():
    PersonFactory(email=None, phone=PHONE)

    for contact in (PHONE, "+97517999999"):
        send_code(contact, SIGN_IN, address="10.0.0.1", language="hi")

    assert sorted(Notice.objects.values_list("address", "kind", "channel", "language")) == [
        (PHONE, "one_time_code", "sms", "hi"),
        ("+97517999999", "one_time_code", "sms", "hi"),
    ]


def test_old_codes_and_counts_are_swept(clock):
    issued()
    clock.go(days=2)

    assert codes.sweep() == 1
    assert Tally.objects.count() == 0


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_five_at_most(guarded, monkeypatch):
    code = issued()
    compared = []
    monkeypatch.setattr(codes, "constant_time_compare", lambda *_: bool(compared.append(1)))
    if not guarded:
        monkeypatch.setattr(codes, "_count_try", lambda _row: True)

    outcomes = race(lambda: codes.prove(PHONE, SIGN_IN, wrong(code), address=""), contenders=8)

    assert all(isinstance(outcome, CodeRefused) for outcome in outcomes)
    assert len(compared) == (5 if guarded else 8)


@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_against_tries_at_the_same_moment():
    taken = []
    limit = limits.Limit("race", 3, timedelta(minutes=1))

    race(lambda: taken.append(limits.take(limit, "somebody")), contenders=8)

    assert sorted(taken) == [False] * 5 + [True] * 3


@pytest.mark.django_db(transaction=True)
def test_the_right_code_typed_twice_at_the_same_moment_works_once():
    code = issued()

    outcomes = race(lambda: codes.prove(PHONE, SIGN_IN, code, address=""), contenders=4)

    assert outcomes.count(None) == 1
