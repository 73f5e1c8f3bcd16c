"""Telling the finance officers that a person has to look."""

from notices.services.queueing import Recipient, notify
from people.models import User
from vendors.services.staff_groups import FINANCE_OFFICERS


def alert_finance(key: str, *, subject: str, detail: str) -> None:
    """Queue a notice to every finance officer, once per key. subject and detail hold ids, never contacts or secrets."""
    for officer in User.objects.filter(groups__name=FINANCE_OFFICERS, is_active=True):
        recipient = Recipient(
            email=officer.email or "", phone="", language=officer.preferred_language, person=officer
        )
        notify(f"alert:{key}", "staff_alert", to=recipient, context={"subject": subject, "detail": detail})
