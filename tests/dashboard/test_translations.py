"""A group writes its words in several languages: on the page of a listing, with its story, and in a file."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import translation

from catalogue.models import ListingChange, Product
from catalogue.selectors.import_reports import export_file
from tests.catalogue.given_files import Shop, codes, file_of
from tests.dashboard.given import member_of
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from vendors.models import GroupChange
from vendors.services import group_changes

pytestmark = pytest.mark.django_db
COLUMNS = ("sku", "title", "price", "language", "title_hi", "description_hi", "title_en")


@pytest.fixture
def draft(listing):
    Product.objects.filter(pk=listing.pk).update(state="draft", is_public=False)
    return listing


def address(listing):
    return reverse("dashboard-listing-detail", args=[listing.pk])


def words(listing, **changes):
    fields = {"title": listing.title, "region": listing.region_id, "do": "save", "words_language": "en"}
    return {**fields, **changes}


def test_words_in_another_language_are_kept_and_shown_again(desk, draft):
    page = desk.get(address(draft)).content.decode()
    assert 'name="title:hi"' in page
    assert 'name="title:en"' not in page

    desk.post(address(draft), words(draft, **{"title:hi": " लाल चावल ", "description:hi": "घर का।"}))

    draft.refresh_from_db()
    again = desk.get(address(draft)).content.decode()
    assert draft.translations == {"hi": {"title": "लाल चावल", "description": "घर का।"}}
    assert 'value="लाल चावल"' in again
    assert draft.translation_marks["hi"]["by"]


def test_page_that_is_older_takes_no_translation_away(desk, draft):
    desk.post(address(draft), words(draft, **{"title:hi": "लाल चावल"}))
    sent = words(draft, title="Red rice, new")
    del sent["words_language"]

    desk.post(address(draft), sent)

    draft.refresh_from_db()
    assert (draft.title, draft.translations) == ("Red rice, new", {"hi": {"title": "लाल चावल"}})


def test_words_twice_in_one_language_are_refused_and_not_lost(desk, draft):
    sent = words(draft, words_language="hi", **{"title:hi": "लाल चावल"})

    page = desk.post(address(draft), sent)

    draft.refresh_from_db()
    assert page.context["form"].errors.keys() == {"title:hi"}
    assert 'value="लाल चावल"' in page.content.decode()
    assert 'href="#id_title:hi"' in page.content.decode()
    assert (draft.translations, draft.words_language) == ({}, "en")


def test_new_listing_begins_in_the_language_of_the_desk(desk, draft):
    page = desk.get(f"/hi{reverse('dashboard-listing-create')}").content.decode()

    assert '<option value="hi" selected>' in page
    assert 'name="title:en"' in page
    assert 'name="title:hi"' not in page


def test_translation_of_a_listing_on_sale_waits(desk, listing):
    PhotoFactory(product=listing)
    sent = {
        f"s{listing.pk}-size_label": "",
        f"s{listing.pk}-net_quantity": "",
        f"s{listing.pk}-net_unit": "",
        f"s{listing.pk}-weight_grams": listing.weight_grams or "",
        "description": listing.description,
        "title:hi": "लाल चावल",
        "do": "send",
    }

    page = desk.post(address(listing), words(listing, **sent), follow=True).content.decode()

    change = ListingChange.objects.get()
    assert (change.state, change.proposed) == ("submitted", {"title:hi": "लाल चावल"})
    assert "Name (Hindi)" in page
    listing.refresh_from_db()
    assert listing.translations == {}


def test_story_in_another_language_waits_and_is_then_read_by_shoppers(client):
    group = VendorFactory(summary="We weave.", story="It began.")
    client.force_login(member_of(group))
    sent = {"summary": "We weave.", "story": "It began.", "words_language": "en", "story:hi": "शुरुआत हुई।"}

    client.post(reverse("dashboard-story"), sent)

    group.refresh_from_db()
    change = GroupChange.objects.get()
    assert (change.proposed, group.translations) == ({"story:hi": "शुरुआत हुई।"}, {})

    group_changes.approve(change, PersonFactory(), version=change.version)

    group.refresh_from_db()
    address = group.get_absolute_url()
    hindi = client.get(f"/hi{address}").content.decode()
    assert group.translations == {"hi": {"story": "शुरुआत हुई।"}}
    assert "<p>शुरुआत हुई।</p>" in hindi
    assert '<p class="lede" lang="en">We weave.</p>' in hindi
    assert "<p>It began.</p>" in client.get(address).content.decode()


def test_file_brings_words_in_other_languages_and_takes_them_along():
    shop = Shop()
    shop.take_over(
        file_of(
            {
                "sku": "R1",
                "title": "लाल चावल",
                "price": "120",
                "language": "HI",
                "title_en": "Red rice",
            },
            columns=COLUMNS,
        )
    )

    listing = shop.record("R1").product
    (row,) = csv.DictReader(io.StringIO(export_file(shop.vendor).removeprefix("\ufeff")))
    assert (listing.words_language, listing.translations) == ("hi", {"en": {"title": "Red rice"}})
    assert listing.translation_marks["en"]["by"] == shop.person.pk
    assert (row["language"], row["title"], row["title_en"], row["title_hi"]) == (
        "hi",
        "लाल चावल",
        "Red rice",
        "",
    )


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"language": "xx"}, ("language", "language_unknown")),
        ({"language": "hi", "title_hi": "चावल"}, ("title_hi", "language_own")),
        ({"title_en": "Rice"}, ("title_en", "language_own")),
    ],
)
def test_file_that_says_a_language_wrongly_changes_nothing(cells, fault):
    shop = Shop()

    job = shop.upload(file_of({"sku": "R1", "title": "Red rice", "price": "120", **cells}, columns=COLUMNS))

    assert [(column, code) for _row, column, code in codes(job)] == [fault]
    assert not Product.objects.exists()


def test_file_proposes_a_translation_of_what_is_on_sale():
    shop = Shop()
    listing = ListingFactory(vendor=shop.vendor, title="Red rice")
    PhotoFactory(product=listing)
    sku = listing.stockrecords.get().partner_sku

    job = shop.take_over(file_of({"sku": sku, "title_hi": "लाल चावल"}, columns=COLUMNS))

    assert codes(job) == []
    assert ListingChange.objects.get().proposed == {"title:hi": "लाल चावल"}


def test_office_writes_the_name_of_a_kind_of_goods_in_other_languages(admin_client, client):
    kind = CategoryFactory(name="Cloth", slug="cloth")
    page = reverse("admin:catalogue_category_change", args=[kind.pk])
    sent = {"name": "Cloth", "name_hi": "कपड़ा", "name_dz": "", "slug": "cloth", "is_public": "on"}

    answer = admin_client.post(page, sent)

    kind.refresh_from_db()
    assert (answer.status_code, kind.translations) == (302, {"hi": {"name": "कपड़ा"}})
    assert 'value="कपड़ा"' in admin_client.get(page).content.decode()
    with translation.override("hi"):
        assert kind.said("name") == "कपड़ा"
    assert ">कपड़ा</a>" in client.get("/hi/places/").content.decode()
    assert ' lang="en">Cloth</a>' in client.get("/dz/places/").content.decode()
