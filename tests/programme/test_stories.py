"""Stories: the little markup, who writes and publishes them, what they name, their photos."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from marketplace.lib.photos import PictureRefused
from programme.domain.markup import Block, Span, blocks
from programme.errors import CurationError
from programme.models import Story, StoryPhoto
from programme.services import publishing, story_photos
from regions.models import RegionRole
from tests.dashboard.given import no_photo, photo
from tests.factories.people import PersonFactory
from tests.factories.programme import StoryFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race


@pytest.fixture
def office(db):
    return PersonFactory(moderator=True)


def test_headings_lists_paragraphs_and_links_are_all_that_a_text_may_be():
    text = "## The loom\r\nTwo\nlines\n\n- one\n- [Paro](/places/BT-11/), two\nend"

    assert blocks(text) == [
        Block("heading", [[Span("The loom")]]),
        Block("paragraph", [[Span("Two")], [Span("lines")]]),
        Block("list", [[Span("one")], [Span("Paro", "/places/BT-11/"), Span(", two")]]),
        Block("paragraph", [[Span("end")]]),
    ]
    assert blocks("  \n\n ") == []


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a b", "evil"],
)
def test_a_link_that_leads_elsewhere_stays_text(address):
    text = f"[here]({address})"

    assert blocks(text) == [Block("paragraph", [[Span(text)]])]


@given(st.text(alphabet="ab #-[]()/\n<&", max_size=80))
def test_no_word_of_a_text_is_lost_and_no_address_leads_away(text):
    found = blocks(text)

    spans = [span for block in found for line in block.lines for span in line]
    shown = "".join(span.text + span.url for span in spans)
    letters = re.sub(r"[^ab<&]", "", text)
    assert re.sub(r"[^ab<&]", "", shown) == letters
    assert all(not span.url or re.match(r"/(?![/\\])", span.url) for span in spans)


@pytest.mark.django_db
def test_nothing_of_a_text_is_html_and_its_language_is_said(client):
    story = StoryFactory(
        published=True,
        title="Rice </script><b>",
        body="<script>alert(1)</script> [x](/places/)",
        body_hi="## लाल चावल",
        told_by="<i>Pema</i>",
    )

    english = client.get(story.get_absolute_url()).content.decode()
    hindi = client.get(f"/hi{story.get_absolute_url()}").content.decode()

    assert "<script>alert" not in english
    assert "<i>Pema" not in english
    assert '<a href="/places/">x</a>' in english
    assert re.search(r'<div class="prose block" lang="hi">\s*<h2>\s*लाल चावल\s*</h2>', hindi)
    assert '<h1 lang="en">' in hindi
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', english, re.S)[1])
    assert (data["@type"], data["headline"], data["inLanguage"]) == ("Article", "Rice </script><b>", "en")


@pytest.mark.django_db
def test_drafts_are_not_there_what_was_taken_back_is_gone_and_the_office_sees_both(client, office):
    draft, gone, shown = StoryFactory(), StoryFactory(withdrawn=True), StoryFactory(published=True)

    public = [client.get(page.get_absolute_url()).status_code for page in (draft, gone, shown)]
    listed = client.get("/stories/").context["stories"]
    client.force_login(office)

    assert public == [404, 410, 200]
    assert [str(card.title) for card in listed] == [shown.title]
    assert {client.get(page.get_absolute_url()).status_code for page in (draft, gone)} == {200}


@pytest.mark.django_db
def test_home_place_and_group_list_their_stories_and_a_group_is_named_while_it_is_approved(client):
    # given
    paro = RegionFactory(dzongkhag=True)
    group = VendorFactory(home_region=RegionFactory(parent=paro), name="Doga Weavers")
    told = StoryFactory(published=True, vendor=group, region=group.home_region)
    StoryFactory(published=True, region=RegionFactory(), title="Elsewhere")
    StoryFactory(region=group.home_region, vendor=group, title="A draft")
    # then
    for address in (f"/places/{paro.code}/", group.get_absolute_url()):
        assert [str(card.title) for card in client.get(address).context["stories"]] == [told.title]
    assert [str(card.title) for card in client.get("/").context["stories"]] == ["Elsewhere", told.title]
    assert "Doga Weavers" in client.get(told.get_absolute_url()).content.decode()
    group.state = "suspended"
    group.save()
    page = client.get(told.get_absolute_url())
    assert page.status_code == 200
    assert "Doga Weavers" not in page.content.decode()


@pytest.mark.isolation
@pytest.mark.django_db
def test_officers_write_in_their_places_and_publish_where_they_decide(client):
    reads, decides = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    officer = PersonFactory(officer=True, place=reads)
    RegionRole.objects.create(person=officer, region=decides, may_decide=True)
    client.force_login(officer)
    drafts = [StoryFactory(region=place) for place in (reads, decides, RegionFactory(), None)]

    statuses = [
        client.post(
            reverse("admin:programme_story_decide", args=[each.pk]), {"decision": "publish"}
        ).status_code
        for each in drafts
    ]
    photos = [
        client.get(reverse("admin:programme_story_photos", args=[each.pk])).status_code for each in drafts
    ]

    assert statuses == [403, 302, 404, 404]
    assert photos == [200, 200, 404, 404]
    assert Story.objects.get(state="published") == drafts[1]


@pytest.mark.isolation
@pytest.mark.django_db
def test_the_form_takes_groups_and_products_that_are_there_and_refuses_others(client):
    place = RegionFactory(dzongkhag=True)
    group = VendorFactory(home_region=RegionFactory(parent=place))
    product = IdentifiedProductFactory(region=group.home_region)
    other = VendorFactory()
    client.force_login(PersonFactory(officer=True, place=place))
    address = reverse("admin:programme_story_add")
    sent = {
        "region": place.code,
        "title": "Red rice",
        "slug": "red-rice",
        "summary": "How it grows.",
        "body": "In water.",
        "events-TOTAL_FORMS": 0,
        "events-INITIAL_FORMS": 0,
    }

    refused = client.post(address, {**sent, "vendor": other.code, "product_name": "Gold"})
    taken = client.post(address, {**sent, "vendor": group.code, "product_name": product.name})

    assert "No approved group is called so, or several." in refused.content.decode()
    assert "No list names this product for the place." in refused.content.decode()
    assert taken.status_code == 302
    story = Story.objects.get()
    assert (story.vendor, story.product, story.region, story.state) == (group, product, place, "draft")
    page = client.get(reverse("admin:programme_story_change", args=[story.pk])).content.decode()
    assert f'value="{group.code}"' in page
    assert f'value="{product.name}"' in page


@pytest.mark.django_db
def test_photos_are_written_anew_once_put_in_order_and_taken_away(office, django_capture_on_commit_callbacks):
    story = StoryFactory()

    first = story_photos.add_photo(story, photo(), alt_text="A loom", actor=office)
    again = story_photos.add_photo(story, photo(), alt_text="A loom", actor=office)
    second = story_photos.add_photo(story, photo(colour="navy"), alt_text="Indigo", actor=office)
    moved = [story_photos.show_first(story, second.pk, actor=office) for _ in range(2)]

    assert first == again
    assert moved == [True, False]
    assert list(story.photos.all()) == [second, first]
    assert first.original.endswith(".webp")
    assert [story_photos.make_renditions(first.pk) for _ in range(2)] == [True, False]
    first.refresh_from_db()
    assert default_storage.exists(first.rendition_name(320))
    with django_capture_on_commit_callbacks(execute=True):
        assert story_photos.remove_photo(story, first.pk, actor=office)
    assert not story_photos.remove_photo(story, first.pk, actor=office)
    assert not default_storage.exists(first.original)
    assert not default_storage.exists(first.rendition_name(320))


@pytest.mark.django_db
def test_what_is_no_photo_or_has_no_words_or_is_one_too_many_is_refused(office, monkeypatch):
    story = StoryFactory()
    monkeypatch.setattr(story_photos, "MOST_PHOTOS", 1)
    story_photos.add_photo(story, photo(), alt_text="A loom", actor=office)

    for upload, words, refusal in [
        (no_photo(), "A page", PictureRefused),
        (photo(colour="navy"), " ", CurationError),
        (photo(colour="navy"), "Indigo", CurationError),
    ]:
        with pytest.raises(refusal):
            story_photos.add_photo(story, upload, alt_text=words, actor=office)
    with pytest.raises(CurationError):
        story_photos.add_photo(
            story,
            photo(colour="navy"),
            alt_text="x",
            actor=PersonFactory(officer=True, place=RegionFactory()),
        )

    assert StoryPhoto.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once():
    office, story = PersonFactory(moderator=True), StoryFactory()

    outcomes = race(lambda: publishing.publish(story, actor=office), contenders=4)

    assert outcomes == [None] * 4
    assert story.events.count() == 1


@pytest.mark.django_db
def test_lists_and_pages_cost_as_many_queries_for_twenty_as_for_one(client, office):
    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    def tell(count):
        for number in range(count):
            place = RegionFactory()
            story = StoryFactory(
                published=True, region=place, published_at=datetime(2026, 1, 1 + number, tzinfo=UTC)
            )
            StoryPhoto.objects.create(
                story=story, original="stories/a.webp", digest=str(number), alt_text="x", width=4, height=3
            )

    client.force_login(office)
    tell(2)
    addresses = [
        "/stories/",
        Story.objects.first().get_absolute_url(),
        reverse("admin:programme_story_changelist"),
        "/",
    ]
    for address in addresses:
        client.get(address)
    few = [queries(address) for address in addresses]
    tell(18)

    assert [queries(address) for address in addresses] == few
