"""The page "How we reach you", of a shopper and of a member."""

from datetime import time

import pytest
from django.urls import reverse

from notices.models import NoticePreference
from notices.services.preferences import wishes_of
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory

pytestmark = pytest.mark.django_db
CHOICES = {
    "language": "dz",
    "channels": "sms",
    "quiet": "20:00-06:00",
    "time_zone": "Asia/Tokyo",
    "digest": "18",
}


@pytest.fixture
def person(client):
    person = PersonFactory(email="dema@example.org", phone="+97517123456")
    MembershipFactory(user=person)
    client.force_login(person)
    return person


@pytest.mark.parametrize("page", ["account-reach", "dashboard-reach"])
def test_what_is_chosen_is_kept_and_shown_and_sent_twice_it_stays(client, person, page):
    answers = [client.post(reverse(page), CHOICES) for _time in range(2)]
    shown = client.get(reverse(page)).content.decode()

    person.refresh_from_db()
    said = wishes_of(person)
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, reverse(page))}
    assert (said.language, said.wants_email, said.wants_sms) == ("dz", False, True)
    assert (said.quiet_from, said.quiet_until, said.time_zone) == (time(20), time(6), "Asia/Tokyo")
    assert (said.wants_digest, said.digest_hour) == (True, 18)
    for chosen in CHOICES.values():
        assert f'value="{chosen}" selected' in shown


@pytest.mark.parametrize(
    ("changes", "quiet"),
    [({"quiet": ""}, (None, None)), ({"quiet": "none"}, (time(0), time(0)))],
    ids=["as-usual", "never"],
)
def test_quiet_hours_as_usual_or_none(client, person, changes, quiet):
    client.post(reverse("account-reach"), {**CHOICES, **changes, "digest": ""})

    said = wishes_of(person)
    assert (said.quiet_from, said.quiet_until, said.wants_digest) == (*quiet, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "xx"},
        {"channels": "none"},
        {"quiet": "25:00-99:00"},
        {"time_zone": "../etc/passwd"},
        {"digest": "99"},
        {"language": "\0"},
    ],
)
def test_what_is_no_choice_changes_nothing_and_says_so(client, person, changes):
    answer = client.post(reverse("account-reach"), {**CHOICES, **changes})

    assert answer.status_code == 200
    assert "put right" in answer.content.decode()
    assert not NoticePreference.objects.exists()


def test_who_has_only_a_phone_has_no_channel_to_choose(client):
    person = PersonFactory(email=None, phone="+97517123456")
    client.force_login(person)

    page = client.get(reverse("account-reach")).content.decode()
    client.post(reverse("account-reach"), {**CHOICES, "channels": "email"})

    assert 'name="channels"' not in page
    assert (wishes_of(person).wants_sms, wishes_of(person).wants_email) == (True, True)


def test_wishes_made_elsewhere_are_offered_too(client, person):
    NoticePreference.objects.create(
        person=person,
        quiet_from=time(1),
        quiet_until=time(2),
        time_zone="Asia/Dubai",
        digest_hour=3,
        wants_digest=True,
    )

    shown = client.get(reverse("account-reach")).content.decode()

    for own in ("01:00-02:00", "Asia/Dubai", "3"):
        assert f'value="{own}" selected' in shown
