"""Telling those who write the texts that one of them has to look."""

from django.contrib.auth import get_user_model

from notices.services.queueing import Recipient, notify


def alert_editors(key: str, *, subject: str, detail: str) -> None:
    """Queue a notice to every person who may change texts, once per key. subject and detail hold no contacts."""
    people = get_user_model().objects.with_perm(
        "communication.change_noticetext", include_superusers=True, backend="people.backends.ContactBackend"
    )
    for person in people.filter(is_active=True, is_staff=True):
        to = Recipient(email=person.email or "", phone="", language=person.preferred_language, person=person)
        notify(f"alert:{key}", "staff_alert", to=to, context={"subject": subject, "detail": detail})
