"""Words of a listing in several languages: its own, and others beside it, read before anybody sees them."""

import json

import pytest
from django.utils import translation

from catalogue.errors import ListingIncomplete
from catalogue.models import ListingChange, Product
from catalogue.selectors.listings import card_rows, cards
from catalogue.selectors.search import Wish, find
from catalogue.services import change_review
from catalogue.services.changes import Wanted, propose
from catalogue.services.copying import copy_listing
from catalogue.services.listings import ListingData, create_listing, update_listing
from catalogue.services.places import refresh_rows
from marketplace.lib.translated import is_read, mark_read
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db
HINDI = {"title": "लाल चावल", "description": "पारो की सीढ़ियों से।"}


@pytest.fixture
def listing():
    """On sale, with one photo."""
    found = ListingFactory(title="Red rice", description="From the terraces.")
    PhotoFactory(product=found)
    return found


@pytest.fixture
def member():
    return PersonFactory()


def written(listing, **changes):
    """The listing as a draft with Hindi beside its English."""
    data = {"title": "Red rice", "description": "From the terraces.", "translations": {"hi": HINDI}}
    return ListingData(region=listing.region, **{**data, **changes})


def proposed(listing, member, send=True, **values):
    return propose(listing, Wanted(values), member, send=send)


def test_reader_sees_the_own_language_else_that_of_the_group(member):
    vendor = VendorFactory()
    listing = create_listing(vendor, written(ListingFactory(vendor=vendor)), actor=member)

    with translation.override("hi"):
        said = listing.said("title")
    with translation.override("dz"):
        other = listing.said("title")

    assert (said, said.language) == ("लाल चावल", "")
    assert (other, other.language) == ("Red rice", "en")
    assert listing.translation_marks["hi"]["by"] == member.pk
    assert not is_read(listing, "hi")


def test_group_writes_in_its_own_language(member):
    vendor = VendorFactory()
    data = ListingData(
        title="लाल चावल",
        region=vendor.home_region,
        words_language="hi",
        translations={"en": {"title": "Red rice"}, "hi": {"title": "twice"}, "xx": {"title": "no language"}},
    )

    listing = create_listing(vendor, data, actor=member)

    assert listing.translations == {"en": {"title": "Red rice"}}
    assert (listing.said("title"), listing.said("title").language) == ("Red rice", "")


def test_new_words_of_the_group_make_what_was_read_old(member):
    listing = ListingFactory(draft=True)
    update_listing(listing, written(listing), actor=member)
    listing.refresh_from_db()
    assert mark_read(listing, "hi", actor=member)
    assert not mark_read(listing, "hi", actor=member)
    listing.save()

    update_listing(listing, written(listing, description="From the new terraces."), actor=member)

    listing.refresh_from_db()
    assert listing.translation_marks["hi"]["is_old"] is True
    assert not is_read(listing, "hi")
    assert mark_read(listing, "hi", actor=member)
    assert is_read(listing, "hi")


def test_other_words_in_a_language_have_not_been_read(member):
    listing = ListingFactory(draft=True)
    update_listing(listing, written(listing), actor=member)
    listing.refresh_from_db()
    mark_read(listing, "hi", actor=member)
    listing.save()

    other = PersonFactory()
    update_listing(listing, written(listing, translations={"hi": {"title": "चावल"}}), actor=other)

    listing.refresh_from_db()
    assert not is_read(listing, "hi")
    assert listing.translation_marks["hi"]["by"] == other.pk


def test_translation_of_a_listing_on_sale_waits_and_is_then_shown(listing, member):
    change = proposed(listing, member, **{f"{name}:hi": text for name, text in HINDI.items()})

    listing.refresh_from_db()
    assert (change.state, set(change.proposed)) == (
        ListingChange.State.SUBMITTED,
        {"title:hi", "description:hi"},
    )
    assert listing.translations == {}

    change_review.approve(change, PersonFactory(), version=change.version)

    listing.refresh_from_db()
    assert listing.translations == {"hi": HINDI}
    assert listing.translation_marks["hi"]["by"] == member.pk
    assert (listing.title, listing.description) == ("Red rice", "From the terraces.")


def test_words_in_the_own_language_are_no_translation(listing, member):
    assert proposed(listing, member, **{"title:en": "Red rice again"}) is None


def test_change_of_other_words_leaves_the_translation(listing, member):
    Product.objects.filter(pk=listing.pk).update(translations={"hi": HINDI})

    change = proposed(listing, member, storage="Keep it dry.")
    change_review.approve(change, PersonFactory(), version=change.version)

    listing.refresh_from_db()
    assert listing.translations == {"hi": HINDI}


@pytest.mark.parametrize("field", ["title:hi", "description:hi"])
def test_protected_name_is_held_in_every_language(listing, member, field):
    GeographicalIndicationFactory(name="Lakadong Turmeric")

    with pytest.raises(ListingIncomplete):
        proposed(listing, member, **{field: "लाकाडोंग हल्दी"})

    assert not ListingChange.objects.filter(state="submitted").exists()


def test_listing_is_found_by_its_words_in_every_language(listing, member):
    change = proposed(listing, member, **{"title:hi": "झिलमिल चावल"})
    assert not list(find(Wish(words="झिलमिल")).rows)
    change_review.approve(change, PersonFactory(), version=change.version)

    assert [row.pk for row in find(Wish(words="झिलमिल")).rows] == [listing.pk]
    assert [row.pk for row in find(Wish(words="rice")).rows] == [listing.pk]

    refresh_rows(Product.objects.all())
    assert [row.pk for row in find(Wish(words="झिलमिल")).rows] == [listing.pk]


def test_card_says_the_reader_s_words_without_a_further_query(listing, django_assert_num_queries):
    Product.objects.filter(pk=listing.pk).update(translations={"hi": HINDI})

    with translation.override("hi"), django_assert_num_queries(1):
        (card,) = cards(card_rows(Product.objects.filter(pk=listing.pk)))

    assert (card.title, card.title.language) == ("लाल चावल", "")


def test_copy_keeps_the_translations(listing):
    Product.objects.filter(pk=listing.pk).update(translations={"hi": HINDI})
    listing.refresh_from_db()

    assert copy_listing(listing).translations == {"hi": HINDI}


def test_page_marks_what_is_in_another_language(client, listing):
    Product.objects.filter(pk=listing.pk).update(translations={"hi": HINDI})
    address = listing.get_absolute_url()

    hindi = client.get(f"/hi{address}").content.decode()
    dzongkha = client.get(f"/dz{address}").content.decode()

    assert "<h1>लाल चावल</h1>" in hindi
    assert "पारो की सीढ़ियों से।" in hindi
    assert '<h1 lang="en">Red rice</h1>' in dzongkha
    assert json.dumps("लाल चावल", ensure_ascii=False) in hindi
