"""One-time codes: six digits sent to a contact, which prove that the person who types them can read it."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from people.errors import CodeRefused, TooManyTries
from people.models import OneTimeCode
from people.services import limits

LIVES = timedelta(minutes=10)
KEPT = timedelta(days=1)


@transaction.atomic
def issue(contact: str, purpose: str, *, address: str) -> tuple[OneTimeCode, str]:
    """Make a code for a contact, known or not; the row, and the code in words, which is written nowhere.

    contact: in normal form (people.models.normal_contact); address: of the visitor. A code of the same purpose that was
    sent before ends. Raises TooManyTries, when the limits by contact or address are reached.
    """
    shares = (
        (limits.CODE_BY_ADDRESS, address),
        (limits.CODE_PAUSE, contact),
        (limits.CODE_BY_CONTACT_AND_ADDRESS, _pair(contact, address)),
        (limits.CODE_BY_CONTACT, contact),
    )
    if not all(limits.take(limit, subject) for limit, subject in shares):
        raise TooManyTries
    now = timezone.now()
    OneTimeCode.objects.filter(contact=contact, purpose=purpose, ended_at=None).update(ended_at=now)
    digits = f"{secrets.randbelow(10**6):06d}"
    row = OneTimeCode(contact=contact, purpose=purpose, salt=secrets.token_hex(16), expires_at=now + LIVES)
    row.digest = _digest(row, digits)
    row.save()
    return row, digits


def prove(contact: str, purpose: str, digits: str, *, address: str) -> None:
    """Use up the code of this contact and purpose. Raises CodeRefused, TooManyTries.

    The try is counted before the code is compared, by a statement that stops at five: no number of guesses at the same
    moment is compared more often. The right code works once.
    """
    if not limits.take(limits.GUESS_BY_ADDRESS, address):
        raise TooManyTries
    live = OneTimeCode.objects.live().filter(contact=contact, purpose=purpose)
    row = live.order_by("-pk").first()
    if row is None or not _count_try(row):
        raise CodeRefused
    if not constant_time_compare(row.digest, _digest(row, digits)):
        raise CodeRefused
    if not OneTimeCode.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now()):
        raise CodeRefused
    limits.give_back(limits.GUESS_BY_ADDRESS, address)
    for limit in (limits.CODE_PAUSE, limits.CODE_BY_CONTACT, limits.PASSWORD_BY_CONTACT):
        limits.forget(limit, contact)
    limits.forget(limits.CODE_BY_CONTACT_AND_ADDRESS, _pair(contact, address))


def sweep() -> int:
    """Delete codes and tallies that ended more than a day ago; returns how many codes."""
    limits.sweep()
    return OneTimeCode.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]


def _count_try(row: OneTimeCode) -> bool:
    free = OneTimeCode.objects.live().filter(pk=row.pk, tries__lt=OneTimeCode.MAX_TRIES)
    return free.update(tries=F("tries") + 1) == 1


def _pair(contact: str, address: str) -> str:
    return f"{contact} {address}"


def _digest(row: OneTimeCode, digits: str) -> str:
    # Keyed: whoever reads the table alone cannot try a million codes against it.
    return salted_hmac(
        f"people.codes.{row.salt}", f"{row.contact}:{row.purpose}:{digits}", algorithm="sha256"
    ).hexdigest()
