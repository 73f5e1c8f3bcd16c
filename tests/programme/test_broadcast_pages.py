"""The pages on which the office writes to groups."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Notice
from programme.models import Broadcast
from programme.services import broadcasting, broadcasts
from tests.factories.broadcasts import WORDS, BroadcastFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import MembershipFactory, VendorFactory

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:programme_broadcast_add"), reverse("admin:programme_broadcast_changelist")
FORM = {
    "key": "k" * 20,
    "seen": "1",
    "subject_en": "Fair in Paro",
    "text_en": "The fair is on 12 December.",
    "group_state": "approved",
    "readers": "members",
    "certificate_days": "60",
}


def page(broadcast):
    return reverse("admin:programme_broadcast_change", args=[broadcast.pk])


def do(client, broadcast, **values):
    address = reverse("admin:programme_broadcast_do", args=[broadcast.pk])
    return client.post(address, {"seen": broadcast.version, **values}, follow=True)


@pytest.fixture
def moderator(client):
    person = PersonFactory(moderator=True)
    client.force_login(person)
    return person


def test_a_form_sent_twice_is_one_message_that_is_shown_as_it_is_read(client, moderator):
    MembershipFactory(vendor=VendorFactory())

    answers = [client.post(ADD, FORM, follow=True) for _ in range(2)]

    broadcast = Broadcast.objects.get()
    assert [answer.redirect_chain for answer in answers] == [[(page(broadcast), 302)]] * 2
    assert broadcast.texts == {
        "en": {**WORDS, "short": "Fair in Paro: The fair is on 12 December."},
    }
    words = answers[0].content.decode()
    assert "One Place One Product: Fair in Paro: The fair is on 12 December." in words
    assert "SMS, 1 part of 3 at most" in words
    assert "Send to 1 person" in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject_en": ""}, "This field is required."),
        ({"text_en": "\u200b"}, "Write subject and words, or leave this language empty."),
        ({"subject_hi": "मेला"}, "Write subject and words, or leave this language empty."),
        ({"text_en": "long " * 200}, "The SMS would have 7 parts; at most 3 parts are sent."),
        ({"region_words": "Nowhere"}, "We know no such place."),
        ({"readers": "everybody"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_sent_is_named_and_nothing_typed_is_lost(client, moderator, changes, words):
    answer = client.post(ADD, {**FORM, **changes, "short_dz": "ཐིམ་ཕུག", "text_dz": "ཀ", "subject_dz": "ཁ"})

    assert words in answer.content.decode()
    assert "ཐིམ་ཕུག" in answer.content.decode()
    assert not Broadcast.objects.exists()


def test_words_are_escaped_and_never_run_and_lose_control_signs(client, moderator, mailoutbox):
    MembershipFactory(vendor=VendorFactory())
    hostile = "{{ site_name }} {subject} <b>\u202e{% now 'Y' %}"

    client.post(ADD, {**FORM, "subject_en": hostile, "text_en": hostile}, follow=True)

    broadcast = Broadcast.objects.get()
    clean = hostile.replace("\u202e", "")
    assert broadcast.texts["en"]["text"] == clean
    words = client.get(page(broadcast)).content.decode()
    assert "&lt;b&gt;" in words
    assert "<b>{%" not in words
    do(client, broadcast, do="send")
    broadcasting.run(broadcast.pk)
    broadcasting.run_all()
    assert Notice.objects.get().context["subject"] == clean


def test_a_draft_is_changed_and_an_old_form_is_refused(client, moderator):
    broadcast = BroadcastFactory(author=moderator)

    client.post(page(broadcast), {**FORM, "subject_en": "First"})
    answer = client.post(page(broadcast), {**FORM, "subject_en": "Second"})

    broadcast.refresh_from_db()
    assert (str(broadcast), broadcast.version) == ("First", 2)
    assert "Somebody has changed this message meanwhile" in answer.content.decode()
    assert 'value="Second"' in answer.content.decode()


def test_it_is_sent_stopped_and_what_failed_is_sent_again_from_its_page(client, moderator):
    MembershipFactory(vendor=VendorFactory(name="Khoma weavers"))
    broadcast = BroadcastFactory(author=moderator)

    words = do(client, broadcast, do="send").content.decode()
    assert "The message is now: is being sent." in words
    broadcasting.run(broadcast.pk)
    Notice.objects.update(state="failed", last_error="SMTPRecipientsRefused")
    words = client.get(page(broadcast)).content.decode()
    assert "Khoma weavers" in words
    assert "SMTPRecipientsRefused" in words
    assert "Say why it is sent again." in do(client, broadcast, do="again").content.decode()
    assert "Sent again: 1." in do(client, broadcast, do="again", reason="mended").content.decode()
    assert "that does not fit" in do(client, broadcast, do="stop").content.decode()
    assert do(client, broadcast, do="dance").status_code == 404


@pytest.mark.isolation
def test_an_officer_without_the_right_to_decide_reads_and_one_of_another_place_finds_nothing(client):
    place = RegionFactory()
    broadcast = BroadcastFactory(region=place)
    everywhere = BroadcastFactory()
    reads, elsewhere = (PersonFactory(officer=True, place=where) for where in (place, RegionFactory()))

    client.force_login(reads)
    assert client.get(page(broadcast)).status_code == 200
    assert client.get(page(everywhere)).status_code == 404
    assert client.get(ADD).status_code == 403
    assert do(client, broadcast, do="send").status_code == 403
    assert client.get(LIST).context["cl"].result_count == 1
    client.force_login(elsewhere)
    assert [client.get(page(each)).status_code for each in (broadcast, everywhere)] == [404, 404]
    assert do(client, broadcast, do="stop").status_code == 404
    assert client.get(LIST).context["cl"].result_count == 0


@pytest.mark.isolation
def test_an_officer_who_decides_cannot_call_it_important_or_choose_another_place(client):
    own, other = RegionFactory(name="Ownplace"), RegionFactory(name="Otherplace")
    person = PersonFactory(officer=True, place=False)
    person.region_roles.create(region=own, may_decide=True)
    client.force_login(person)

    for place, words in (("Otherplace", "You do not decide in this place."), ("", "Choose a place")):
        assert words in client.post(ADD, {**FORM, "region_words": place}).content.decode()
    client.post(ADD, {**FORM, "region_words": "Ownplace", "is_important": "on"})

    broadcast = Broadcast.objects.get()
    assert (broadcast.region, broadcast.is_important) == (own, False)
    assert other != own


def test_lists_and_pages_take_as_many_queries_for_many_readers_as_for_few(
    client, moderator, django_assert_max_num_queries
):
    group = VendorFactory()
    broadcast = BroadcastFactory(author=moderator)

    def queries():
        found = []
        for address in (LIST, page(broadcast)):
            with django_assert_max_num_queries(60) as asked:
                client.get(address)
            found.append(len(asked.captured_queries))
        return found

    MembershipFactory(vendor=group)
    before = queries()
    for _ in range(10):
        MembershipFactory(vendor=group)
        BroadcastFactory(author=moderator)
    assert queries() == before
    broadcasts.send(broadcast, actor=moderator, seen=1)
    broadcasting.run(broadcast.pk)
    Notice.objects.update(state="failed")
    many = queries()
    Notice.objects.filter(pk__gt=Notice.objects.order_by("pk").first().pk).update(state="waiting")
    assert queries() == many


def test_a_browser_that_is_asked_for_the_token_of_the_form_can_write_a_message():
    client = Client(enforce_csrf_checks=True)
    client.force_login(PersonFactory(moderator=True))
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"',
        client.get(ADD).content.decode().partition("office-form")[2],
    )

    answer = client.post(ADD, {**FORM, "csrfmiddlewaretoken": token[1] if token else ""})

    assert answer.status_code == 302
    assert Broadcast.objects.get().state == "draft"
