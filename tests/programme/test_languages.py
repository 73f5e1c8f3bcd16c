"""What is translated, who has read it, and the wrong words that readers report."""

import csv
import io
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from catalogue.models import Product
from programme.errors import OwnTranslation, TranslationMoved
from programme.models import WordReport
from programme.selectors.interface_texts import interface_texts
from programme.selectors.languages import ROOMS, content_said, rows_to_do, seal_of
from programme.services.words import find_right, report_word, settle
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db
HINDI = {"hi": {"title": "लाल चावल"}}
COVERAGE = "admin:programme_wordreport_coverage"


@pytest.fixture
def speaker():
    return PersonFactory(moderator=True)


@pytest.fixture
def listing():
    return ListingFactory(title="Red rice", translations=HINDI, translation_marks={"hi": {"by": 0}})


def said(room, language, user=None):
    return next(
        each
        for row in content_said(user)
        for each in row
        if (each.room.code, each.language) == (room, language)
    )


def counts(room, language, user=None):
    found = said(room, language, user)
    return found.total, found.said, found.unread


def test_languages_that_no_speaker_has_read_say_so_on_each_page(client):
    unread = {row.language for row in interface_texts() if row.reviewed < row.translated}

    assert unread == settings.UNREVIEWED_LANGUAGES
    for code, _name in settings.LANGUAGES:
        html = client.get("/places/" if code == "en" else f"/{code}/places/").content.decode()
        assert ("wrong-word/?page=" in html) == (code in unread)


def test_interface_is_counted_by_the_texts_of_all_catalogues():
    english, hindi, dzongkha = interface_texts()

    assert (english.share, english.missing) == (100, ())
    assert english.total == hindi.total == dzongkha.total
    assert hindi.share >= 95
    assert dzongkha.translated + len(dzongkha.missing) >= dzongkha.total - 100
    assert 0 < dzongkha.share < hindi.share


def test_content_is_counted_room_by_room(listing, django_assert_num_queries):
    ListingFactory(title="चावल", words_language="hi")
    ListingFactory(draft=True, translations=HINDI)
    CategoryFactory(name="Cloth", translations={"hi": {"name": "कपड़ा"}})
    RegionFactory(local_name="ཁོ་མ", local_language="dz")

    assert counts("listings", "hi") == (2, 2, 1)
    assert counts("listings", "dz") == (2, 0, 0)
    assert counts("categories", "hi")[1] == 1
    assert counts("places", "dz")[1] == 1
    with django_assert_num_queries(len(ROOMS)):
        content_said()


def test_speaker_finds_a_translation_right_once(listing, speaker):
    seal = seal_of(listing, "hi")

    done = [find_right(ROOMS["listings"], listing.pk, "hi", actor=speaker, seal=seal) for _time in range(2)]

    listing.refresh_from_db()
    assert done == [True, False]
    assert listing.translation_marks["hi"]["read_by"] == speaker.pk
    assert counts("listings", "hi") == (1, 1, 0)
    assert not rows_to_do(ROOMS["listings"], "hi", is_unread=True, user=speaker)


@pytest.mark.parametrize("changes", [{"title": "Red rice, new"}, {"translations": {"hi": {"title": "चावल"}}}])
def test_what_has_changed_since_it_was_read_is_not_found_right(listing, speaker, changes):
    seal = seal_of(listing, "hi")
    Product.objects.filter(pk=listing.pk).update(**changes)

    with pytest.raises(TranslationMoved):
        find_right(ROOMS["listings"], listing.pk, "hi", actor=speaker, seal=seal)

    assert counts("listings", "hi") == (1, 1, 1)


def test_nobody_finds_the_own_words_right(listing, speaker):
    Product.objects.filter(pk=listing.pk).update(translation_marks={"hi": {"by": speaker.pk}})

    with pytest.raises(OwnTranslation):
        find_right(ROOMS["listings"], listing.pk, "hi", actor=speaker, seal=seal_of(listing, "hi"))

    assert counts("listings", "hi") == (1, 1, 1)


def test_office_sees_what_is_missing_and_reads_what_is_unread(client, listing, speaker):
    client.force_login(speaker)

    page = client.get(reverse(COVERAGE)).content.decode()
    missing = reverse("admin:programme_wordreport_rows", args=["listings", "dz"])
    unread = reverse("admin:programme_wordreport_rows", args=["listings", "hi"])
    assert missing in page
    assert f"{unread}?unread=1" in page
    assert "Red rice" in client.get(missing).content.decode()
    rows = client.get(unread, {"unread": "1"})
    assert '<p lang="hi">' in rows.content.decode()

    sent = {"pk": listing.pk, "seal": rows.context["rows"][0]["seal"]}
    answer = client.post(unread, sent, follow=True)

    assert "Noted: Red rice is read." in answer.content.decode()
    assert counts("listings", "hi") == (1, 1, 0)


def test_file_has_a_row_for_each_room_and_language(client, listing, speaker):
    client.force_login(speaker)

    content = client.get(reverse("admin:programme_wordreport_csv")).content.decode()

    rows = list(csv.reader(io.StringIO(content)))
    assert len(rows) == 1 + (1 + len(ROOMS)) * len(settings.LANGUAGES)
    assert ["listings on sale", "Hindi", "1", "1", "0", "1"] in rows


def test_officer_sees_the_own_places_only(client, listing):
    here = PersonFactory(officer=True, place=listing.vendor.home_region)
    elsewhere = PersonFactory(officer=True, place=RegionFactory(dzongkhag=True))
    unread = reverse("admin:programme_wordreport_rows", args=["listings", "hi"])

    assert counts("listings", "hi", here) == (1, 1, 1)
    assert counts("listings", "hi", elsewhere) == (0, 0, 0)
    client.force_login(elsewhere)
    assert client.post(unread, {"pk": listing.pk, "seal": seal_of(listing, "hi")}).status_code == 404
    assert counts("listings", "hi") == (1, 1, 1)


@pytest.mark.parametrize(
    ("room", "language", "sent"),
    [
        ("listings", "xx", {}),
        ("nothing", "hi", {}),
        ("listings", "hi", {"pk": "x"}),
        ("places", "dz", {"pk": "1"}),
    ],
)
def test_what_does_not_exist_is_not_found(client, speaker, room, language, sent):
    client.force_login(speaker)
    page = reverse("admin:programme_wordreport_rows", args=[room, language])

    assert client.post(page, {"pk": "99", **sent}).status_code == 404


def test_command_prints_the_same_and_what_is_missing(listing):
    out, err, texts = StringIO(), StringIO(), StringIO()

    call_command("language_coverage", stdout=out)
    call_command("language_coverage", missing="dz", stdout=texts, stderr=err)

    assert "listings on sale,Hindi,1,1,0,1" in out.getvalue()
    assert len(texts.getvalue().splitlines()) == int(err.getvalue().split()[0]) > 100
    with pytest.raises(CommandError, match="known are en, hi, dz"):
        call_command("language_coverage", missing="xx")


def test_reader_reports_a_wrong_word_once(client):
    sent = {"page": "/hi/places/?page=2", "wrong": " झोला ", "better": "टोकरी"}

    answers = [client.post("/hi/wrong-word/", sent) for _time in range(2)]

    row = WordReport.objects.get()
    assert [answer["Location"] for answer in answers] == ["/hi/places/?page=2"] * 2
    assert (row.language, row.page, row.wrong, row.better) == ("hi", "/places/?page=2", "झोला", "टोकरी")


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_reader_is_led_to_no_other_site(client, page):
    answer = client.post("/wrong-word/", {"page": page, "wrong": "x"})

    assert answer["Location"] == "/"


def test_empty_report_is_kept_nowhere_and_nothing_typed_is_lost(client):
    page = client.post("/dz/wrong-word/", {"page": "/dz/", "wrong": " ", "better": "སླེ་པོ།"})

    assert page.context["form"].errors.keys() == {"wrong"}
    assert 'value="སླེ་པོ།"' in page.content.decode()
    assert not WordReport.objects.exists()


def test_reports_are_counted_and_refused_when_there_are_too_many(client):
    statuses = [client.post("/wrong-word/", {"wrong": f"word {number}"}).status_code for number in range(12)]

    assert statuses == [302] * 10 + [429] * 2
    assert WordReport.objects.count() == 10


def test_report_is_settled_by_one_person(speaker):
    report_word(language="hi", page="/", wrong="x", better="", visitor="v")
    row = WordReport.objects.get()

    assert [settle(row, actor=speaker), settle(row, actor=PersonFactory())] == [True, False]

    row.refresh_from_db()
    assert row.settled_by == speaker
