"""A message to 100,000 members of groups: counting and fixing the readers, queueing them, and its page."""

from datetime import UTC, datetime

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from benchmarks.counting import Counted, counted
from benchmarks.cpu import REPEATS, get, mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import BATCH, analyse, make_vendors
from notices.models import Notice
from people.models import User
from programme.models import Broadcast, BroadcastRecipient
from programme.services import broadcasting, broadcasts
from tests.factories.broadcasts import BroadcastFactory
from tests.factories.people import PersonFactory
from vendors.models import Membership

GROUPS, READERS, QUEUED = 5_000, 100_000, 2_000


def measure(_ground: Ground) -> Result:
    """Seconds and statements of each step; AssertionError when a reader is missing or has two messages."""
    _make_members()
    author, second = PersonFactory(moderator=True), PersonFactory(moderator=True)
    broadcast = BroadcastFactory(author=author)
    rows = [("groups", f"{GROUPS:,}"), ("readers", f"{READERS:,}")]
    with counted() as handed:
        broadcasts.send(broadcast, actor=author, seen=1)
    rows.append(("handed to a second person", _words(handed)))
    with counted() as begun:
        broadcasts.approve(broadcast, actor=second, seen=1)
    rows.append(("readers fixed", _words(begun)))
    analyse()
    with counted() as queued:
        for _ in range(QUEUED // broadcasting.CHUNK):
            broadcasting._queue_chunk(broadcast.pk)
    rows.append((f"{QUEUED:,} readers queued", _words(queued)))
    client = Client()
    client.force_login(author)
    page = reverse("admin:programme_broadcast_change", args=[broadcast.pk])
    own, postgres = mean_cpu(lambda: get(client, page))
    rows.append(
        ("its page meanwhile", f"{own + postgres:.0f} ms: Django {own:.0f}, PostgreSQL {postgres:.0f}")
    )
    _prove(broadcast)
    return Result(
        f"A message to {READERS:,} members of groups",
        rows,
        [f"CPU of the server for one page is the mean of {REPEATS} after three that warm up."],
    )


def _make_members() -> None:
    vendors = make_vendors(GROUPS)
    password, since = make_password(None), datetime(2026, 1, 1, tzinfo=UTC)
    people = User.objects.bulk_create(
        (
            User(name=f"Member {place}", phone=f"+97517{place:06d}", password=password, date_joined=since)
            for place in range(READERS)
        ),
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        (
            Membership(vendor=vendors[place % GROUPS], user=person, role=Membership.Role.CHAIR)
            for place, person in enumerate(people)
        ),
        batch_size=BATCH,
    )
    analyse()


def _prove(broadcast: Broadcast) -> None:
    readers = BroadcastRecipient.objects.filter(broadcast=broadcast)
    notices = Notice.objects.filter(kind="broadcast")
    found = readers.count(), readers.filter(state="queued").count(), notices.count()
    if found != (READERS, QUEUED, QUEUED):
        raise AssertionError(f"readers, queued, notices are {found}")


def _words(count: Counted) -> str:
    return f"{count.seconds:.2f} s, {count.statements:,} statements"
