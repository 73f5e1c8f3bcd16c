"""Sign-in with an e-mail address or a phone number."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from marketplace.lib.client_address import client_address
from people.models import User, normal_contact
from people.services import limits


class ContactBackend(ModelBackend):
    """Finds the account by e-mail or phone; otherwise Django's own rules and permissions.

    Tries are limited here, so that no page with a password, the admin's included, is without a limit.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The person with this contact and password, or None; unknown contacts take as long as known ones.

        Raises PermissionDenied, which Django turns into a failed sign-in, when the limits of tries are reached.
        """
        if username is None or password is None:
            return None
        contact, address = limited_contact(username), client_address(request) if request else ""
        if not limits.take(limits.PASSWORD_BY_CONTACT, contact) or not limits.take(
            limits.PASSWORD_BY_ADDRESS, address
        ):
            raise PermissionDenied
        person = User.objects.by_contact(username).first()
        if person is None:
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            limits.forget(limits.PASSWORD_BY_CONTACT, contact)
            limits.give_back(limits.PASSWORD_BY_ADDRESS, address)
            return person
        return None


def limited_contact(typed: str) -> str:
    """What tries are counted under: the contact in its normal form, or the words as typed, the same for known and unknown."""
    try:
        return normal_contact(typed)
    except ValidationError:
        return typed.strip().lower() or "-"
