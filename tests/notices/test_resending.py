"""Sent again by hand: a new row that names the old one, who asked and why; the old one stays as it was."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notices.errors import CannotResend, GroundsMissing
from notices.models import Notice
from notices.services import sending
from notices.services.queueing import Recipient, notify
from notices.services.resending import resend
from notices.services.sending import send_notice, send_waiting
from tests.factories.people import PersonFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    to = Recipient(email="dema@example.org", phone="", language="hi", person=PersonFactory())
    (notice,) = notify("order:1", "order_paid", to=to, context={"number": "1", "total": "3.00"})
    Notice.objects.update(state="failed", tries=8, last_error="SMTPServerDisconnected")
    notice.refresh_from_db()
    return notice


def test_a_notice_sent_again_is_a_new_row_that_names_the_old(failed, mailoutbox):
    officer = PersonFactory()
    before = Notice.objects.filter(pk=failed.pk).values().get()

    copy = resend(failed.pk, officer, " The mailbox was full. ")
    sent = send_waiting()

    copy.refresh_from_db()
    assert (copy.resend_of, copy.requested_by, copy.reason) == (failed, officer, "The mailbox was full.")
    assert (copy.kind, copy.address, copy.language, copy.context, copy.person) == (
        failed.kind,
        failed.address,
        failed.language,
        failed.context,
        failed.person,
    )
    assert (sent, copy.state, len(mailoutbox)) == (1, "sent", 1)
    assert Notice.objects.filter(pk=failed.pk).values().get() == before
    assert not Notice.objects.given_up().exists()


def test_asked_twice_it_is_sent_once_and_after_that_once_more(failed):
    first, again = resend(failed.pk, PersonFactory(), "a"), resend(failed.pk, PersonFactory(), "b")
    send_notice(first.pk)
    later = resend(failed.pk, PersonFactory(), "c")

    assert again == first
    assert later != first
    assert Notice.objects.count() == 3


@pytest.mark.parametrize("state", ["waiting", "suppressed"])
def test_what_waits_or_was_not_wanted_is_not_sent_again(failed, state):
    Notice.objects.update(state=state)

    with pytest.raises(CannotResend):
        resend(failed.pk, PersonFactory(), "Please.")

    assert Notice.objects.count() == 1


def test_nothing_is_sent_again_without_a_reason(failed):
    with pytest.raises(GroundsMissing):
        resend(failed.pk, PersonFactory(), "  ")

    assert Notice.objects.count() == 1
    with pytest.raises(IntegrityError, match="notice_resend_has_grounds"), transaction.atomic():
        Notice.objects.create(key="x", kind="k", address="a", send_after=timezone.now(), resend_of=failed)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_copy(failed):
    officer = PersonFactory()

    outcomes = race(lambda: resend(failed.pk, officer, "Please."), contenders=6)

    assert outcomes == [None] * 6
    assert Notice.objects.filter(resend_of=failed).count() == 1


def test_a_provider_that_is_down_for_an_hour_loses_nothing_and_a_bad_address_holds_up_nobody(
    mailoutbox, monkeypatch
):
    start = timezone.now()
    clock = [start]
    monkeypatch.setattr(timezone, "now", lambda: clock[0])
    for name in ("poison", "first", "second"):
        to = Recipient(email=f"{name}@example.org", phone="", language="en")
        notify(f"order:{name}", "order_paid", to=to, context={"number": name})
    deliver = sending._deliver

    def fail_for_an_hour(notice):
        if clock[0] < start + timedelta(hours=1) or "poison" in notice.address:
            raise ConnectionRefusedError
        deliver(notice)

    monkeypatch.setattr(sending, "_deliver", fail_for_an_hour)
    for minute in range(0, 300, 5):
        clock[0] = start + timedelta(minutes=minute)
        send_waiting()
        send_waiting()

    assert sorted(message.to[0] for message in mailoutbox) == ["first@example.org", "second@example.org"]
    poison = Notice.objects.get(address="poison@example.org")
    assert (poison.state, poison.tries, poison.last_error) == ("failed", 8, "ConnectionRefusedError")
    assert list(Notice.objects.given_up()) == [poison]
