"""One account per person: shopper, member of a group, officer or staff."""

import re
import uuid
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.lib.digits import plain_digits

PHONE_PATTERN = r"^\+[1-9]\d{6,14}$"
_NO_CONTACT = _("This is neither a phone number nor an e-mail address.")


class PersonManager(UserManager["User"]):
    """Makes accounts from an e-mail address, a phone number, or both."""

    def create_person(
        self, *, name: str, password: str | None, email: str = "", phone: str = "", **fields: object
    ) -> "User":
        """Create an account; without a password nobody can sign in to it.

        phone: E.164, such as +97517123456. Raises ValueError when both contacts are empty.
        """
        if not (email or phone):
            raise ValueError("a person needs an e-mail address or a phone number")
        person = self.model(name=name, email=email.lower() or None, phone=phone or None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def by_contact(self, contact: str) -> Self | models.QuerySet["User"]:
        """Accounts that have this e-mail address or phone number (at most one)."""
        word = contact.strip()
        if "\0" in word:
            # PostgreSQL refuses such a text instead of finding nobody.
            return self.none()
        if "@" in word:
            return self.filter(email=word.lower())
        return self.filter(phone=normal_phone(word))


def normal_phone(text: str) -> str:
    """A phone number as typed, in E.164 form; eight digits are Bhutanese, ten Indian, a 0 before them is left out.

    Digits of every script are understood. What cannot be a phone number comes back with its punctuation
    removed, so that it matches nobody.
    """
    word = plain_digits(text.strip())
    digits = "".join(sign for sign in word if sign in "0123456789")
    if word.startswith("+"):
        return _without_trunk_zero(digits)
    if word.startswith("00"):
        return _without_trunk_zero(digits[2:])
    if len(digits) in (8, 9) and digits.startswith("0"):
        return f"+975{digits[1:]}"
    if len(digits) == 8:
        return f"+975{digits}"
    if len(digits) == 10 or (len(digits) == 11 and digits.startswith("0")):
        return f"+91{digits[-10:]}"
    return _without_trunk_zero(digits)


def _without_trunk_zero(digits: str) -> str:
    # People write +975 (0)17 12 34 56; behind these countries' codes no number begins with 0.
    for country in ("975", "91"):
        if digits.startswith(f"{country}0"):
            return f"+{country}{digits[len(country) :].lstrip('0')}"
    return f"+{digits}"


def normal_contact(text: str) -> str:
    """An e-mail address in lower case or a phone number in E.164 form. Raises ValidationError for anything else."""
    word = text.strip()
    if "@" in word:
        validate_email(word)
        return word.lower()
    phone = normal_phone(word)
    if not re.match(PHONE_PATTERN, phone):
        raise ValidationError(_NO_CONTACT)
    return phone


def contact_to_write_to(text: str) -> str:
    """The same for a message. What has letters is an address that was mistyped: its digits may be a stranger's number.

    Not for finding and counting, where all that leads to one account must be one contact. Raises ValidationError.
    """
    if "@" not in text and any(sign.isalpha() for sign in text):
        raise ValidationError(_NO_CONTACT)
    return normal_contact(text)


def new_username() -> str:
    """A username that nobody types; people sign in with their e-mail address or phone number."""
    return uuid.uuid4().hex


class User(AbstractUser):
    """A person who can sign in. Many weavers and farmers have no e-mail: a phone number is enough.

    preferred_language: code of settings.LANGUAGES in which notices are written. closed_at: when its owner closed the
    account; from then on it is a number for histories, without name, contact and way in.
    is_example marks people made by the demonstration data.
    """

    first_name = None  # type: ignore[assignment]  # one name field serves every script
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        _("username"), max_length=150, unique=True, default=new_username, editable=False
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)  # type: ignore[assignment]
    phone = models.CharField(
        _("phone number"),
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        validators=[
            RegexValidator(PHONE_PATTERN, _("Write the number with its country code, as +975 17 12 34 56."))
        ],
    )
    preferred_language = models.CharField(_("language"), max_length=8, default="en")
    is_example = models.BooleanField(_("example"), default=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    REQUIRED_FIELDS = ["email"]

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]  # the base is typed as a plain str
        verbose_name_plural = _("people")  # type: ignore[assignment]
        constraints = [
            models.CheckConstraint(
                name="person_email_is_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="person_contact_is_null_not_empty", condition=~models.Q(email="") & ~models.Q(phone="")
            ),
            models.CheckConstraint(
                name="person_closed_names_nobody",
                condition=models.Q(closed_at=None)
                | models.Q(
                    email=None, phone=None, name="", is_active=False, is_staff=False, is_superuser=False
                ),
            ),
        ]

    def __str__(self) -> str:
        if self.closed_at:
            return gettext("Closed account")
        return self.name or self.email or self.phone or self.username

    def get_full_name(self) -> str:
        """The name, which Django's admin shows."""
        return str(self)

    def get_short_name(self) -> str:
        """The name; scripts differ too much to cut it."""
        return str(self)

    def clean(self) -> None:
        """Empty contacts become null, so that many people may lack one."""
        super().clean()
        self.email = (self.email or "").lower() or None
        self.phone = self.phone or None


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    """Reads of codes."""

    def live(self) -> Self:
        """Codes that may still prove something, if their tries are not used up."""
        return self.filter(ended_at=None, expires_at__gt=timezone.now())


class OneTimeCode(models.Model):
    """A code that was sent to a contact. The code itself is not here, only its keyed hash.

    purpose: what it proves the contact for, so that a code for one thing opens no other. ended_at: used or replaced.
    """

    MAX_TRIES = 5

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("sign in")
        INVITATION = "invitation", _("accept an invitation")
        CONFIRM = "confirm", _("confirm who it is")

    contact = models.CharField(_("contact"), max_length=254)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"), db_index=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.CheckConstraint(name="code_tries_have_an_end", condition=models.Q(tries__lte=5)),
        ]
        indexes = [models.Index(name="code_of_contact", fields=["contact", "purpose"])]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class ProvenContact(models.Model):
    """A contact of which a person has shown by a code that she or he reads it.

    It counts while it is the account's own: one that was changed since proves nothing (people.services.proofs).
    """

    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="proven_contacts"
    )
    contact = models.CharField(_("contact"), max_length=254)
    proven_at = models.DateTimeField(_("proven at"))

    class Meta:
        verbose_name = _("proven contact")
        verbose_name_plural = _("proven contacts")
        constraints = [models.UniqueConstraint(name="contact_proven_once", fields=["person", "contact"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.proven_at}"


class Tally(models.Model):
    """Tries of one kind by one contact or address within a span. key: a keyed hash, so that it names nobody."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("tally of tries")
        verbose_name_plural = _("tallies of tries")

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"
