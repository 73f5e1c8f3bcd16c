"""How a person wants to be reached."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import transaction

from notices.models import NoticePreference


@dataclass(frozen=True)
class Wishes:
    """Language, channels, quiet hours and the daily message, as a person says them. Times: both or neither."""

    language: str
    wants_email: bool
    wants_sms: bool
    quiet_from: time | None
    quiet_until: time | None
    time_zone: str
    wants_digest: bool
    digest_hour: int


@transaction.atomic
def set_wishes(person: Any, wishes: Wishes) -> None:
    """Write down how a person wants to be reached from now on; what is queued already goes as it was queued."""
    NoticePreference.objects.update_or_create(
        person=person,
        defaults={
            "wants_email": wishes.wants_email,
            "wants_sms": wishes.wants_sms,
            "quiet_from": wishes.quiet_from,
            "quiet_until": wishes.quiet_until,
            "time_zone": wishes.time_zone,
            "wants_digest": wishes.wants_digest,
            "digest_hour": wishes.digest_hour,
        },
    )
    if person.preferred_language != wishes.language:
        person.preferred_language = wishes.language
        person.save(update_fields=["preferred_language"])


def wishes_of(person: Any) -> Wishes:
    """What a person has said, or the defaults; one query."""
    said = NoticePreference.objects.filter(person=person).first() or NoticePreference()
    return Wishes(
        person.preferred_language,
        said.wants_email,
        said.wants_sms,
        said.quiet_from,
        said.quiet_until,
        said.time_zone,
        said.wants_digest,
        said.digest_hour,
    )
