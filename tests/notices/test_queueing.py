"""Notices are rows first: in the caller's transaction, once per key and contact."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.lib import queue
from notices.models import Notice
from notices.services.queueing import Recipient, notify
from tests.factories.people import PersonFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

DEMA = Recipient(email="dema@example.org", phone="+97517123456", language="dz")


def tell(key="order:1:paid", to=DEMA, **context):
    return notify(key, "order_paid", to=to, context={"number": "1", **context})


@pytest.fixture
def sent(monkeypatch):
    tasks = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: tasks.append((task, keys["notice_pk"])))
    return tasks


def test_a_notice_is_queued_for_each_contact(sent, django_capture_on_commit_callbacks):
    person = PersonFactory()
    to = Recipient(email="dema@example.org", phone="+97517123456", language="dz", person=person)

    with django_capture_on_commit_callbacks(execute=True):
        new = tell(to=to, total="310.00")

    rows = Notice.objects.order_by("pk")
    assert [(row.kind, row.channel, row.address, row.language, row.person) for row in rows] == [
        ("order_paid", "email", "dema@example.org", "dz", person),
        ("order_paid", "sms", "+97517123456", "dz", person),
    ]
    assert {row.state for row in rows} == {"waiting"}
    assert rows[0].context == {"number": "1", "total": "310.00"}
    assert new == list(rows)
    assert sent == [("notices.send_notice", row.pk) for row in rows]


@pytest.mark.parametrize(
    ("email", "phone", "channels"),
    [("dema@example.org", "", ["email"]), ("", "+97517123456", ["sms"]), ("", "", [])],
)
def test_a_contact_that_was_not_given_is_not_used(email, phone, channels):
    tell(to=Recipient(email=email, phone=phone, language="en"))

    assert list(Notice.objects.values_list("channel", flat=True)) == channels


@pytest.mark.fault(33)
def test_the_same_event_again_is_not_told_again(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first, second = tell(), tell(total="999.00")

    assert (len(first), second) == (2, [])
    assert Notice.objects.count() == len(sent) == 2
    assert "total" not in Notice.objects.first().context


def test_another_event_and_another_address_are_told():
    tell()
    tell(key="order:2:paid")
    tell(to=Recipient(email="karma@example.org", phone="", language="en"))

    assert Notice.objects.count() == 5


def test_an_address_in_capitals_is_the_same_address():
    tell(to=Recipient(email="Dema@Example.org", phone="", language="en"))
    tell(to=Recipient(email="dema@example.org", phone="", language="en"))

    assert Notice.objects.count() == 1


def test_the_key_that_travels_holds_no_contact():
    tell()

    keys = " ".join(Notice.objects.values_list("key", flat=True))
    assert "dema" not in keys
    assert "17123456" not in keys


def test_a_transaction_rolled_back_leaves_no_notice_and_sends_none(sent, django_capture_on_commit_callbacks):
    def tell_and_fail():
        with transaction.atomic():
            tell()
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        tell_and_fail()

    assert (Notice.objects.count(), sent) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_told_by_ten_at_once_it_is_told_once():
    outcomes = race(tell, contenders=10)

    assert outcomes == [None] * 10
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "sent"}, "notice_sent_has_time"),
        ({"sent_at": timezone.now()}, "notice_sent_has_time"),
        ({"address": ""}, "notice_has_address"),
        ({"key": "twin"}, "key"),
    ],
)
def test_the_database_refuses_a_notice_that_cannot_be(changes, constraint):
    tell()
    before = list(Notice.objects.values())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Notice.objects.update(**changes)

    assert list(Notice.objects.values()) == before
