"""Ready reasons and promised times: what is shipped, which language is offered, and their pages in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse

from programme.models import CannedReason, ServiceLevel
from programme.queue import KINDS
from programme.selectors.queue import service_levels
from programme.selectors.reasons import ready_reasons
from programme.services.canned_reasons import create_canned_reasons
from tests.factories.people import PersonFactory
from tests.factories.reviews import ReviewFactory
from tests.orders.returned import delivered_part

pytestmark = pytest.mark.django_db

DECISIONS = {"ask_for_changes": "Ask for changes", "reject": "Reject"}


@pytest.fixture
def desk(client):
    client.force_login(PersonFactory(moderator=True))
    return client


def ready(group_language, reader="en"):
    return ready_reasons("listing", DECISIONS, reads=group_language, moderator=reader)


def test_shipped_reasons_are_written_once_and_each_is_there_in_english_and_hindi():
    written = create_canned_reasons()

    rows = CannedReason.objects.values_list("kind", "decision", "code", "language")
    english = {row[:3] for row in rows if row[3] == "en"}
    assert written == len(rows) == 2 * len(english)
    assert {row[:3] for row in rows if row[3] == "hi"} == english
    assert {row[0] for row in rows} <= set(KINDS)
    assert create_canned_reasons() == 0


def test_title_is_in_the_readers_language_and_text_in_the_groups():
    create_canned_reasons()

    hindi, dzongkha = ready("hi")[0], ready("dz", reader="hi")[0]

    assert (hindi.title, hindi.language) == ("Photo dark or blurred", "hi")
    assert hindi.text.startswith("फ़ोटो")
    assert (dzongkha.title, dzongkha.language) == ("फ़ोटो धुंधली या अंधेरी", "en")
    assert [each.decision for each in ready("en")] == ["ask_for_changes"] * 6 + ["reject"] * 3


def test_reasons_of_a_kind_that_has_none_yet_follow():
    create_canned_reasons()
    CannedReason.objects.filter(kind="review").delete()
    CannedReason.objects.filter(kind="listing").exclude(code="story-short").delete()

    assert create_canned_reasons() == CannedReason.objects.filter(kind="review").count() == 8


def test_reasons_about_a_review_are_in_the_language_of_its_buyer(desk):
    create_canned_reasons()
    line = delivered_part()[0].lines.get()
    review = ReviewFactory(line=line, waiting=True, language="hi")

    page = desk.get(reverse("admin:programme_claim_item", args=["review", review.pk]))

    assert page.context["reasons"][0].text.startswith("कृपया लोगों के नाम")
    assert "Note for the buyer" in page.content.decode()


def test_what_is_out_of_use_is_not_offered():
    create_canned_reasons()
    CannedReason.objects.filter(decision="reject").update(is_active=False)

    assert {each.decision for each in ready("en")} == {"ask_for_changes"}


def test_office_writes_a_reason_of_its_own_once_in_each_language(desk):
    address = reverse("admin:programme_cannedreason_add")
    form = {
        "about": "listing:reject",
        "code": "too-far",
        "language": "hi",
        "title": "Too far",
        "text": "Too far away.",
        "position": "5",
        "is_active": "on",
    }

    first = desk.post(address, form)
    twice = desk.post(address, form)

    row = CannedReason.objects.get()
    assert first.status_code == 302
    assert (row.kind, row.decision, row.language) == ("listing", "reject", "hi")
    assert "This reason is there in this language already." in twice.content.decode()


def test_promised_time_of_a_kind_is_what_the_office_says_else_the_usual(desk, settings):
    settings.SERVICE_LEVEL_HOURS = 48

    saved = desk.post(reverse("admin:programme_servicelevel_add"), {"kind": "group", "hours": "12"})
    refused = desk.post(reverse("admin:programme_servicelevel_add"), {"kind": "listing", "hours": "0"})

    levels = service_levels()
    assert (saved.status_code, refused.status_code) == (302, 200)
    assert (levels["group"], levels["listing"]) == (timedelta(hours=12), timedelta(hours=48))
    assert ServiceLevel.objects.count() == 1
