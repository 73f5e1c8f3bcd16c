"""Accounts of people who prove a contact by code."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.errors import TooManyTries
from people.models import User, new_username
from people.services import limits


def join(contact: str, *, name: str, password: str | None, language: str) -> User:
    """The account of a proven contact: the one there is, or a new one; asked twice at once makes one.

    contact: in normal form, proven by its owner. name, password and language are for a new account only.
    """
    found = User.objects.by_contact(contact).first()
    if found is not None:
        return found
    field = "email" if "@" in contact else "phone"
    try:
        with transaction.atomic():
            return User.objects.create_person(
                name=name, password=password, preferred_language=language, **{field: contact}
            )
    except IntegrityError:
        return User.objects.get(**{field: contact})


def may_sign_in_by_code(person: User) -> bool:
    """Whether a code is enough. Staff decide about money and people: a phone left on a table must not let in."""
    return person.is_active and not person.is_staff and not person.is_superuser


def is_password(person: User, typed: str, *, address: str) -> bool:
    """Whether this is the person's password; address: of the visitor.

    Raises TooManyTries: guesses are counted like those at the sign-in.
    """
    subject = str(person.email or person.phone)
    if not limits.take(limits.PASSWORD_BY_CONTACT, subject):
        raise TooManyTries
    if not limits.take(limits.PASSWORD_BY_ADDRESS, address):
        raise TooManyTries
    if not check_password(typed, person.password):
        return False
    limits.forget(limits.PASSWORD_BY_CONTACT, subject)
    return True


def set_password(person: User, new: str, *, old: str | None, address: str) -> bool:
    """Give a person a new password; False when the old one is wrong.

    old: None where the person has just proven a contact by code. Raises TooManyTries.
    """
    if old is not None and not is_password(person, old, address=address):
        return False
    person.set_password(new)
    person.save(update_fields=["password"])
    return True


def lock_open(person: User) -> bool:
    """Hold an account as it is until the transaction ends; False where its owner has closed it.

    What belongs to an account is written under this lock, so that nothing new is there after closing.
    """
    rows = User.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=person.pk, closed_at=None).exists()


def shut(person: User) -> None:
    """Take name, contacts, password and rights from an account, which the caller holds; what is left is a number."""
    person.name, person.email, person.phone = "", None, None
    person.username = new_username()
    person.preferred_language = settings.LANGUAGE_CODE
    person.is_active, person.last_login, person.closed_at = False, None, timezone.now()
    person.set_unusable_password()
    person.save()
