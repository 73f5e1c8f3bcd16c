"""Messages to groups: whom they reach, who may send them, and that each reader gets one."""

from datetime import UTC, datetime, time, timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from notices.models import Notice, NoticePreference
from programme.errors import BroadcastChanged, NeedsAnother, NobodyToReach, NotYours
from programme.models import Broadcast, BroadcastRecipient
from programme.selectors.audiences import count_audience
from programme.selectors.deliveries import delivery
from programme.services import broadcasting, broadcasts
from programme.services.broadcasts import Draft
from regions.models import RegionRole
from tests.factories.broadcasts import WORDS, BroadcastFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import CertificateFactory, MembershipFactory, VendorFactory
from tests.support.race import pause, race
from vendors.models import Certificate, Partner

pytestmark = pytest.mark.django_db


def member(vendor, role="chair", **person):
    return MembershipFactory(vendor=vendor, role=role, user=PersonFactory(**person)).user


def readers(broadcast):
    """People who would get it, by name of the e-mail."""
    broadcasts.send(broadcast, actor=broadcast.author, seen=broadcast.version)
    return set(broadcast.recipients.exclude(person=None).values_list("person", flat=True))


def sent(broadcast):
    broadcasts.send(broadcast, actor=broadcast.author, seen=broadcast.version)
    broadcasting.run(broadcast.pk)
    broadcast.refresh_from_db()
    return broadcast


def notices():
    return list(Notice.objects.filter(kind__startswith="broadcast").order_by("pk"))


def test_place_kind_state_and_role_say_who_reads_it():
    place = RegionFactory()
    inside = VendorFactory(home_region=RegionFactory(parent=place.parent), kind="cooperative")
    chair, book, packer = (member(inside, role) for role in ("chair", "bookkeeper", "packer"))
    for other in (
        VendorFactory(kind="cooperative"),
        VendorFactory(home_region=place, kind="artisan"),
        VendorFactory(home_region=place, kind="cooperative", suspended=True),
    ):
        member(other)
    member(inside, is_active=False)
    asked = {"region": place.parent, "kind": "cooperative"}

    assert readers(BroadcastFactory(**asked)) == {chair.pk, book.pk, packer.pk}
    assert readers(BroadcastFactory(**asked, readers="managers")) == {chair.pk, book.pk}
    assert readers(BroadcastFactory(**asked, readers="chairs")) == {chair.pk}


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        ("none", "organic", {"nothing", "refused", "licence"}),
        ("valid", "organic", {"valid", "soon", "followed"}),
        ("running_out", "organic", {"soon"}),
        ("ended", "organic", {"ended"}),
        ("valid", "", {"valid", "soon", "followed", "licence"}),
    ],
)
def test_certificates_say_who_reads_it(state, kind, expected):
    today = timezone.now().date()

    def held(name, *days, **values):
        group = VendorFactory(name=name)
        member(group)
        for left in days:
            since = today - timedelta(days=400)
            until = today + timedelta(days=left)
            CertificateFactory(vendor=group, valid_from=since, valid_until=until, **values)

    held("nothing")
    held("refused", 300, state=Certificate.State.REFUSED, verified_at=None, verified_by=None)
    held("licence", 300, food=True)
    held("valid", 300)
    held("soon", 20)
    held("followed", 20, 300)
    held("ended", -2)
    broadcast = BroadcastFactory(certificate_state=state, certificate_kind=kind, certificate_days=30)

    readers(broadcast)

    assert set(broadcast.recipients.values_list("vendor__name", flat=True)) == expected


def test_a_certificate_counts_by_the_day_of_its_groups_country(monkeypatch):
    group = VendorFactory()
    member(group)
    last = CertificateFactory(vendor=group).valid_until
    broadcast = BroadcastFactory(certificate_state="ended")
    # 18:00 UTC is midnight in Thimphu.
    midnight = datetime(last.year, last.month, last.day, 18, tzinfo=UTC)

    def people_at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return count_audience(broadcast).people

    assert (people_at(midnight - timedelta(seconds=1)), people_at(midnight)) == (0, 1)


def test_each_reads_it_in_the_own_language_or_else_in_english(mailoutbox):
    group = VendorFactory()
    for language in ("hi", "dz", "en"):
        member(group, preferred_language=language)
    hindi = {"subject": "पारो में मेला", "text": "मेला 12 दिसंबर को है।", "short": "मेला 12 दिसंबर"}

    sent(BroadcastFactory(texts={"en": WORDS, "hi": hindi}))

    found = {notice.person.preferred_language: notice for notice in notices()}
    assert {wish: notice.language for wish, notice in found.items()} == {"hi": "hi", "dz": "en", "en": "en"}
    assert found["hi"].context == hindi
    assert found["dz"].context == WORDS


def test_a_reader_of_several_groups_and_a_number_shared_with_the_group_get_one_message():
    person = PersonFactory(phone_only=True)
    for _ in range(2):
        MembershipFactory(vendor=VendorFactory(phone=person.phone), user=person)

    broadcast = sent(BroadcastFactory(to_contacts=True))

    assert [(notice.address, notice.person) for notice in notices()] == [(person.phone, person)]
    assert (broadcast.state, broadcast.person_count, broadcast.group_count) == ("sent", 3, 2)


def test_quiet_hours_and_wishes_hold_unless_it_is_important(monkeypatch, settings):
    settings.NOTICE_QUIET_HOURS = (time(21), time(7))
    group = VendorFactory()
    person = member(group, phone="+97517000001")
    NoticePreference.objects.create(person=person, wants_email=False)
    night = datetime(2026, 3, 3, 18, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: night)

    usual, important = sent(BroadcastFactory()), sent(BroadcastFactory(is_important=True))

    def plans(broadcast):
        rows = Notice.objects.filter(key__startswith=f"broadcast:{broadcast.pk}:").order_by("channel")
        return [(row.channel, row.state, row.send_after > night) for row in rows]

    assert plans(usual) == [("email", "suppressed", False), ("sms", "waiting", True)]
    assert plans(important) == [("email", "suppressed", False), ("sms", "waiting", False)]


def test_many_readers_need_a_second_person_who_read_the_same_version(settings):
    settings.BROADCAST_ALONE_AT_MOST = 1
    group = VendorFactory()
    member(group)
    broadcast = BroadcastFactory()
    author, other = broadcast.author, PersonFactory(moderator=True)
    assert sent(broadcast).state == "sent"
    second = BroadcastFactory(author=author)

    # Those to whom the author wrote alone today count too.
    assert broadcasts.send(second, actor=author, seen=1) is True
    assert broadcasts.send(second, actor=author, seen=1) is False
    with pytest.raises(NeedsAnother):
        broadcasts.approve(second, actor=author, seen=1)
    broadcasts.take_back(second, actor=author)
    broadcasts.change(second, Draft(texts={"en": {**WORDS, "subject": "Another"}}), actor=author, seen=1)
    broadcasts.send(second, actor=author, seen=2)
    with pytest.raises(BroadcastChanged):
        broadcasts.approve(second, actor=other, seen=1)
    second.refresh_from_db()
    assert second.state == "proposed"
    assert not second.recipients.exists()

    assert broadcasts.approve(second, actor=other, seen=2) is True
    assert broadcasts.approve(second, actor=other, seen=2) is False
    second.refresh_from_db()
    assert (second.state, second.approved_by, second.recipients.count()) == ("sending", other, 1)


def test_a_draft_nobody_would_get_is_not_sent_and_one_that_was_sent_is_not_changed():
    broadcast = BroadcastFactory()
    with pytest.raises(NobodyToReach):
        broadcasts.send(broadcast, actor=broadcast.author, seen=1)
    member(VendorFactory())
    sent(broadcast)

    with pytest.raises(IllegalTransition):
        broadcasts.change(broadcast, Draft(texts={"en": WORDS}), actor=broadcast.author, seen=1)
    with pytest.raises(IllegalTransition):
        broadcasts.stop(broadcast, actor=broadcast.author)


@pytest.mark.isolation
def test_an_officer_writes_to_places_of_the_own_decisions_only():
    reads, decides = RegionFactory(), RegionFactory()
    person = PersonFactory(officer=True, place=reads)
    role = RegionRole.objects.create(person=person, region=decides, may_decide=True)
    inside, outside = (member(VendorFactory(home_region=place)) for place in (decides, reads))
    draft = Draft(texts={"en": WORDS})

    for region in (None, reads, decides.parent):
        with pytest.raises(NotYours):
            broadcasts.write(Draft(**{**draft.values, "region": region}), actor=person, form_key="a")
    important = {"region": decides, "is_important": True}
    with pytest.raises(NotYours):
        broadcasts.write(Draft(**{**draft.values, **important}), actor=person, form_key="a")
    assert not Broadcast.objects.exists()
    broadcast = broadcasts.write(Draft(**{**draft.values, "region": decides}), actor=person, form_key="a")
    assert count_audience(broadcast).people == 1
    assert readers(broadcast) == {inside.pk}
    assert outside.pk not in readers(BroadcastFactory(region=decides))
    # Whoever no longer decides there sends nothing more, and sees nothing of it.
    later = BroadcastFactory(author=person, region=decides)
    role.delete()
    del person._reach
    with pytest.raises(NotYours):
        broadcasts.send(later, actor=person, seen=1)
    assert not Broadcast.objects.visible_to(person).exists()


def test_the_audience_is_fixed_when_sending_begins():
    group = VendorFactory()
    first = member(group)
    broadcast = BroadcastFactory()
    broadcasts.send(broadcast, actor=broadcast.author, seen=1)
    member(group)

    broadcasting.run(broadcast.pk)

    assert [notice.person for notice in notices()] == [first]


def test_a_stop_halts_what_is_not_queued_yet(monkeypatch):
    group = VendorFactory()
    for _ in range(5):
        member(group)
    monkeypatch.setattr(broadcasting, "CHUNK", 2)
    broadcast = BroadcastFactory()
    broadcasts.send(broadcast, actor=broadcast.author, seen=1)
    broadcasting._queue_chunk(broadcast.pk)

    broadcasts.stop(broadcast, actor=broadcast.author, reason="wrong day")
    broadcasting.run(broadcast.pk)

    assert len(notices()) == 2
    assert (delivery(broadcast).waiting, delivery(broadcast).reached) == (3, 2)
    assert [event.to_state for event in broadcast.events.all()] == ["draft", "sending", "stopped"]


def test_counts_equal_plain_sql():
    group = VendorFactory()
    for number in range(4):
        person = member(group, phone=f"+9751700000{number}")
        if number == 3:
            NoticePreference.objects.create(person=person, wants_sms=False)
    member(group, email=None, phone=None)
    counts = count_audience(BroadcastFactory())
    assert (counts.people, counts.by_email, counts.by_sms, counts.unreachable) == (5, 4, 3, 1)
    broadcast = sent(BroadcastFactory())
    for notice, state in zip(Notice.objects.filter(channel="email").order_by("pk"), "sffw", strict=True):
        values = {"s": ("sent", timezone.now()), "f": ("failed", None), "w": ("waiting", None)}[state]
        Notice.objects.filter(pk=notice.pk).update(state=values[0], sent_at=values[1])
    failed = Notice.objects.filter(state="failed").first()
    broadcasting.resend(failed.pk, broadcast.author, "typing mistake")

    told = delivery(broadcast)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, state, count(*) FROM communication_notice"
            f" WHERE key LIKE 'broadcast:{broadcast.pk}:%' GROUP BY 1, 2"
        )
        plain = {(channel, state): count for channel, state, count in cursor.fetchall()}
    email, sms = told.channels
    assert plain == {
        ("email", "sent"): 1,
        ("email", "failed"): 2,
        ("email", "waiting"): 1,
        ("sms", "waiting"): 3,
        ("sms", "suppressed"): 1,
    }
    # Of the two that failed one waits again.
    assert (email.queued, email.sent, email.failed, email.suppressed) == (2, 1, 1, 0)
    assert (sms.queued, sms.sent, sms.failed, sms.suppressed) == (3, 0, 0, 1)
    assert (told.reached, told.unreachable, told.waiting) == (4, 1, 0)


def test_what_failed_is_sent_again_once():
    member(VendorFactory())
    broadcast = sent(BroadcastFactory())
    Notice.objects.update(state="failed")

    counts = [broadcasting.resend_failed(broadcast, actor=broadcast.author, reason="mended") for _ in "ab"]

    assert counts == [1, 0]
    assert Notice.objects.filter(resend_of__isnull=False).count() == 1


class Died(BaseException):
    """As when a worker is killed: nothing catches it."""


def test_a_worker_killed_in_the_middle_leaves_no_reader_out_and_none_twice(monkeypatch):
    group = VendorFactory()
    for _ in range(5):
        member(group)
    monkeypatch.setattr(broadcasting, "CHUNK", 2)
    broadcast = BroadcastFactory()
    broadcasts.send(broadcast, actor=broadcast.author, seen=1)
    told, calls = broadcasting.notify, []

    def dies_at_the_fourth(*args, **values):
        calls.append(args)
        if len(calls) == 4:
            raise Died
        return told(*args, **values)

    monkeypatch.setattr(broadcasting, "notify", dies_at_the_fourth)
    with pytest.raises(Died):
        broadcasting.run(broadcast.pk)
    assert len(notices()) == 2
    assert delivery(broadcast).waiting == 3

    assert broadcasting.run_all() == 1
    broadcasting.run(broadcast.pk)

    assert len({notice.person_id for notice in notices()}) == len(notices()) == 5
    broadcast.refresh_from_db()
    assert broadcast.state == "sent"


def unguarded(broadcast_pk):
    return Broadcast.objects.filter(pk=broadcast_pk, state="sending").first()


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_reach_each_reader_once(monkeypatch, is_guarded):
    group = VendorFactory()
    for _ in range(6):
        member(group)
    broadcast = BroadcastFactory()
    broadcasts.send(broadcast, actor=broadcast.author, seen=1)
    if not is_guarded:
        # Without the lock, and without the one key that the notices keep besides.
        told, numbers = broadcasting.notify, count()
        monkeypatch.setattr(broadcasting, "_take", unguarded)
        monkeypatch.setattr(
            broadcasting,
            "notify",
            lambda key, *args, **values: told(f"{key}:{next(numbers)}", *args, **values),
        )

    @transaction.atomic
    def work():
        broadcasting.run(broadcast.pk)
        # Nobody sees whom this one has told until all have read whom to tell.
        pause()

    race(work, contenders=3)
    broadcasting.run(broadcast.pk)

    if is_guarded:
        assert len(notices()) == 6
        assert set(BroadcastRecipient.objects.values_list("state", flat=True)) == {"queued"}
        assert broadcast.events.filter(to_state="sent").count() == 1
    else:
        assert len(notices()) == 18


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_fix_one_audience():
    member(VendorFactory())
    broadcast = BroadcastFactory()

    outcomes = race(lambda: broadcasts.send(broadcast, actor=broadcast.author, seen=1), contenders=3)

    assert outcomes == [None] * 3
    assert BroadcastRecipient.objects.count() == 1
    assert Partner.objects.count() == 1
