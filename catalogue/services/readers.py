"""By which contact a shopper is told of goods."""

from typing import Any

from notices.models import NoticePreference
from notices.services.queueing import Recipient


def one_contact(person: Any) -> Recipient:
    """The person's e-mail, or the phone where there is none or SMS alone are wanted: news of goods are not sent twice.

    At most one query.
    """
    email, phone = person.email or "", person.phone or ""
    if email and phone:
        said = NoticePreference.objects.filter(person=person).first() or NoticePreference()
        email, phone = (email, "") if said.wants_email else ("", phone)
    return Recipient(email=email, phone=phone, language=person.preferred_language, person=person)
