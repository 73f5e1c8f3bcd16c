"""Announcements: who reads them, on which days, how they are put away, and what they cost."""

from datetime import UTC, date, datetime

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.models import Announcement
from programme.selectors import announcements
from programme.services import publishing
from regions.models import RegionRole
from tests.factories.people import PersonFactory
from tests.factories.programme import AnnouncementFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import MembershipFactory, VendorFactory

pytestmark = pytest.mark.django_db

WORDS = "The post is slow"
OURS = "http://testserver"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


def says(client, address="/", words=WORDS):
    cache.clear()
    return client.get(address).content.decode().count(words)


def put_away_url(pk):
    return reverse("announcement-dismiss", args=[pk])


def press(client, note, target="/", **headers):
    return client.post(put_away_url(note.pk), {"next": target}, headers=headers or {"Origin": OURS})


def test_everybody_reads_it_on_its_days_at_the_office_in_the_own_language_and_escaped(client, monkeypatch):
    AnnouncementFactory(
        published=True,
        words=f"{WORDS} <b>now</b>",
        words_hi="डाक धीमी है",
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 5),
    )
    AnnouncementFactory(words=f"{WORDS}, a draft")

    found = []
    for moment in [(2026, 10, 31, 17, 59), (2026, 10, 31, 18), (2026, 11, 5, 17, 59), (2026, 11, 5, 18)]:
        monkeypatch.setattr(timezone, "now", lambda moment=moment: datetime(*moment, tzinfo=UTC))
        found.append(says(client))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 2, tzinfo=UTC))
    html = client.get("/").content.decode()
    hindi = client.get("/hi/").content.decode()

    assert found == [0, 1, 1, 0]
    assert "&lt;b&gt;now&lt;/b&gt;" in html
    assert '<p lang="hi">डाक धीमी है</p>' in hindi


@pytest.mark.isolation
def test_members_of_the_place_read_it_in_shop_and_desk_and_nobody_else_does(client):
    # given
    paro, elsewhere = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    group = VendorFactory(home_region=RegionFactory(parent=paro))
    member = MembershipFactory(vendor=group).user
    stranger = MembershipFactory(vendor=VendorFactory(home_region=elsewhere)).user
    AnnouncementFactory(published=True, audience="members", region=paro, words=WORDS)
    # then
    assert says(client) == 0
    for person, count in ((member, 1), (stranger, 0), (PersonFactory(moderator=True), 0)):
        client.force_login(person)
        assert says(client) == count
        assert says(client, "/dashboard/") == (count if person != stranger else 0)


@pytest.mark.isolation
def test_staff_of_the_place_read_it_in_the_admin_only(client):
    paro, elsewhere = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    AnnouncementFactory(published=True, audience="staff", region=paro, words=WORDS)
    officer, other = PersonFactory(officer=True, place=paro), PersonFactory(officer=True, place=elsewhere)

    for person, count in ((officer, 1), (other, 0), (PersonFactory(finance=True), 1)):
        client.force_login(person)
        assert says(client, reverse("admin:index")) == count
        assert says(client) == 0


def test_two_are_shown_at_most_and_warnings_come_first(client):
    for number in range(3):
        AnnouncementFactory(published=True, words=f"Note {number}", starts_on=date(2020, 1, 1 + number))
    AnnouncementFactory(published=True, words="Warning", level="warn", starts_on=date(2019, 1, 1))

    shown = client.get("/").context["announcements"]

    assert [str(each.words) for each in shown] == ["Warning", "Note 2"]


def test_it_is_put_away_in_this_browser_without_scripts_and_twice_is_once(client, django_user_model):
    one = AnnouncementFactory(published=True, words=WORDS)
    stays = AnnouncementFactory(published=True, words="It stays", is_dismissible=False)
    address = reverse("announcement-dismiss", args=[one.pk])
    assert f'action="{address}"' in client.get("/products/?q=tea").content.decode()

    answers = [press(client, one, target) for target in ("/products/?q=tea", "https://evil.example/")]

    assert [answer["Location"] for answer in answers] == ["/products/?q=tea", "/"]
    assert client.session["announcements-put-away"] == [one.pk]
    assert (says(client), says(client, words="It stays"), says(client.__class__())) == (0, 1, 1)
    for pk in (stays.pk, AnnouncementFactory().pk, 2**31):
        assert client.post(put_away_url(pk), headers={"Origin": OURS}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
        {"Origin": "https://evil.example", "Referer": "http://testserver/"},
        {"Referer": "http://testserver.evil.example/"},
        {"Referer": "https://evil.example/?http://testserver/"},
        {"Referer": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_press_from_another_site_changes_nothing_and_ends_no_session(client, headers):
    note = AnnouncementFactory(published=True, words=WORDS)

    refused = press(client, note, **headers)

    assert (refused.status_code, refused.cookies.keys()) == (403, set())
    assert "Nothing was changed." in refused.content.decode()
    assert says(client) == 1
    # The control: a page of ours may, by either header.
    assert press(client, note, Referer="http://testserver/products/").status_code == 302
    assert says(client) == 0


def test_a_press_is_believed_behind_a_server_that_gives_us_another_name(client, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://shop.example"]

    assert (
        press(client, AnnouncementFactory(published=True), Origin="https://shop.example").status_code == 302
    )


def test_nobody_has_a_cookie_before_pressing(client):
    note = AnnouncementFactory(published=True, words=WORDS)

    page = client.get("/products/")

    assert f'action="{put_away_url(note.pk)}"' in page.content.decode()
    assert not page.cookies
    assert press(client, note).cookies.keys() == {"sessionid"}


def test_publishing_and_taking_back_are_seen_at_once(client, django_capture_on_commit_callbacks):
    office, row = PersonFactory(moderator=True), AnnouncementFactory(words=WORDS)

    seen = [client.get("/").content.decode().count(WORDS)]
    for change in (publishing.publish, publishing.take_back):
        with django_capture_on_commit_callbacks(execute=True):
            change(row, actor=office, reason="Over")
        seen.append(client.get("/").content.decode().count(WORDS))

    assert seen == [0, 1, 0]


def test_a_page_that_was_being_made_while_it_was_taken_back_does_not_bring_it_back(
    client, monkeypatch, django_capture_on_commit_callbacks
):
    office, row = PersonFactory(moderator=True), AnnouncementFactory(published=True, words=WORDS)
    kept, changes = announcements.cache.set, [row]

    def late(key, *values):
        # Read from the database already, and not kept yet.
        while changes:
            with django_capture_on_commit_callbacks(execute=True):
                publishing.take_back(changes.pop(), actor=office, reason="Over")
        return kept(key, *values)

    monkeypatch.setattr(announcements.cache, "set", late)

    assert [client.get("/").content.decode().count(WORDS) for _ in range(2)] == [1, 0]


def test_pages_of_visitors_ask_the_cache_and_members_once_more(client):
    AnnouncementFactory.create_batch(3, published=True)
    AnnouncementFactory(published=True, audience="members")
    member = MembershipFactory().user

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/how-it-works/")
        return sum("announcement" in query["sql"] or "membership" in query["sql"] for query in asked)

    assert [queries(), queries()] == [1, 0]
    client.force_login(member)
    assert queries() == 1


@pytest.mark.isolation
def test_an_officer_announces_to_members_of_the_own_place_and_never_to_everybody(client):
    place = RegionFactory(dzongkhag=True)
    officer = PersonFactory(officer=True, place=False)
    RegionRole.objects.create(person=officer, region=place, may_decide=True)
    client.force_login(officer)
    address = reverse("admin:programme_announcement_add")
    sent = {
        "level": "info",
        "words": WORDS,
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-02",
        "events-TOTAL_FORMS": 0,
        "events-INITIAL_FORMS": 0,
    }

    refused = [
        client.post(address, {**sent, "audience": "everybody", "region": code}) for code in ("", place.code)
    ]
    taken = client.post(address, {**sent, "audience": "members", "region": place.code})

    assert [page.status_code for page in refused] == [200, 200]
    assert "With a place it is for the members or the staff there." in refused[1].content.decode()
    assert taken.status_code == 302
    assert Announcement.objects.get().created_by == officer
    with pytest.raises(IntegrityError), transaction.atomic():
        AnnouncementFactory(region=place)


def test_the_list_of_the_office_costs_as_many_queries_for_twenty_as_for_one(client):
    client.force_login(PersonFactory(moderator=True))
    address = reverse("admin:programme_announcement_changelist")

    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    AnnouncementFactory(audience="members", region=RegionFactory())
    queries()
    one = queries()
    for _ in range(19):
        AnnouncementFactory(audience="members", region=RegionFactory())

    assert queries() == one


def test_the_page_shows_how_it_will_read_in_each_language(client):
    client.force_login(PersonFactory(moderator=True))
    row = AnnouncementFactory(words=WORDS, words_dz="སྒྲིག་འཛུགས")

    html = client.get(reverse("admin:programme_announcement_change", args=[row.pk])).content.decode()

    assert f'lang="en">{WORDS}</div>' in html
    assert 'lang="dz">སྒྲིག་འཛུགས</div>' in html
