"""Sign-in with an e-mail address or a phone number."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from people.models import User


class ContactBackend(ModelBackend):
    """Finds the account by e-mail or phone; otherwise Django's own rules and permissions."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The person with this contact and password, or None; unknown contacts take as long as known ones."""
        if username is None or password is None:
            return None
        person = User.objects.by_contact(username).first()
        if person is None:
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None
