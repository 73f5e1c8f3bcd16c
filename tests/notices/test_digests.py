"""The daily message: what was gathered for a person goes out once, together, whoever dies in between."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from notices import kinds
from notices.domain.sms import MOST_PARTS, sms_length
from notices.kinds import Kind, Urgency
from notices.models import Notice, NoticePreference
from notices.services import digests, sending
from notices.services.digests import gather_digests
from notices.services.queueing import Recipient, notify
from notices.services.resending import resend
from notices.services.sending import send_waiting
from tests.factories.people import PersonFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)  # ten in Thimphu
EVENING = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)  # six in Thimphu


@pytest.fixture(autouse=True)
def gathered_kind(monkeypatch):
    """A kind that may be gathered, with the words of listing_approved."""
    old = kinds.KINDS["listing_approved"]
    kind = Kind(old.code, old.name, old.reader, Urgency.DIGEST, old.values)
    monkeypatch.setitem(kinds.KINDS, "listing_approved", kind)


@pytest.fixture
def clock(monkeypatch):
    """Moves the clock; ten in the morning to begin with."""

    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    move(MORNING)
    return move


@pytest.fixture
def reader():
    person = PersonFactory(email="chair@example.org", phone="+97517123456")
    NoticePreference.objects.create(person=person, wants_digest=True)
    return person


def tell(reader, names, *, by="email", language="en"):
    for name in names:
        to = Recipient(
            email=reader.email if by == "email" else "",
            phone=reader.phone if by == "sms" else "",
            language=language,
            person=reader,
        )
        context = {"listing": name, "vendor": "Khoma", "note": "", "link": "https://shop.example/l"}
        notify(f"listing:{name}", "listing_approved", to=to, context=context)


def gather_and_send():
    return gather_digests(), send_waiting()


def states():
    return sorted(Notice.objects.values_list("kind", "state"))


def test_what_was_gathered_goes_out_once_in_the_evening_of_its_reader(reader, clock, mailoutbox):
    tell(reader, ["Rice", "Honey", "Tea"])

    by_day = (send_waiting(), gather_digests())
    clock(EVENING)
    in_the_evening = [(gather_digests(), send_waiting()) for _time in range(2)]

    (message,) = mailoutbox
    assert by_day == (0, 0)
    assert in_the_evening == [(3, 1), (0, 0)]
    assert message.subject == "3 messages of today"
    for name in ("Rice", "Honey", "Tea"):
        assert message.body.count(f"{name} is on sale now") == 1
    digest = Notice.objects.get(kind="daily_digest")
    assert set(digest.items.values_list("state", "sent_at")) == {("sent", EVENING)}


def test_who_does_not_want_it_gets_each_at_once(reader, clock, mailoutbox):
    NoticePreference.objects.update(wants_digest=False)
    tell(reader, ["Rice", "Honey"])

    assert (gather_digests(), send_waiting(), len(mailoutbox)) == (0, 2, 2)


def test_one_alone_goes_out_as_itself(reader, clock, mailoutbox):
    tell(reader, ["Rice"])

    clock(EVENING)
    outcome = (gather_digests(), send_waiting())

    assert outcome == (1, 1)
    assert mailoutbox[0].subject == "Rice is on sale now"
    assert states() == [("listing_approved", "sent")]


def test_many_by_sms_go_out_in_as_many_messages_as_phones_can_show(reader, clock, sms_outbox):
    tell(reader, [f"Rice {number}" for number in range(7)], by="sms")

    clock(EVENING)
    outcome = (gather_digests(), send_waiting())

    assert outcome == (7, 2)
    together = "\n".join(message.text for message in sms_outbox)
    assert [together.count(f"Rice {number} is on sale") for number in range(7)] == [1] * 7


@pytest.mark.parametrize(("language", "messages"), [("en", 2), ("hi", 3)])
def test_a_daily_sms_has_no_more_parts_than_phones_take_in_any_script(
    reader, clock, sms_outbox, language, messages
):
    tell(
        reader,
        [f"Red rice of the high fields of Khoma, 1 kg, bag {number}" for number in range(9)],
        by="sms",
        language=language,
    )

    clock(EVENING)
    outcome = (gather_digests(), send_waiting())

    assert outcome == (9, messages)
    assert max(sms_length(message.text).parts for message in sms_outbox) <= MOST_PARTS
    together = "\n".join(message.text for message in sms_outbox)
    assert [together.count(f", bag {number}") for number in range(9)] == [1] * 9


@pytest.mark.parametrize("dies", ["before commit", "after gathering", "after sending"])
def test_a_worker_that_dies_midway_loses_none_and_doubles_none(reader, clock, mailoutbox, monkeypatch, dies):
    tell(reader, ["Rice", "Honey"])
    clock(EVENING)

    def die(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as killed:
        if dies == "before commit":
            killed.setattr(digests, "enqueue", die)
        elif dies == "after gathering":
            killed.setattr(sending, "_deliver", die)
        else:
            killed.setattr(sending, "_end", die)
        with pytest.raises(SystemExit):
            gather_and_send()
    clock(EVENING + sending.LEASE)
    gather_and_send()

    assert states() == [("daily_digest", "sent"), ("listing_approved", "sent"), ("listing_approved", "sent")]
    # A repeat carries the same name, by which a mail server drops it.
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == 1


def test_with_a_provider_that_fails_the_daily_message_waits_fails_as_a_whole_and_can_be_sent_again(
    reader, clock, mailoutbox, monkeypatch, settings
):
    settings.NOTICE_MAX_TRIES = 2
    tell(reader, ["Rice", "Honey"])
    clock(EVENING)
    gather_digests()

    with monkeypatch.context() as down:
        down.setattr(EmailBackend, "send_messages", lambda *_args: 1 / 0)
        send_waiting()
        clock(EVENING + timedelta(hours=1))
        send_waiting()
    failed = states()
    digest = Notice.objects.get(kind="daily_digest")
    resend(digest.pk, PersonFactory(), "Mail was down.")
    sent = send_waiting()

    assert {state for _kind, state in failed} == {"failed"}
    assert list(Notice.objects.filter(state="failed")) == [digest]
    assert (sent, len(mailoutbox)) == (1, 1)
    assert "Rice" in mailoutbox[0].body
    assert "Honey" in mailoutbox[0].body


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "messages"), [(True, 1), (False, 4)], ids=["guarded", "control"])
def test_four_workers_gather_each_notice_once(reader, clock, monkeypatch, guarded, messages):
    tell(reader, ["Rice", "Honey"])
    clock(EVENING)
    if not guarded:
        rows = list(Notice.objects.order_by("pk"))
        keys = iter(range(4))

        def gather_without_looking(*_reader):
            digest = Notice.objects.create(
                key=f"twin:{next(keys)}",
                kind="daily_digest",
                address="a",
                channel="email",
                send_after=EVENING,
            )
            Notice.objects.filter(pk__in=[row.pk for row in rows]).update(digest=digest)
            return len(rows)

        monkeypatch.setattr(digests, "_gather", gather_without_looking)
        monkeypatch.setattr(digests.Notice.objects.__class__, "due_for_digest", _all_of_them)

    outcomes = race(gather_digests, contenders=4)

    assert outcomes == [None] * 4
    assert Notice.objects.filter(kind="daily_digest").count() == messages


def _all_of_them(self, _now):
    return self.filter(is_gathered=True)
