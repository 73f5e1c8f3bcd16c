"""When and how a person is written to: wishes, quiet hours, what cannot wait, what is suppressed."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notices.models import Notice, NoticePreference
from notices.services import queueing
from notices.services.preferences import Wishes, set_wishes, wishes_of
from notices.services.queueing import Recipient, notify
from notices.services.sending import send_waiting
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)  # 22:00 in Thimphu, 21:30 in Kolkata, 01:00 in Tokyo
WISHES = Wishes(
    language="hi",
    wants_email=True,
    wants_sms=True,
    quiet_from=None,
    quiet_until=None,
    time_zone="",
    wants_digest=False,
    digest_hour=18,
)


@pytest.fixture(autouse=True)
def evening(settings, monkeypatch):
    settings.NOTICE_QUIET_HOURS = (time(21), time(7))
    settings.NOTICE_TIME_ZONE = "Asia/Thimphu"
    monkeypatch.setattr(queueing.timezone, "now", lambda: EVENING)


def tell(kind="vendor_order_shipped", *, person=None, email="", phone=""):
    notify("key", kind, to=Recipient(email=email, phone=phone, language="en", person=person), context={})
    return {row.channel: row for row in Notice.objects.all()}


@pytest.mark.parametrize(
    ("phone", "hours"),
    # Until seven in the morning there; in New York, whose zone is not known, Thimphu's clock counts.
    [("+97517123456", 9), ("+919876543210", 9.5), ("+81312345678", 6), ("+12025550100", 9)],
    ids=["Thimphu", "Kolkata", "Tokyo", "elsewhere"],
)
def test_what_can_wait_is_not_sent_in_the_night_of_its_reader(phone, hours, sms_outbox, monkeypatch):
    notice = tell(phone=phone)["sms"]
    morning = EVENING + timedelta(hours=hours)

    monkeypatch.setattr(timezone, "now", lambda: morning - timedelta(seconds=1))
    early = send_waiting()
    monkeypatch.setattr(timezone, "now", lambda: morning)
    in_the_morning = send_waiting()

    assert notice.send_after == morning
    assert (early, in_the_morning, len(sms_outbox)) == (0, 1, 1)


def test_what_cannot_wait_goes_at_night_too():
    assert tell("new_sale", phone="+97517123456")["sms"].send_after == EVENING


def test_a_person_who_lives_in_tokyo_with_a_phone_of_bhutan_is_written_to_by_the_clock_of_tokyo():
    person = PersonFactory(phone="+97517123456")
    NoticePreference.objects.create(person=person, time_zone="Asia/Tokyo")

    notice = tell(person=person, phone=person.phone)["sms"]

    assert notice.send_after == EVENING + timedelta(hours=6)


@pytest.mark.parametrize(
    ("quiet", "wait"),
    [((time(23), time(6)), 0), ((time(20), time(5)), 7), ((time(0), time(0)), 0)],
    ids=["later", "other-hours", "never"],
)
def test_a_persons_own_quiet_hours_go_before_those_of_the_settings(quiet, wait):
    person = PersonFactory(phone="+97517123456")
    NoticePreference.objects.create(person=person, quiet_from=quiet[0], quiet_until=quiet[1])

    notice = tell(person=person, phone=person.phone)["sms"]

    assert notice.send_after == EVENING + timedelta(hours=wait)


def test_a_zone_that_does_not_exist_any_more_loses_no_notice():
    person = PersonFactory(phone="+81312345678")
    NoticePreference.objects.create(person=person, time_zone="Asia/Nowhere")

    assert tell(person=person, phone=person.phone)["sms"].send_after == EVENING + timedelta(hours=9)


def test_a_channel_that_is_not_wanted_gets_a_row_that_says_so_and_is_never_sent(sms_outbox, mailoutbox):
    person = PersonFactory(phone="+97517123456")
    NoticePreference.objects.create(person=person, wants_sms=False)

    rows = tell("new_sale", person=person, email=person.email, phone=person.phone)

    assert {channel: row.state for channel, row in rows.items()} == {"email": "waiting", "sms": "suppressed"}
    assert (send_waiting(), len(mailoutbox), sms_outbox) == (1, 1, [])


def test_the_only_way_to_reach_somebody_is_used_whatever_was_wished():
    person = PersonFactory(phone="+97517123456")
    NoticePreference.objects.create(person=person, wants_sms=False)

    rows = tell("new_sale", person=person, phone=person.phone)

    assert rows["sms"].state == "waiting"


def test_wishes_are_kept_and_said_twice_they_stay_one_row():
    person = PersonFactory(preferred_language="en")
    wishes = Wishes(**{**WISHES.__dict__, "wants_sms": False, "time_zone": "Asia/Tokyo", "digest_hour": 7})

    before = wishes_of(person)
    for _time in range(2):
        set_wishes(person, wishes)

    person.refresh_from_db()
    assert before == Wishes(**{**WISHES.__dict__, "language": "en"})
    assert wishes_of(person) == wishes
    assert person.preferred_language == "hi"
    assert NoticePreference.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"wants_email": False, "wants_sms": False}, "preference_reaches"),
        ({"quiet_from": time(21)}, "preference_quiet_is_whole"),
        ({"digest_hour": 24}, "preference_hour"),
    ],
)
def test_the_database_refuses_wishes_that_cannot_be(changes, constraint):
    NoticePreference.objects.create(person=PersonFactory())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NoticePreference.objects.update(**changes)
