"""Readers of a message between the press of the button and their turn, and the second person who is told."""

import pytest
from django.db import OperationalError

from notices.models import Notice
from people.models import User
from programme.models import Broadcast, BroadcastRecipient
from programme.selectors.deliveries import delivery, failures
from programme.services import broadcasting, broadcasts
from programme.services.broadcasts import Draft
from regions.models import RegionRole
from tests.factories.broadcasts import WORDS, BroadcastFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.race import pausing, race
from vendors.models import Membership, Partner

pytestmark = pytest.mark.django_db


def member(vendor, **person):
    return MembershipFactory(vendor=vendor, role="chair", user=PersonFactory(**person)).user


def begun(broadcast):
    broadcasts.send(broadcast, actor=broadcast.author, seen=broadcast.version)
    return broadcast


def run(broadcast):
    broadcasting.run(broadcast.pk)
    broadcast.refresh_from_db()
    return set(Notice.objects.filter(kind="broadcast").values_list("person__name", flat=True))


def waiting(**persons):
    return set(
        Notice.objects.filter(kind="broadcast_waits", **persons).values_list("person__name", flat=True)
    )


def leaves(person, _group):
    Membership.objects.filter(user=person).delete()


def is_closed_out(person, _group):
    User.objects.filter(pk=person.pk).update(is_active=False)


def is_suspended(_person, group):
    Partner.objects.filter(pk=group.pk).update(state=Partner.State.SUSPENDED)


def moves_away(_person, group):
    Partner.objects.filter(pk=group.pk).update(home_region=RegionFactory())


@pytest.mark.parametrize("happens", [leaves, is_closed_out, is_suspended, moves_away])
def test_whoever_is_no_reader_any_more_when_the_turn_comes_gets_nothing(happens):
    place = RegionFactory()
    groups = [VendorFactory(home_region=place) for _ in range(2)]
    members = [member(group, name=name) for group, name in zip(groups, ("Stays", "Goes"), strict=True)]
    broadcast = begun(BroadcastFactory(region=place.parent))

    happens(members[1], groups[1])

    assert run(broadcast) == {"Stays"}
    told = delivery(broadcast)
    assert (broadcast.state, told.reached, told.left_out, told.waiting) == ("sent", 1, 1, 0)


@pytest.mark.isolation
def test_an_author_who_does_not_decide_there_any_more_reaches_nobody_who_still_waits(monkeypatch):
    monkeypatch.setattr(broadcasting, "CHUNK", 1)
    place = RegionFactory()
    author = PersonFactory(officer=True, place=False)
    role = RegionRole.objects.create(person=author, region=place, may_decide=True)
    group = VendorFactory(home_region=place)
    for name in ("First", "Second"):
        member(group, name=name)
    broadcast = begun(BroadcastFactory(author=author, region=place))
    broadcasting._queue_chunk(broadcast.pk)

    role.may_decide = False
    role.save()

    assert run(broadcast) == {"First"}
    assert delivery(broadcast).left_out == 1


def test_one_reader_who_cannot_be_queued_does_not_hold_up_the_others(monkeypatch):
    group = VendorFactory(name="Khoma weavers")
    for name in ("First", "Poison", "Last"):
        member(group, name=name)
    told = broadcasting.notify

    def fails_for_one(*args, to, **values):
        notices = told(*args, to=to, **values)
        if to.person.name == "Poison":
            raise ValueError("no such address")
        return notices

    monkeypatch.setattr(broadcasting, "notify", fails_for_one)
    broadcast = begun(BroadcastFactory())

    assert run(broadcast) == {"First", "Last"}
    told_of = delivery(broadcast)
    assert (broadcast.state, told_of.reached, told_of.broken, told_of.failed) == ("sent", 2, 1, 1)
    # What was wrong is mended, and the button pressed twice.
    monkeypatch.setattr(broadcasting, "notify", told)
    pressed = [broadcasting.resend_failed(broadcast, actor=broadcast.author, reason="mended") for _ in "ab"]
    assert pressed == [1, 0]
    assert run(broadcast) == {"First", "Last", "Poison"}
    assert Notice.objects.filter(kind="broadcast").count() == 3


def test_a_database_that_does_not_answer_leaves_the_whole_chunk_for_later(monkeypatch):
    group = VendorFactory()
    for _ in range(2):
        member(group)
    broadcast = begun(BroadcastFactory())
    told = broadcasting.notify

    def gone(*_args, **_values):
        raise OperationalError("lock timeout")

    monkeypatch.setattr(broadcasting, "notify", gone)
    assert broadcasting.run_all() == 1
    assert set(BroadcastRecipient.objects.values_list("state", flat=True)) == {"waiting"}

    monkeypatch.setattr(broadcasting, "notify", told)
    assert len(run(broadcast)) == 2


def test_a_reader_without_a_name_is_not_called_by_the_number_that_failed():
    member(VendorFactory(name="Khoma weavers"), name="", phone="+97517000001", email=None)
    broadcast = begun(BroadcastFactory())
    broadcasting.run(broadcast.pk)
    Notice.objects.update(state="failed")

    assert [(each.name, each.vendor) for each in failures(broadcast)] == [("", "Khoma weavers")]


@pytest.mark.isolation
def test_those_who_may_approve_a_message_are_told_that_it_waits(settings):
    settings.BROADCAST_ALONE_AT_MOST = 0
    place = RegionFactory()
    author = PersonFactory(officer=True, place=False, name="Author")
    RegionRole.objects.create(person=author, region=place, may_decide=True)
    for name, region, decides in (
        ("Above", place.parent, True),
        ("Reads", place, False),
        ("Elsewhere", RegionFactory(), True),
    ):
        RegionRole.objects.create(
            person=PersonFactory(officer=True, place=False, name=name), region=region, may_decide=decides
        )
    PersonFactory(moderator=True, name="Centre")
    PersonFactory(finance=True, name="Money")
    member(VendorFactory(home_region=place))
    broadcast = BroadcastFactory(author=author, region=place)

    begun(broadcast)
    begun(broadcast)

    assert waiting() == {"Above", "Centre"}
    notice = Notice.objects.get(kind="broadcast_waits", person__name="Centre")
    assert (notice.context["by"], notice.context["subject"]) == ("Author", WORDS["subject"])
    assert notice.context["link"].endswith(f"/programme/broadcast/{broadcast.pk}/change/")
    # Changed and handed over anew it is told anew, and none of it counts as a delivery.
    broadcasts.take_back(broadcast, actor=author)
    draft = Draft(texts={"en": {**WORDS, "subject": "Another"}}, region=place)
    broadcast = broadcasts.change(broadcast, draft, actor=author, seen=1)
    begun(broadcast)
    assert Notice.objects.filter(kind="broadcast_waits").count() == 4
    assert sum(channel.queued for channel in delivery(broadcast).channels) == 0


@pytest.mark.parametrize(("guarded", "alone"), [(True, 1), (False, 2)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_messages_of_one_author_at_once_reach_no_more_than_one_alone_may(
    settings, monkeypatch, guarded, alone
):
    settings.BROADCAST_ALONE_AT_MOST = 1
    member(VendorFactory())
    author = PersonFactory(moderator=True)
    messages = [BroadcastFactory(author=author) for _ in range(2)]
    if not guarded:
        monkeypatch.setattr(broadcasts, "_hold_author", lambda _broadcast: None)
    sent = iter(messages)
    monkeypatch.setattr(broadcasts, "_sent_alone", pausing(broadcasts._sent_alone))

    race(lambda: begun(next(sent)), contenders=2)

    assert Broadcast.objects.filter(state="sending").count() == alone
