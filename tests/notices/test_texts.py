"""Texts that staff write: looked at before they are saved, and never a reason for a notice to be lost."""

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from notices.domain.texts import fill
from notices.errors import TextChanged, TextRefused
from notices.kinds import KINDS
from notices.models import Notice, NoticeText
from notices.services.queueing import Recipient, notify
from notices.services.sending import send_waiting
from notices.services.texts import (
    Place,
    preview,
    preview_shipped,
    problems_of,
    reset_text,
    save_text,
    send_trial,
    shipped_source,
)
from tests.factories.people import PersonFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

EMAIL = Place("order_paid", "email", "en")
SMS = Place("order_paid", "sms", "en")
GOOD = {"subject": "Thank you for {number}", "text": "We have {currency} {total}. {link}"}


def save(place=EMAIL, *, seen=0, actor=None, **words):
    return save_text(place, actor=actor or PersonFactory(), seen=seen, **{**GOOD, **words})


def tell(language="en", **context):
    values = {"number": "1", "currency": "INR", "total": "310.00", "link": "https://shop.example/o/1"}
    to = Recipient(email="dema@example.org", phone="", language=language)
    notify(f"order:{language}", "order_paid", to=to, context={**values, **context})
    send_waiting()


def test_a_saved_text_is_sent_in_its_language_and_the_shipped_one_in_others(mailoutbox):
    save()

    tell("en")
    tell("hi")

    ours, shipped = mailoutbox
    assert (ours.subject, ours.body) == ("Thank you for 1", "We have ₹310.00. https://shop.example/o/1\n")
    assert shipped.subject != ours.subject


def test_back_to_the_shipped_text_keeps_the_versions(mailoutbox):
    writer = PersonFactory()
    save(actor=writer)
    save(actor=writer, seen=1, subject="Paid: {number}")
    reset_text(EMAIL, actor=writer, seen=2)

    tell()

    assert mailoutbox[0].subject == "Order 1: paid, thank you"
    versions = NoticeText.objects.order_by("version").values_list("version", "subject", "is_shipped")
    assert list(versions) == [
        (1, "Thank you for {number}", False),
        (2, "Paid: {number}", False),
        (3, "", True),
    ]


def test_a_text_saved_twice_is_one_version_and_one_written_from_an_old_page_is_refused():
    first, again = save(), save()

    with pytest.raises(TextChanged):
        save(seen=0, subject="Mine: {number}")

    assert first == again
    assert NoticeText.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_writers_at_once_one_is_heard_and_the_others_told():
    writer = PersonFactory()
    subjects = iter([f"{word} {{number}}" for word in ("a", "b", "c", "d")])

    outcomes = race(lambda: save(actor=writer, subject=next(subjects)), contenders=4)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["TextChanged"] * 3
    assert NoticeText.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "words", "says"),
    [
        (EMAIL, {"subject": "  "}, "Write a subject."),
        (EMAIL, {"text": " \n"}, "Write the text."),
        (EMAIL, {"text": "{{ number }}"}, "Braces stand only around"),
        (EMAIL, {"text": "{number.__class__}"}, "Braces stand only around"),
        (EMAIL, {"text": "{Number}"}, "Braces stand only around"),
        (EMAIL, {"text": "{% load i18n %}"}, "Braces stand only around"),
        (EMAIL, {"text": "{number!r:>99}"}, "Braces stand only around"),
        (EMAIL, {"text": "{"}, "Braces stand only around"),
        (EMAIL, {"text": "{secret_key}"}, "Not known here: {secret_key}. You may use {number}"),
        (EMAIL, {"subject": "{vendor}"}, "Not known here: {vendor}."),
        (EMAIL, {"subject": "x" * 101}, "The text is too long."),
        (EMAIL, {"text": "x" * 4001}, "The text is too long."),
        (SMS, {"text": "x" * 1000}, "The SMS has 7 parts; 6 are the most."),
        (Place("daily_digest", "email", "en"), {"text": "{count} new"}, "must contain {items}"),
        (Place("one_time_code", "sms", "en"), {"text": "Hello"}, "must contain {code}"),
    ],
)
def test_a_text_that_could_fail_is_refused_with_words_that_say_what_to_do(place, words, says):
    with pytest.raises(TextRefused, match=r".") as refused:
        save(place, **words)

    assert says in str(refused.value)
    assert not NoticeText.objects.exists()


def test_values_are_put_in_once_and_never_looked_at_again():
    assert fill("{a} {b}", {"a": "{b}", "b": "{a}{{x}}"}) == "{b} {a}{{x}}"


def test_a_text_that_became_broken_is_left_for_the_shipped_one_and_told_to_its_writers_once(mailoutbox):
    editor = PersonFactory(is_staff=True, is_superuser=True)
    # Written when the kind still had this value.
    NoticeText.objects.create(
        kind="order_paid",
        channel="email",
        language="en",
        version=1,
        subject="{gone}",
        text="x",
        created_by=editor,
    )

    tell()
    Notice.objects.filter(kind="order_paid").update(state="waiting", sent_at=None, send_after=timezone.now())
    send_waiting()

    assert mailoutbox[0].subject == "Order 1: paid, thank you"
    alert = Notice.objects.get(kind="staff_alert")
    assert (alert.address, alert.context["subject"]) == (
        editor.email,
        "the text order_paid.email.en 1 cannot be used",
    )
    assert not Notice.objects.filter(kind="order_paid").exclude(state="sent").exists()


def test_versions_cannot_be_edited_or_deleted():
    save()

    for change in (lambda rows: rows.update(text="x"), lambda rows: rows.delete()):
        with pytest.raises((InternalError, IntegrityError), match="append only"), transaction.atomic():
            change(NoticeText.objects.all())


def test_a_preview_shows_sample_values_and_counts_an_sms():
    shown = preview(SMS, subject="", text="Paid: {currency} {total}, thank you. {number}")

    assert shown.words.text == "Paid: INR 310.00, thank you. 7K3M-2291-9X"
    assert (shown.length.encoding, shown.length.signs, shown.length.parts) == ("GSM-7", 41, 1)


def test_a_trial_goes_to_the_writer_alone_and_once(mailoutbox, sms_outbox):
    writer = PersonFactory(email="writer@example.org", phone="+97517123456")

    for _time in range(2):
        send_trial(EMAIL, **GOOD, to=writer, key="one")
    send_trial(SMS, **GOOD, to=writer, key="two")
    send_waiting()

    assert [(message.to, message.subject) for message in mailoutbox] == [
        (["writer@example.org"], "Trial: Thank you for 7K3M-2291-9X")
    ]
    assert sms_outbox[0].text.startswith("We have INR 310.00. https://")
    assert not NoticeText.objects.exists()


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_shipped_text_can_be_the_beginning_of_ones_own(kind, channel):
    place = Place(kind, channel, "en")
    source = shipped_source(place)

    assert problems_of(place, subject=source.subject, text=source.text) == []
    ours = preview(place, subject=source.subject, text=source.text).words
    assert ours == preview_shipped(place).words
