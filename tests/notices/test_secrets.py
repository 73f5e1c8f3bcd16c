"""Secrets: sent once, in time, then forgotten; never sent again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices import kinds
from notices.errors import CannotResend
from notices.kinds import Kind, Urgency
from notices.models import Notice
from notices.services.queueing import Recipient, notify
from notices.services.resending import resend
from notices.services.sending import forget_secrets, send_notice, send_waiting
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secret_kind(monkeypatch):
    """A secret kind, with the words of staff_alert."""
    kind = Kind("staff_alert", "Code", "member", Urgency.NOW, ("subject", "detail"), is_secret=True)
    monkeypatch.setitem(kinds.KINDS, "staff_alert", kind)


def tell(**fields):
    to = Recipient(email="", phone="+97517123456", language="en")
    (notice,) = notify("code:1", "staff_alert", to=to, context={"subject": "482913", "detail": ""}, **fields)
    return notice


def later(monkeypatch, minutes):
    moment = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_a_code_is_sent_and_then_forgotten(sms_outbox):
    notice = tell()

    sent = send_notice(notice.pk)

    notice.refresh_from_db()
    assert sent is True
    assert "482913" in sms_outbox[0].text
    assert (notice.state, notice.context) == ("sent", {})


def test_a_code_past_its_use_is_not_sent_any_more(sms_outbox, monkeypatch):
    notice = tell(expires_at=timezone.now() + timedelta(minutes=10))

    later(monkeypatch, 11)
    sent = send_waiting()

    notice.refresh_from_db()
    assert (sent, sms_outbox) == (0, [])
    assert (notice.state, notice.last_error, notice.context) == ("failed", "expired", {})


def test_a_code_that_no_worker_ever_took_is_forgotten_by_the_sweeper(monkeypatch):
    notice = tell()

    too_early = forget_secrets()
    later(monkeypatch, 16)
    forgotten = [forget_secrets(), forget_secrets()]

    notice.refresh_from_db()
    assert (too_early, forgotten) == (0, [1, 0])
    assert (notice.state, notice.context) == ("failed", {})


def test_a_code_is_never_sent_again():
    notice = tell()
    send_notice(notice.pk)

    with pytest.raises(CannotResend):
        resend(notice.pk, PersonFactory(), "Did not come.")

    assert Notice.objects.count() == 1
