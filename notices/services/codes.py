"""Sending one-time codes: the code goes into a secret notice and nowhere else."""

from django.db import transaction

from notices.services.queueing import Recipient, notify
from people.services import codes


@transaction.atomic
def send_code(contact: str, purpose: str, *, address: str, language: str) -> None:
    """Send a code to a contact, whether anybody has an account with it or not: the same work and the same answer.

    contact: in normal form. Raises people.errors.TooManyTries.
    """
    row, digits = codes.issue(contact, purpose, address=address)
    email, phone = (contact, "") if "@" in contact else ("", contact)
    # Without the person: it goes to the contact that it proves, however they wish to hear of other things.
    to = Recipient(email=email, phone=phone, language=language)
    notify(f"code:{row.pk}", "one_time_code", to=to, context={"code": digits}, expires_at=row.expires_at)
