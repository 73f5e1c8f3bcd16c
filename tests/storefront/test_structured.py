"""schema.org on the pages: whole, of known types with what is asked of them, and saying what the page says."""

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from marketplace.lib.addresses import in_language
from storefront import structured
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.programme import CollectionFactory, StoryFactory
from tests.factories.vendors import CertificateFactory, GroupPhotoFactory, VendorFactory

pytestmark = pytest.mark.django_db

# By type: what must be there, by schema.org and by developers.google.com/search/docs/appearance/structured-data (product,
# merchant-listing, review-snippet, breadcrumb, organization, article, sitelinks-searchbox); and what else schema.org knows there.
TYPES = {
    "Product": (
        {"name", "offers"},
        {
            *("description", "sku", "url", "image", "brand", "countryOfOrigin", "additionalProperty"),
            *("hasCertification", "aggregateRating", "review"),
        },
    ),
    "Offer": (
        {"price", "priceCurrency", "availability", "url"},
        {"name", "itemCondition", "seller"},
    ),
    "AggregateRating": ({"ratingValue", "reviewCount"}, set()),
    "Review": ({"author", "reviewRating"}, {"datePublished", "inLanguage", "reviewBody"}),
    "Rating": ({"ratingValue"}, set()),
    "Brand": ({"name"}, set()),
    "PropertyValue": ({"name", "value"}, set()),
    "Certification": (
        {"name", "certificationIdentification", "certificationStatus"},
        {"expires", "issuedBy"},
    ),
    "Person": ({"name"}, set()),
    "Organization": (
        {"name"},
        {"url", "description", "identifier", "image", "logo", "address", "hasCertification"},
    ),
    "PostalAddress": ({"addressLocality", "addressCountry"}, {"addressRegion"}),
    "Country": ({"name"}, {"alternateName", "identifier", "url"}),
    "AdministrativeArea": ({"name", "url", "containedInPlace"}, {"alternateName", "identifier"}),
    "WebSite": ({"name", "url", "potentialAction"}, {"inLanguage", "publisher"}),
    "SearchAction": ({"target", "query-input"}, set()),
    "EntryPoint": ({"urlTemplate"}, set()),
    "BreadcrumbList": ({"itemListElement"}, set()),
    "ItemList": ({"itemListElement"}, {"numberOfItems"}),
    "ListItem": ({"position"}, {"name", "item", "url"}),
    "Article": (
        {"headline", "datePublished"},
        {"description", "inLanguage", "url", "publisher", "image", "author"},
    ),
}
ADDRESSES = {"url", "item", "image", "logo", "urlTemplate"}
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def things(client, address):
    """What a page tells machines, by type."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', answer.content.decode(), re.DOTALL
    )
    rows = [json.loads(words) for words in found]
    assert {row.pop("@context") for row in rows} <= {"https://schema.org"}
    by_type = {row["@type"]: row for row in rows}
    assert len(by_type) == len(rows), "told twice"
    return by_type


def check(thing):
    """Whether a thing and all in it are of known types, with what these must have and nothing they cannot have."""
    known, more = TYPES[thing["@type"]]
    names = set(thing) - {"@type"}
    assert known <= names <= known | more, (thing["@type"], names)
    for name, value in thing.items():
        for one in value if isinstance(value, list) else [value]:
            assert one is not None
            assert one not in ("", [], {}), (thing["@type"], name)
            if isinstance(one, dict):
                check(one)
            elif name in ADDRESSES:
                assert one.startswith(f"{settings.SITE_URL}/"), (name, one)


@pytest.fixture
def world(paro):
    """A place with a group, a listing that says all that can be said, a story and a collection."""
    group = VendorFactory(home_region=paro.doga, summary="Weavers of Doga.")
    GroupPhotoFactory(vendor=group)
    listing = ListingFactory(
        title="Red rice </script>\u2028 & more",
        region=paro.doga,
        vendor=group,
        stock=None,
        categories=[CategoryFactory()],
    )
    SizeFactory(parent=listing, size_label="500 g", stock__price="150.00")
    SizeFactory(parent=listing, size_label="1 kg", stock__price="280.00", sold_out=True)
    PhotoFactory(product=listing)
    CertificateFactory(vendor=group, goods="rice")
    story = StoryFactory(region=paro.doga, told_by="Pema", published=True)
    collection = CollectionFactory(listings=[listing], published=True)
    return {
        "home": ("/", {"WebSite"}),
        "places": ("/places/", {"BreadcrumbList"}),
        "country": (f"/places/{paro.parent.code}/", {"Country", "BreadcrumbList"}),
        "gewog": ("/places/BT-11-DOGA/", {"AdministrativeArea", "BreadcrumbList"}),
        "listing": (listing.get_absolute_url(), {"Product", "BreadcrumbList"}),
        "category": (
            reverse("category-detail", args=[listing.categories.get().slug]),
            {"ItemList", "BreadcrumbList"},
        ),
        "all": ("/products/", {"ItemList", "BreadcrumbList"}),
        "groups": ("/groups/", {"ItemList", "BreadcrumbList"}),
        "group": (group.get_absolute_url(), {"Organization", "BreadcrumbList"}),
        "stories": ("/stories/", {"ItemList", "BreadcrumbList"}),
        "story": (story.get_absolute_url(), {"Article", "BreadcrumbList"}),
        "collections": ("/collections/", {"ItemList", "BreadcrumbList"}),
        "collection": (collection.get_absolute_url(), {"ItemList", "BreadcrumbList"}),
    }, listing


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_tell_what_they_are_about_in_known_words(client, world, language):
    pages, _listing = world
    for name, (address, types) in pages.items():
        told = things(client, in_language(address, language))

        assert set(told) == types, name
        for thing in told.values():
            check(thing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_listing_tells_the_price_stock_and_origin_that_it_shows(client, world, language):
    _pages, listing = world

    told = things(client, in_language(listing.get_absolute_url(), language))["Product"]

    assert told["name"] == "Red rice </script>\u2028 & more"
    said = [(row["name"], row["price"], row["priceCurrency"], row["availability"]) for row in told["offers"]]
    assert said == [
        ("500 g", "150.00", listing.price_currency, "https://schema.org/InStock"),
        ("1 kg", "280.00", listing.price_currency, "https://schema.org/OutOfStock"),
    ]
    assert told["countryOfOrigin"] == {"@type": "Country", "name": listing.region.parent.parent.name}
    assert told["additionalProperty"]["value"] == "Doga"
    assert told["url"] == settings.SITE_URL + in_language(listing.get_absolute_url(), language)
    assert not {"aggregateRating", "review"} & set(told)


def test_a_group_that_is_closed_sells_nothing_by_machine_either(client, world):
    _pages, listing = world
    listing.vendor.closed_from, listing.vendor.closed_until = date(2020, 1, 1), date(2100, 1, 1)
    listing.vendor.save()

    offers = things(client, listing.get_absolute_url())["Product"]["offers"]

    assert {row["availability"] for row in offers} == {"https://schema.org/OutOfStock"}


def test_the_way_to_a_page_is_the_one_that_it_shows(client, paro):
    told = things(client, "/hi/places/BT-11-DOGA/")["BreadcrumbList"]["itemListElement"]

    assert [(row["position"], row["name"], row.get("item")) for row in told[2:]] == [
        (3, "भूटान", f"{settings.SITE_URL}/hi/places/{paro.parent.code}/"),
        (4, "Paro", f"{settings.SITE_URL}/hi/places/BT-11/"),
        (5, "Doga", None),
    ]


def test_a_gewog_lies_in_its_dzongkhag_and_that_in_its_country(client, paro):
    told = things(client, "/places/BT-11-DOGA/")["AdministrativeArea"]

    assert (told["name"], told["containedInPlace"]["name"]) == ("Doga", "Paro")
    assert told["containedInPlace"]["alternateName"] == paro.local_name
    assert told["containedInPlace"]["containedInPlace"]["@type"] == "Country"


def test_a_page_that_nobody_may_see_yet_tells_nothing(client, admin_client):
    group = VendorFactory(draft=True)

    assert set(things(admin_client, group.get_absolute_url())) <= {"BreadcrumbList"}


def test_nothing_in_a_thing_can_end_its_element_or_its_line():
    element = structured.script({"@type": "Thing", "name": "</script><!--\u2028\u2029&", "note": None})

    assert element.count("</script>") == 1
    assert not set("\u2028\u2029&") & set(element)
    assert "<!--" not in element
    assert json.loads(re.search(r">(.*)</script>", element)[1]) == {
        "@context": "https://schema.org",
        "@type": "Thing",
        "name": "</script><!--\u2028\u2029&",
    }


def test_the_shop_says_where_to_search_in_the_language_of_the_page():
    with translation.override("hi"):
        target = structured.shop()["potentialAction"]["target"]["urlTemplate"]

    assert target == f"{settings.SITE_URL}/hi/products/?q={{search_term_string}}"


OF_HINDI = {"title": "लाल चावल", "description": "पारो में उगाया गया।"}


@pytest.mark.parametrize(
    ("language", "title", "description"),
    [
        ("en", "Red rice", "Grown in Paro."),
        ("hi", OF_HINDI["title"], OF_HINDI["description"]),
        ("dz", "Red rice", "Grown in Paro."),
    ],
)
def test_machines_read_the_words_of_the_language_of_the_page(client, paro, language, title, description):
    listing = ListingFactory(
        title="Red rice", description="Grown in Paro.", region=paro.doga, translations={"hi": OF_HINDI}
    )
    PhotoFactory(product=listing)
    category = CategoryFactory(translations={"hi": {"name": "अनाज"}}, name="Grain")
    listing.categories.add(category)

    told = things(client, in_language(listing.get_absolute_url(), language))
    listed = things(client, in_language(f"/category/{category.slug}/", language))

    assert (told["Product"]["name"], told["Product"]["description"]) == (title, description)
    assert told["Product"]["offers"][0]["url"].endswith(in_language(listing.get_absolute_url(), language))
    assert told["BreadcrumbList"]["itemListElement"][-1]["name"] == title
    assert listed["ItemList"]["itemListElement"][0]["name"] == title
    named = listed["BreadcrumbList"]["itemListElement"][-1]["name"]
    assert named == ("अनाज" if language == "hi" else "Grain")
