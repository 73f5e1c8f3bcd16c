"""The delivery log and the texts in Django admin: who sees what, and what the buttons do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notices import kinds
from notices.kinds import Kind, Urgency
from notices.models import Notice, NoticeText
from notices.services.queueing import Recipient, notify
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
LOG = reverse("admin:communication_notice_changelist")
TEXTS = reverse("admin:communication_noticetext_changelist")
WRITE = reverse("admin:communication_noticetext_write", args=["order_paid", "sms", "en"])


@pytest.fixture
def moderator(client):
    person = PersonFactory(moderator=True, email="moderator@example.org", phone="+97517999999")
    client.force_login(person)
    return person


def tell(number="7K3M-1", kind="order_paid", *, person=None, **fields):
    to = Recipient(email="dema@example.org", phone="", language="en", person=person)
    (notice,) = notify(f"order:{number}", kind, to=to, context={"number": number, "total": "3.00"})
    Notice.objects.filter(pk=notice.pk).update(**fields)
    return notice


def page_of(notice):
    return reverse("admin:communication_notice_change", args=[notice.pk])


def test_the_log_shows_orders_but_no_contact_and_the_page_of_one_notice_shows_it(client, moderator):
    notice = tell(person=PersonFactory(name="", email="dema@example.org"))

    log, page = client.get(LOG).content.decode(), client.get(page_of(notice)).content.decode()

    assert "7K3M-1" in log
    assert "dema@example.org" not in log
    assert "dema@example.org" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=7K3M-1", 1),
        ("?q=dema@example.org", 2),
        ("?q=dema", 0),
        ("?queue=failed", 1),
        ("?state__exact=waiting", 1),
        ("?kind=order_paid", 2),
        ("?kind=new_sale", 0),
        ("?age=hour", 2),
        ("?age=old", 0),
    ],
)
def test_the_log_is_searched_by_order_contact_state_kind_and_age(client, moderator, query, found):
    tell("7K3M-1")
    tell("9X9X-2", state="failed")

    assert client.get(LOG + query).context["cl"].result_count == found


def test_the_log_asks_the_database_as_often_for_twenty_rows_as_for_one(client, moderator):
    tell("first")
    client.get(LOG)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LOG)
    for number in range(19):
        tell(f"number-{number}", person=PersonFactory())

    with CaptureQueriesContext(connection) as many:
        client.get(LOG)

    assert len(many) == len(few)


def test_the_button_sends_again_with_a_reason_and_pressed_twice_once(client, moderator):
    notice = tell(state="failed")
    url = reverse("admin:communication_notice_resend", args=[notice.pk])

    without = client.post(url, {"reason": " "})
    twice = [client.post(url, {"reason": "Mailbox was full."}) for _time in range(2)]

    copy = Notice.objects.get(resend_of=notice)
    assert (copy.requested_by, copy.reason) == (moderator, "Mailbox was full.")
    assert without.url == page_of(notice)
    assert {answer.url for answer in twice} == {page_of(copy)}
    assert (
        client.post(reverse("admin:communication_notice_resend", args=[0]), {"reason": "x"}).status_code
        == 404
    )


@pytest.mark.parametrize("role", ["officer", "finance"])
def test_other_staff_neither_read_the_log_nor_send_again_nor_write(client, role):
    client.force_login(PersonFactory(**{role: True}))
    notice = tell(state="failed")

    answers = [
        client.get(LOG),
        client.get(page_of(notice)),
        client.get(TEXTS),
        client.get(WRITE),
        client.post(WRITE, {"text": "x", "seen": 0, "save": 1}),
        client.post(reverse("admin:communication_notice_resend", args=[notice.pk]), {"reason": "x"}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert (Notice.objects.count(), NoticeText.objects.count()) == (1, 0)


def test_a_secret_is_shown_nowhere_and_has_no_button(client, moderator, monkeypatch):
    kind = Kind("staff_alert", "Code", "member", Urgency.NOW, ("subject", "detail"), is_secret=True)
    monkeypatch.setitem(kinds.KINDS, "staff_alert", kind)
    to = Recipient(email="", phone="+97517123456", language="en")
    (notice,) = notify("code:1", "staff_alert", to=to, context={"subject": "482913", "number": "482913"})

    shown = client.get(LOG).content.decode() + client.get(page_of(notice)).content.decode()

    assert "482913" not in shown
    assert "resend-reason" not in shown


def test_every_text_is_listed_with_the_version_that_counts(client, moderator):
    with CaptureQueriesContext(connection) as before:
        client.get(TEXTS)
    post(client, save=1)

    with CaptureQueriesContext(connection) as after:
        page = client.get(TEXTS).content.decode()

    assert page.count("(1)</strong>") == 1
    assert WRITE in page
    assert len(after) == len(before)


def post(client, text="Paid: {number}. {link}", seen=0, **button):
    data = {"text": text, "seen": seen, "trial": "12345678-1234-5678-1234-567812345678", **button}
    return client.post(WRITE, data)


def test_a_text_begins_as_shipped_is_looked_at_tried_and_saved(client, moderator):
    first = client.get(WRITE).content.decode()
    looked = post(client, preview=1).content.decode()
    tried = [post(client, **{"try": 1}) for _time in range(2)]
    saved = [post(client, save=1) for _time in range(2)]

    assert "Order {number}: {currency} {total} received" in first
    assert "Paid: 7K3M-2291-9X. https://" in looked
    assert "1 SMS (" in looked
    assert {answer.status_code for answer in tried} == {200}
    trial = Notice.objects.get(kind="text_trial")
    assert (trial.address, trial.context["text"].startswith("Paid: 7K3M")) == ("+97517999999", True)
    assert {answer.status_code for answer in saved} == {302}
    row = NoticeText.objects.get()
    assert (row.text, row.version, row.created_by) == ("Paid: {number}. {link}", 1, moderator)


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(client, moderator):
    page = post(client, text="Paid: {numbr}", save=1).content.decode()

    assert "Not known here: {numbr}." in page
    assert ">\nPaid: {numbr}</textarea>" in page
    assert not NoticeText.objects.exists()


def test_who_writes_on_an_old_page_is_told_and_may_save_then(client, moderator):
    post(client, save=1)

    refused = post(client, text="Mine: {number}", save=1).content.decode()
    saved = post(client, text="Mine: {number}", seen=1, save=1)

    assert "Somebody else has changed this text meanwhile." in refused
    assert 'name="seen" value="1"' in refused
    assert saved.status_code == 302
    assert NoticeText.objects.count() == 2


def test_back_to_the_shipped_text(client, moderator):
    post(client, save=1)

    post(client, seen=1, reset=1)

    assert "Order {number}: {currency} {total} received" in client.get(WRITE).content.decode()


@pytest.mark.parametrize("address", ["nothing/sms/en", "order_paid/fax/en", "order_paid/sms/xx"])
def test_texts_that_do_not_exist_are_not_found(client, moderator, address):
    assert client.get(f"{TEXTS}{address}/").status_code == 404
