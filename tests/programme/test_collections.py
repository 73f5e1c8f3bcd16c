"""Collections: who writes and publishes them, what stands in them, on which days they are seen."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from catalogue.models import Product
from marketplace.lib.states import IllegalTransition
from programme.errors import CurationError
from programme.models import Collection, CollectionEvent, CollectionListing
from programme.selectors.collections import buyable, chosen
from programme.services import publishing
from programme.services.collections import add_listing, move_listing, remove_listing
from regions.models import RegionRole
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.programme import CollectionFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return PersonFactory(moderator=True)


@pytest.fixture
def at(monkeypatch):
    """Move the clock to a moment of UTC."""

    def move(*moment):
        monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))

    return move


def titles(client, address):
    page = client.get(address)
    assert page.status_code == 200
    return [card.title for card in page.context["listings"]]


def test_a_collection_is_seen_on_its_days_in_its_country_and_nobody_touches_it(client, at):
    # given
    india = RegionFactory(district=True)
    collection = CollectionFactory(
        published=True, region=india, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 5)
    )
    listing = ListingFactory(vendor=VendorFactory(home_region=india))
    add_listing(collection, listing, actor=PersonFactory(moderator=True))
    address = collection.get_absolute_url()
    # when: 18:29 and 18:30 UTC are 23:59 and 00:00 in India
    at(2026, 10, 31, 18, 29)
    assert client.get(address).status_code == 404
    at(2026, 10, 31, 18, 30)
    assert titles(client, address) == [listing.title]
    at(2026, 11, 5, 18, 29)
    assert titles(client, address) == [listing.title]
    assert list(Collection.objects.running()) == [collection]
    at(2026, 11, 5, 18, 30)
    page = client.get(address)
    # then
    assert (page.status_code, page.context["is_over"], page.context["listings"]) == (200, True, [])
    assert "This collection was shown from 1 to 5 November 2026." in page.content.decode()
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert not Collection.objects.running().exists()


def test_a_collection_of_no_place_goes_by_the_day_of_the_office(at):
    collection = CollectionFactory(published=True, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 5))

    at(2026, 10, 31, 17, 59)
    before = Collection.objects.running().exists()
    at(2026, 10, 31, 18, 0)

    assert (before, list(Collection.objects.running())) == (False, [collection])


def test_drafts_are_not_there_what_was_taken_back_is_gone_and_the_office_sees_both(client, office):
    draft, gone = CollectionFactory(), CollectionFactory(withdrawn=True)

    public = [client.get(page.get_absolute_url()).status_code for page in (draft, gone)]
    client.force_login(office)
    seen = [client.get(page.get_absolute_url()) for page in (draft, gone)]

    assert public == [404, 410]
    assert [page.status_code for page in seen] == [200, 200]
    assert all("Only the office sees this page now." in page.content.decode() for page in seen)
    assert seen[0]["Cache-Control"].startswith("max-age=0")


def test_only_what_can_be_bought_is_shown_in_order_and_the_office_sees_what_is_absent(client):
    # given
    closed = VendorFactory(closed_from=date(2020, 1, 1), closed_until=date(2120, 1, 1))
    names = {
        "second": ListingFactory(title="Second"),
        "sold out": ListingFactory(sold_out=True),
        "withdrawn": ListingFactory(withdrawn=True),
        "closed": ListingFactory(vendor=closed),
        "suspended": ListingFactory(vendor=VendorFactory(suspended=True)),
        "first": ListingFactory(title="First"),
    }
    collection = CollectionFactory(published=True, listings=names.values())
    move_listing(collection, names["first"].pk, place=0, actor=PersonFactory(moderator=True))
    # then
    assert titles(client, collection.get_absolute_url()) == ["First", "Second"]
    assert [each.absent for each in chosen(collection)] == [
        "",
        "",
        "sold out",
        "withdrawn",
        "its group is closed",
        "its group is not approved",
    ]


def test_listings_are_added_once_moved_and_taken_out_twice_without_harm(office):
    first, second, third = ListingFactory.create_batch(3)
    collection = CollectionFactory()

    added = [add_listing(collection, each, actor=office) for each in (first, second, third, third)]
    moved = [move_listing(collection, third.pk, place=0, actor=office) for _ in range(2)]
    taken = [remove_listing(collection, first.pk, actor=office) for _ in range(2)]

    assert (added, moved, taken) == ([True, True, True, False], [True, False], [True, False])
    assert [card.pk for card in buyable(collection)] == [third.pk, second.pk]


def test_goods_of_elsewhere_and_sizes_do_not_stand_in_a_collection_of_a_place(office):
    here = RegionFactory()
    collection = CollectionFactory(region=here.parent)
    elsewhere = ListingFactory()
    own = ListingFactory(vendor=VendorFactory(home_region=here))

    with pytest.raises(CurationError, match="does not come from"):
        add_listing(collection, elsewhere, actor=office)
    add_listing(collection, own, actor=office)

    assert list(CollectionListing.objects.values_list("listing", flat=True)) == [own.pk]


@pytest.mark.django_db(transaction=True)
def test_one_listing_added_from_two_desks_stands_there_once():
    office, collection, listing = PersonFactory(moderator=True), CollectionFactory(), ListingFactory()

    outcomes = race(lambda: add_listing(collection, listing, actor=office), contenders=4)

    assert outcomes == [None] * 4
    assert CollectionListing.objects.count() == 1


def test_publishing_and_taking_back_are_written_down_and_ask_for_a_reason(office):
    collection = CollectionFactory()

    assert publishing.publish(collection, actor=office)
    assert not publishing.publish(collection, actor=office)
    with pytest.raises(CurationError, match="Write why"):
        publishing.take_back(collection, actor=office, reason=" ")
    assert publishing.take_back(collection, actor=office, reason="Wrong year")

    events = CollectionEvent.objects.values_list("to_state", "actor", "reason")
    assert list(events) == [("published", office.pk, ""), ("withdrawn", office.pk, "Wrong year")]
    with pytest.raises(IllegalTransition):
        publishing.take_back(CollectionFactory(), actor=office, reason="It is a draft")


@pytest.mark.isolation
def test_officers_write_in_their_places_and_publish_where_they_decide(client):
    # given
    reads, decides = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    officer = PersonFactory(officer=True, place=reads)
    RegionRole.objects.create(person=officer, region=decides, may_decide=True)
    drafts = {place: CollectionFactory(region=place) for place in (reads, decides, RegionFactory(), None)}
    client.force_login(officer)

    def publish(collection):
        address = reverse("admin:programme_collection_decide", args=[collection.pk])
        return client.post(address, {"decision": "publish"}).status_code

    # then
    assert [publish(each) for each in drafts.values()] == [403, 302, 404, 404]
    published = Collection.objects.get(state="published")
    assert published.region == decides
    for service in (publishing.publish, lambda row, actor: add_listing(row, ListingFactory(), actor=actor)):
        for place in (RegionFactory(), None):
            with pytest.raises(CurationError):
                service(CollectionFactory(region=place), actor=officer)


@pytest.mark.isolation
def test_an_officer_without_a_decision_does_not_change_what_the_public_sees(client):
    place = RegionFactory(dzongkhag=True)
    collection = CollectionFactory(region=place, published=True)
    client.force_login(PersonFactory(officer=True, place=place))
    listing = ListingFactory(vendor=VendorFactory(home_region=RegionFactory(parent=place)))

    page = client.post(reverse("admin:programme_collection_change", args=[collection.pk]), {"title": "Mine"})
    client.post(
        reverse("admin:programme_collection_listings", args=[collection.pk]),
        {"do": "add", "listing": listing.pk},
    )

    assert page.status_code == 403
    assert not CollectionListing.objects.exists()


@pytest.mark.isolation
def test_what_the_public_sees_is_not_moved_to_a_place_where_the_officer_only_reads(client):
    reads, decides = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    officer = PersonFactory(officer=True, place=reads)
    RegionRole.objects.create(person=officer, region=decides, may_decide=True)
    client.force_login(officer)
    drafted, published = CollectionFactory(region=decides), CollectionFactory(region=decides, published=True)

    def moved(row):
        page = reverse("admin:programme_collection_change", args=[row.pk])
        form = client.get(page).context["adminform"].form
        sent = {name: form[name].value() or "" for name in form.fields} | {"region": reads.code}
        events = {"events-TOTAL_FORMS": 0, "events-INITIAL_FORMS": 0}
        answer = client.post(page, {**sent, **events}, follow=True)
        row.refresh_from_db()
        return row.region == reads, "You do not publish for this place" in answer.content.decode()

    assert [moved(row) for row in (drafted, published)] == [(True, False), (False, True)]


def test_a_collection_with_goods_of_its_place_is_not_made_one_of_another(client, office):
    place, other = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    collection = CollectionFactory(region=place, listings=[ListingFactory(region=place, title="Red rice")])
    client.force_login(office)
    page = reverse("admin:programme_collection_change", args=[collection.pk])
    form = client.get(page).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields} | {"region": other.code}

    answer = client.post(page, {**sent, "events-TOTAL_FORMS": 0, "events-INITIAL_FORMS": 0})

    assert f"Red rice does not come from {other.name}. Take it out first." in answer.content.decode()
    collection.refresh_from_db()
    assert collection.region == place


@pytest.mark.isolation
def test_the_form_refuses_places_of_others_and_keeps_what_was_typed(client):
    place, other = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    client.force_login(PersonFactory(officer=True, place=place))
    sent = {
        "kind": "festival",
        "title": "Losar",
        "slug": "losar",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-20",
        "events-TOTAL_FORMS": 0,
        "events-INITIAL_FORMS": 0,
    }
    address = reverse("admin:programme_collection_add")

    refused = [
        client.post(address, {**sent, "region": words}) for words in ("", other.code, "Nowhere at all")
    ]
    taken = client.post(address, {**sent, "region": place.code})

    assert [page.status_code for page in refused] == [200, 200, 200]
    assert f"You do not work in {other.name}." in refused[1].content.decode()
    assert 'value="Losar"' in refused[1].content.decode()
    collection = Collection.objects.get()
    assert taken["Location"] == reverse("admin:programme_collection_listings", args=[collection.pk])
    assert (collection.region, collection.state) == (place, "draft")


@pytest.mark.isolation
def test_listings_are_found_within_the_places_of_the_person(client):
    place = RegionFactory(dzongkhag=True)
    collection = CollectionFactory(region=place)
    own = ListingFactory(title="Own honey", vendor=VendorFactory(home_region=RegionFactory(parent=place)))
    other = ListingFactory(title="Other honey")
    client.force_login(PersonFactory(officer=True, place=place))
    address = reverse("admin:programme_collection_listings", args=[collection.pk])

    page = client.get(address, {"q": "honey"})
    added = [
        client.post(address, {"do": "add", "listing": each.pk}).status_code for each in (own, own, other)
    ]

    assert page.context["found"] == [own]
    assert added == [302, 302, 404]
    assert list(CollectionListing.objects.values_list("listing", flat=True)) == [own.pk]


def test_words_of_another_language_say_so(client):
    collection = CollectionFactory(published=True, title="Gifts", title_hi="उपहार", words="For guests")

    with translation.override("hi"):
        said = [str(collection.said(field)) for field in ("title", "words")]
        language = collection.said("words").language
    page = client.get(f"/hi{collection.get_absolute_url()}").content.decode()

    assert (said, language) == (["उपहार", "For guests"], "en")
    assert '<h1 lang="hi">उपहार</h1>' in page
    assert 'lang="en">For guests' in page


def test_words_are_escaped(client):
    collection = CollectionFactory(published=True, title="<script>x</script>", words="<b>y</b>\nz")

    page = client.get(collection.get_absolute_url()).content.decode()

    assert "<script>x" not in page
    assert "&lt;b&gt;y&lt;/b&gt;<br>z" in page


def test_pages_cost_as_many_queries_for_twenty_as_for_one(client, office):
    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    def fill(count):
        for _ in range(count):
            listing = ListingFactory()
            PhotoFactory(product=listing)
            CollectionFactory(published=True, listings=[listing])
            add_listing(Collection.objects.earliest("pk"), listing, actor=office)

    client.force_login(office)
    fill(1)
    first = Collection.objects.get()
    addresses = [
        "/collections/",
        first.get_absolute_url(),
        reverse("admin:programme_collection_changelist"),
        reverse("admin:programme_collection_listings", args=[first.pk]) + "?q=Listing",
    ]
    for address in addresses:
        client.get(address)
    one = [queries(address) for address in addresses]
    fill(19)

    assert [queries(address) for address in addresses] == one
    assert Product.objects.count() == 20
