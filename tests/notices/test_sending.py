"""Sending: by one worker at a time, again after a failure, never again after success."""

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from notices.models import Notice
from notices.providers.base import SmsUnavailable
from notices.providers.sms_memory import MemorySmsProvider
from notices.services import sending
from notices.services.queueing import Recipient, notify
from notices.services.sending import LEASE, send_notice, send_waiting
from tests.support.race import race

pytestmark = pytest.mark.django_db

CONTEXT = {"number": "7K3M-2291-9X", "currency": "INR", "total": "310.00", "link": "https://shop.example/o/1"}


def queued(*, email="", phone="", language="en", kind="order_paid", **context):
    to = Recipient(email=email, phone=phone, language=language)
    (notice,) = notify(f"{kind}:{email}{phone}", kind, to=to, context={**CONTEXT, **context})
    return notice


def mail(**fields):
    return queued(email="dema@example.org", **fields)


def come_due():
    Notice.objects.filter(state="waiting").update(send_after=timezone.now())


@pytest.fixture
def failing_mail(monkeypatch):
    """Mail that fails as often as its list holds an error."""
    errors = []
    send_messages = EmailBackend.send_messages

    def fail_or_send(self, messages):
        if errors:
            raise errors.pop()
        return send_messages(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fail_or_send)
    return errors


def test_an_email_goes_out_once_with_its_key(mailoutbox):
    notice = mail()

    outcomes = [send_notice(notice.pk), send_notice(notice.pk)]

    notice.refresh_from_db()
    (message,) = mailoutbox
    assert outcomes == [True, False]
    assert (notice.state, notice.tries) == ("sent", 1)
    assert notice.sent_at is not None
    assert message.to == ["dema@example.org"]
    assert message.subject == "Order 7K3M-2291-9X: paid, thank you"
    assert "We have received ₹310.00 for your order 7K3M-2291-9X." in message.body
    assert "https://shop.example/o/1" in message.body
    assert message.extra_headers["X-Notice-Key"] == notice.key
    assert message.extra_headers["Message-ID"].startswith(f"<notice-{notice.pk}@")


def test_an_sms_goes_out_once_with_its_key(sms_outbox):
    notice = queued(phone="+97517123456")

    outcomes = [send_notice(notice.pk), send_notice(notice.pk)]

    (message,) = sms_outbox
    assert outcomes == [True, False]
    assert (message.key, message.to) == (notice.key, "+97517123456")
    assert message.text == (
        "Order 7K3M-2291-9X: INR 310.00 received, thank you. See it: https://shop.example/o/1"
    )


def test_what_waits_is_sent_oldest_first_and_what_is_not_due_waits(mailoutbox):
    second, first, later = (queued(email=f"{name}@example.org") for name in ("second", "first", "later"))
    now = timezone.now()
    Notice.objects.filter(pk=first.pk).update(send_after=now - timedelta(minutes=2))
    Notice.objects.filter(pk=second.pk).update(send_after=now - timedelta(minutes=1))
    Notice.objects.filter(pk=later.pk).update(send_after=now + timedelta(minutes=1))

    sent = send_waiting()

    assert sent == 2
    assert [message.to for message in mailoutbox] == [["first@example.org"], ["second@example.org"]]


@pytest.mark.fault(33)
def test_mail_that_fails_is_put_off_and_sent_later(mailoutbox, failing_mail):
    notice = mail()
    failing_mail.append(SMTPServerDisconnected("dema@example.org was refused"))

    failed, too_early = send_notice(notice.pk), send_notice(notice.pk)
    put_off = Notice.objects.get()
    come_due()
    sent = send_waiting()

    assert (failed, too_early, sent) == (False, False, 1)
    assert (put_off.state, put_off.tries, put_off.last_error) == ("waiting", 1, "SMTPServerDisconnected")
    assert timedelta(seconds=50) < put_off.send_after - timezone.now() <= timedelta(seconds=60)
    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.last_error) == ("sent", 2, "")
    assert len(mailoutbox) == 1


def test_sms_that_fails_is_put_off_and_sent_later(sms_outbox, monkeypatch):
    notice = queued(phone="+97517123456")

    def refuse(self, **_message):
        raise SmsUnavailable("503")

    with monkeypatch.context() as away:
        away.setattr(MemorySmsProvider, "send", refuse)
        failed = send_notice(notice.pk)
    come_due()

    assert (failed, send_waiting()) == (False, 1)
    assert len(sms_outbox) == 1


def test_after_eight_tries_a_notice_has_failed_and_is_left_alone(mailoutbox, failing_mail, settings):
    notice = mail()
    failing_mail.extend(SMTPServerDisconnected() for _ in range(20))

    for _try in range(10):
        come_due()
        send_notice(notice.pk)

    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.sent_at) == ("failed", settings.NOTICE_MAX_TRIES, None)
    assert len(failing_mail) == 12
    assert mailoutbox == []


@pytest.mark.parametrize(("code", "state"), [(550, "failed"), (450, "waiting")])
def test_an_address_refused_for_good_is_not_tried_again(mailoutbox, failing_mail, code, state):
    notice = mail()
    failing_mail.append(SMTPRecipientsRefused({"dema@example.org": (code, b"no such mailbox")}))

    send_notice(notice.pk)

    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.last_error) == (state, 1, "SMTPRecipientsRefused")


def test_a_notice_that_kills_every_worker_is_given_up(monkeypatch, settings):
    notice = mail()

    def die(_notice):
        raise SystemExit

    monkeypatch.setattr(sending, "_deliver", die)
    for _try in range(settings.NOTICE_MAX_TRIES):
        come_due()
        with pytest.raises(SystemExit):
            send_notice(notice.pk)
    come_due()

    assert send_notice(notice.pk) is False
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("failed", sending.ABANDONED)


def test_one_notice_that_fails_does_not_hold_up_the_others(mailoutbox, failing_mail):
    queued(email="first@example.org")
    queued(email="second@example.org")
    failing_mail.append(RuntimeError("nobody thought of this"))

    sent = send_waiting()

    assert sent == 1
    assert [message.to for message in mailoutbox] == [["second@example.org"]]


@pytest.mark.fault(17)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_worker_killed_after_sending_leaves_a_lease_and_the_repeat_has_the_same_key(
    mailoutbox, sms_outbox, monkeypatch, channel
):
    notice = mail() if channel == "email" else queued(phone="+97517123456")
    deliver = sending._deliver

    def deliver_and_die(each):
        deliver(each)
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(sending, "_deliver", deliver_and_die)
        with pytest.raises(SystemExit):
            send_notice(notice.pk)
    leased = Notice.objects.get()
    beside_the_lease = send_waiting()
    come_due()
    repeated = send_waiting()

    assert (leased.state, leased.tries) == ("waiting", 1)
    assert LEASE - timedelta(seconds=30) < leased.send_after - timezone.now() <= LEASE
    assert (beside_the_lease, repeated) == (0, 1)
    assert Notice.objects.get().state == "sent"
    # The provider gets the same name twice and keeps one: the memory of SMS does, mail servers see the Message-ID.
    assert (
        len({message.extra_headers["Message-ID"] for message in mailoutbox} | {sms.key for sms in sms_outbox})
        == 1
    )


def test_a_notice_in_the_buyers_language_is_rendered_in_it_and_the_next_one_in_its_own(mailoutbox):
    for language in ("hi", "dz", "en", "", "xx", "de"):
        queued(email=f"buyer-{language}@example.org", language=language)

    sent = send_waiting()

    assert sent == 6
    assert all("7K3M-2291-9X" in message.subject for message in mailoutbox)
    assert mailoutbox[2].subject == "Order 7K3M-2291-9X: paid, thank you"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\v", "\u2028"])
def test_values_are_written_as_they_are_and_cannot_become_headers_or_markup(mailoutbox, line_break):
    notice = mail(
        kind="vendor_order_shipped",
        vendor=f"Ap & Am <Weavers>{line_break}Bcc: all@example.org",
        carrier="Bus",
        tracking="B-1",
    )

    sent = send_notice(notice.pk)

    (message,) = mailoutbox
    assert sent is True
    assert message.message()["Bcc"] is None
    assert message.recipients() == ["dema@example.org"]
    assert message.subject.startswith("Order 7K3M-2291-9X: Ap & Am <Weavers>")
    assert len(message.subject.splitlines()) == 1


def test_a_kind_without_a_template_fails_without_holding_up_the_others(mailoutbox):
    Notice.objects.filter(pk=queued(email="first@example.org").pk).update(kind="no_such_kind")
    queued(email="second@example.org")

    sent = send_waiting()

    assert sent == 1
    assert Notice.objects.get(kind="no_such_kind").last_error == "TemplateDoesNotExist"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_once(mailoutbox):
    notice = mail()

    outcomes = race(lambda: send_notice(notice.pk), contenders=8)

    assert outcomes == [None] * 8
    assert len(mailoutbox) == 1
    assert Notice.objects.get().tries == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_list_send_each_once(mailoutbox):
    for place in range(10):
        queued(email=f"buyer{place}@example.org")

    outcomes = race(send_waiting, contenders=4)

    assert outcomes == [None] * 4
    assert sorted(message.to[0] for message in mailoutbox) == [
        f"buyer{place}@example.org" for place in range(10)
    ]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lease_each_worker_sends_it(mailoutbox, monkeypatch):
    notice = mail()
    monkeypatch.setattr(
        sending, "_lease", lambda pk: Notice.objects.due(timezone.now()).filter(pk=pk).first()
    )
    monkeypatch.setattr(sending, "_deliver", _deliver_together(contenders=4))

    race(lambda: send_notice(notice.pk), contenders=4)

    assert len(mailoutbox) == 4


def _deliver_together(contenders):
    all_found_it = threading.Barrier(contenders)
    deliver = sending._deliver

    def deliver_when_all_found_it(notice):
        all_found_it.wait(timeout=30)
        deliver(notice)

    return deliver_when_all_found_it
