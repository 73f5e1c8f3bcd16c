"""One account per person, found by e-mail address or phone number, however it is typed."""

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from people.backends import limited_contact
from people.models import User, contact_to_write_to, normal_phone
from tests.factories.people import PASSWORD, PersonFactory

digits = st.text("0123456789", min_size=8, max_size=8).filter(lambda number: not number.startswith("0"))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+97517123456", "+97517123456"),
        ("+975 17 12 34 56", "+97517123456"),
        (" +975-17-123456 ", "+97517123456"),
        ("00975 17123456", "+97517123456"),
        ("17123456", "+97517123456"),
        ("17 12 34 56", "+97517123456"),
        ("97517123456", "+97517123456"),
        ("9876543210", "+919876543210"),
        ("98765 43210", "+919876543210"),
        ("09876543210", "+919876543210"),
        ("(+91) 98765-43210", "+919876543210"),
        ("९८७६५४३२१०", "+919876543210"),
        ("༡༧༡༢༣༤༥༦", "+97517123456"),
        ("+975 (0)17123456", "+97517123456"),
        ("00975 017123456", "+97517123456"),
        ("017123456", "+97517123456"),
        ("02 323456", "+9752323456"),
        ("+91 (0) 98765 43210", "+919876543210"),
        ("٠٠٩٧٥١٧١٢٣٤٥٦", "+97517123456"),
        ("००९१९८७६५४३२१०", "+919876543210"),
    ],
)
def test_a_number_is_understood_as_people_here_write_it(typed, number):
    assert normal_phone(typed) == number


@given(number=digits, gaps=st.lists(st.sampled_from(["", " ", "-", "."]), min_size=8, max_size=8))
def test_eight_digits_are_bhutanese_whatever_stands_between_them(number, gaps):
    typed = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True))

    assert normal_phone(typed) == f"+975{number}"


@given(text=st.text(max_size=40))
def test_any_text_comes_back_as_a_plus_and_digits(text):
    number = normal_phone(text)

    assert number[0] == "+"
    assert number[1:] == "" or (number[1:].isascii() and number[1:].isdecimal())
    assert normal_phone(number) == number


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["dema@example.org", "Dema@Example.ORG", "  dema@example.org "])
def test_a_person_signs_in_by_email_address(typed):
    person = PersonFactory(email="dema@example.org")

    assert authenticate(username=typed, password=PASSWORD) == person


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["+97517123456", "17123456", "17 12 34 56", "00975-17123456"])
def test_a_person_without_email_signs_in_by_phone_number(typed):
    person = PersonFactory(email=None, phone="+97517123456")

    assert authenticate(username=typed, password=PASSWORD) == person


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    ["", " ", "@", "+", "nobody@example.org", "17999999", "admin", "dema", "0", "dema@example.org\0", "\0"],
)
def test_an_unknown_contact_signs_nobody_in(typed):
    PersonFactory(email="dema@example.org", phone=None)
    PersonFactory(email=None, phone="+97517123456")

    assert authenticate(username=typed, password=PASSWORD) is None


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", None])
def test_a_wrong_password_signs_nobody_in(password):
    PersonFactory(email="dema@example.org")

    assert authenticate(username="dema@example.org", password=password) is None


@pytest.mark.django_db
def test_a_person_who_was_switched_off_cannot_sign_in():
    PersonFactory(email="dema@example.org", is_active=False)

    assert authenticate(username="dema@example.org", password=PASSWORD) is None


@pytest.mark.django_db
def test_a_person_without_a_password_cannot_sign_in():
    User.objects.create_person(name="Dema", password=None, email="dema@example.org")

    for password in ("", "!", "None"):
        assert authenticate(username="dema@example.org", password=password) is None


@pytest.mark.django_db
def test_nobody_signs_in_by_the_username_that_nobody_types():
    person = PersonFactory()

    assert authenticate(username=person.username, password=PASSWORD) is None


@pytest.mark.django_db
def test_an_unknown_contact_is_hashed_like_a_known_one(monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, password: hashed.append(password))

    authenticate(username="nobody@example.org", password="a guess")

    assert hashed == ["a guess"]


@pytest.mark.django_db
def test_a_person_needs_an_email_address_or_a_phone_number():
    with pytest.raises(ValueError, match="needs an e-mail address or a phone number"):
        User.objects.create_person(name="Dema", password=PASSWORD)

    assert User.objects.count() == 0


@pytest.mark.django_db
def test_many_people_may_lack_an_email_address_or_a_phone_number():
    for number in range(3):
        User.objects.create_person(name="Dema", password=PASSWORD, phone=f"+9751700000{number}")
        User.objects.create_person(name="Karma", password=PASSWORD, email=f"karma{number}@example.org")

    assert User.objects.filter(email=None).count() == User.objects.filter(phone=None).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"email": "Dema@example.org"}, "person_email_is_lower_case"),
        ({"email": ""}, "person_contact_is_null_not_empty"),
        ({"phone": ""}, "person_contact_is_null_not_empty"),
        ({"email": "karma@example.org"}, "email"),
        ({"phone": "+97517000000"}, "phone"),
    ],
)
def test_the_database_refuses_a_contact_twice_empty_or_in_capitals(fields, constraint):
    PersonFactory(email="karma@example.org", phone="+97517000000")
    dema = PersonFactory(email="dema@example.org", phone="+97517111111")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=dema.pk).update(**fields)

    dema.refresh_from_db()
    assert (dema.email, dema.phone) == ("dema@example.org", "+97517111111")


@pytest.mark.parametrize("typed", ["17123456", "a17123456", "17 12 34 56 b", "+975 (0)17123456", "क१७१२३४५६"])
@pytest.mark.django_db
def test_all_that_leads_to_one_account_is_counted_as_one_contact(typed):
    person = PersonFactory(phone="+97517123456")

    assert User.objects.by_contact(typed).get() == person
    assert limited_contact(typed) == "+97517123456"


@pytest.mark.parametrize("typed", ["dema17123456example.org", "tel 17123456", "देमा १७१२३४५६"])
def test_a_stranger_is_not_written_to_by_the_digits_of_an_address(typed):
    with pytest.raises(ValidationError):
        contact_to_write_to(typed)


@pytest.mark.parametrize("typed", ["१७ १२ ३४ ५६", "༡༧༡༢༣༤༥༦", "(+975) 17-12.34/56"])
def test_a_number_of_any_script_is_written_to(typed):
    assert contact_to_write_to(typed) == "+97517123456"
