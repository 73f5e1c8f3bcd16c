"""Limits on tries, counted in the database: no restart, second process or full cache forgets them."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from people.models import Tally


@dataclass(frozen=True)
class Limit:
    """At most so many tries from one subject within a span that begins with the first of them."""

    name: str
    tries: int
    span: timedelta


# Phones of one village often share one address of their network, so limits by address are wide.
PASSWORD_BY_CONTACT = Limit("password-contact", 10, timedelta(minutes=15))
PASSWORD_BY_ADDRESS = Limit("password-address", 100, timedelta(minutes=15))
# Whoever asks in somebody else's name from one place uses up that place's share, not all that the owner may ask for.
CODE_BY_CONTACT = Limit("code-contact", 15, timedelta(hours=1))
CODE_BY_CONTACT_AND_ADDRESS = Limit("code-contact-address", 5, timedelta(hours=1))
CODE_PAUSE = Limit("code-pause", 1, timedelta(seconds=30))
CODE_BY_ADDRESS = Limit("code-address", 40, timedelta(hours=1))
GUESS_BY_ADDRESS = Limit("guess-address", 100, timedelta(hours=1))
INVITE_BY_GROUP = Limit("invite-group", 30, timedelta(days=1))
INVITE_BY_CONTACT = Limit("invite-contact", 5, timedelta(days=1))
INVITE_PAUSE = Limit("invite-pause", 1, timedelta(minutes=5))
ORDER_BY_CONTACT = Limit("order-contact", 10, timedelta(minutes=15))
ORDER_BY_ADDRESS = Limit("order-address", 60, timedelta(minutes=15))
# Each may ask the card provider.
RETURN_BY_ADDRESS = Limit("return-address", 60, timedelta(minutes=15))
VOUCHER_BY_ADDRESS = Limit("voucher-address", 30, timedelta(hours=1))
REPORT_BY_VISITOR = Limit("report-visitor", 10, timedelta(hours=1))
REPORT_BY_ADDRESS = Limit("report-address", 40, timedelta(hours=1))

# A message that nobody asked for must not be had by typing an address.
STOCK_BY_CONTACT = Limit("stock-contact", 5, timedelta(days=1))
STOCK_BY_ADDRESS = Limit("stock-address", 40, timedelta(hours=1))


def take(limit: Limit, subject: str) -> bool:
    """Count one try; False when the limit is reached, and then nothing is counted.

    subject: a contact in its normal form or an address; kept as a keyed hash only. An empty one is not limited.
    Test and count are one statement, so that tries at the same moment cannot exceed the limit.
    """
    if not subject:
        return True
    key, now = _key(limit, subject), timezone.now()
    for _attempt in range(2):
        rows = Tally.objects.filter(key=key)
        if rows.filter(ends_at__gt=now, count__lt=limit.tries).update(count=F("count") + 1):
            return True
        if rows.filter(ends_at__lte=now).update(count=1, ends_at=now + limit.span):
            return True
        try:
            with transaction.atomic():
                Tally.objects.create(key=key, count=1, ends_at=now + limit.span)
        except IntegrityError:
            # Somebody else began to count, or the limit is reached: the next round tells.
            continue
        return True
    return False


def is_reached(limit: Limit, subject: str) -> bool:
    """Whether the next try would be refused; counts nothing."""
    rows = Tally.objects.filter(key=_key(limit, subject), ends_at__gt=timezone.now(), count__gte=limit.tries)
    return rows.exists()


def forget(limit: Limit, subject: str) -> None:
    """Begin to count anew: whoever came in has proven that the tries were the own ones."""
    Tally.objects.filter(key=_key(limit, subject)).delete()


def give_back(limit: Limit, subject: str) -> None:
    """Take back one count, for a try that was right."""
    Tally.objects.filter(key=_key(limit, subject), count__gt=0).update(count=F("count") - 1)


def sweep() -> int:
    """Delete tallies that are long over; returns how many."""
    return Tally.objects.filter(ends_at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def _key(limit: Limit, subject: str) -> str:
    return salted_hmac(f"people.limits.{limit.name}", subject, algorithm="sha256").hexdigest()
