"""What machines read: robots.txt, sitemaps in parts, the product feed."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from catalogue.services.prices import refresh_price_from
from storefront import sitemaps
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Partner

pytestmark = pytest.mark.django_db

LOC = ".//{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LINK = ".//{http://www.w3.org/1999/xhtml}link"
GOOGLE = {"g": "http://base.google.com/ns/1.0"}


def read(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    assert answer["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer


def addresses(client, section):
    return [row.text for row in read(client, f"/sitemap-{section}.xml").findall(LOC)]


def test_index_names_every_part_and_a_block_only_when_it_holds_something(client):
    listing = ListingFactory()
    block = listing.pk // sitemaps.BLOCK

    found = [row.text for row in read(client, "/sitemap.xml").findall(LOC)]

    names = ["pages", "places", "categories", "groups", "collections", "stories", f"listings-{block}"]
    assert found == [f"{settings.SITE_URL}/sitemap-{name}.xml" for name in names]


def test_listing_stands_in_its_block_in_every_language_with_its_sisters(client):
    listing = ListingFactory()

    root = read(client, f"/sitemap-listings-{listing.pk // sitemaps.BLOCK}.xml")

    page = listing.get_absolute_url()
    sisters = {
        language: f"{settings.SITE_URL}{start}{page}"
        for language, start in (("en", ""), ("hi", "/hi"), ("dz", "/dz"))
    }
    assert [row.text for row in root.findall(LOC)] == list(sisters.values())
    named = {(row.get("hreflang"), row.get("href")) for row in root.findall(LINK)}
    assert named == {*sisters.items(), ("x-default", sisters["en"])}


@pytest.mark.parametrize("trait", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_what_nobody_may_see_is_in_no_part(client, trait):
    listing = ListingFactory(**{trait: True})
    suspended = ListingFactory(vendor=VendorFactory(suspended=True))
    group = VendorFactory(draft=True)
    past = RegionFactory(ended_on=timezone.now().date() - timedelta(days=1))

    everything = [found for name in sitemaps.parts() for found in addresses(client, name)]
    everything += addresses(client, f"listings-{listing.pk // sitemaps.BLOCK}")

    for hidden in (listing, suspended, group):
        assert f"{settings.SITE_URL}{hidden.get_absolute_url()}" not in everything
    assert f"{settings.SITE_URL}{reverse('place-detail', args=[past.code])}" not in everything


def test_every_address_of_the_sitemap_answers(client):
    listing = ListingFactory(categories=[CategoryFactory()])
    RegionFactory()

    found = [address for name in sitemaps.parts() for address in addresses(client, name)]

    assert f"{settings.SITE_URL}{listing.get_absolute_url()}" in found
    for address in found:
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


@pytest.mark.parametrize("name", ["nothing", "listings-", "listings-x", "listings-1111111111", "listings-²"])
def test_part_that_there_is_not_is_404(client, name):
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_parts_cost_as_much_for_twenty_as_for_one(client, django_assert_num_queries):
    def fill(count):
        for _each in range(count):
            ListingFactory()

    fill(1)
    block = Product.objects.latest("pk").pk // sitemaps.BLOCK
    sections = [
        "/sitemap.xml",
        f"/sitemap-listings-{block}.xml",
        f"/feeds/products-{block}.xml",
        "/sitemap-groups.xml",
    ]
    few = {}
    client.get("/sitemap-pages.xml")
    for address in sections:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        few[address] = len(asked)
    fill(19)
    for address in sections:
        with django_assert_num_queries(few[address]):
            client.get(address)


def test_robots_are_kept_from_pages_of_persons_and_shown_the_sitemap(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    for closed in ("/account/", "/hi/account/", "/dz/checkout/", "/orders/", "/admin/", "/dashboard/"):
        assert f"Disallow: {closed}" in lines


def test_feed_says_price_place_and_whether_it_can_be_bought(client):
    listing = ListingFactory(
        title="Red rice <1 kg> & more", description="Grown in Paro.", stock__price="450.00"
    )
    PhotoFactory(product=listing)
    sold_out = ListingFactory(stock__num_in_stock=0)
    PhotoFactory(product=sold_out)

    root = read(client, f"/feeds/products-{listing.pk // sitemaps.BLOCK}.xml")

    items = {row.findtext("g:id", namespaces=GOOGLE): row for row in root.iter("item")}
    first = items[str(listing.pk)]
    said = {
        name: first.findtext(f"g:{name}", namespaces=GOOGLE)
        for name in ("title", "link", "availability", "price", "brand")
    }
    assert said == {
        "title": "Red rice <1 kg> & more",
        "link": f"{settings.SITE_URL}{listing.get_absolute_url()}",
        "availability": "in_stock",
        "price": f"450.00 {listing.price_currency}",
        "brand": listing.vendor.name,
    }
    assert items[str(sold_out.pk)].findtext("g:availability", namespaces=GOOGLE) == "out_of_stock"


def item_of(client, listing, **headers):
    (item,) = read(client, f"/feeds/products-{listing.pk // sitemaps.BLOCK}.xml", **headers).iter("item")
    return {row.tag.rpartition("}")[2]: row.text for row in item}


def in_sizes(*sizes):
    """A listing with a photo and sizes: price, units."""
    listing = ListingFactory(stock=None)
    PhotoFactory(product=listing)
    for number, (price, units) in enumerate(sizes):
        SizeFactory(
            parent=listing, net_quantity=100 * (number + 1), stock__price=price, stock__num_in_stock=units
        )
    refresh_price_from(listing.pk)
    return listing


@pytest.mark.parametrize(
    ("sizes", "price", "availability"),
    [
        ([("150.00", 5), ("280.00", 5)], "150.00", "in_stock"),
        ([("150.00", 0), ("280.00", 5), ("400.00", 5)], "280.00", "in_stock"),
        # A larger one may be cheaper.
        ([("280.00", 5), ("150.00", 5)], "150.00", "in_stock"),
        ([("280.00", 5), ("150.00", 0)], "280.00", "in_stock"),
        ([("280.00", 0), ("150.00", 0)], "150.00", "out_of_stock"),
    ],
)
def test_feed_and_page_say_the_price_of_what_can_be_bought(client, sizes, price, availability):
    listing = in_sizes(*sizes)

    item, page = item_of(client, listing), client.get(listing.get_absolute_url())

    assert item["price"] == f"{price} {settings.CHARGE_CURRENCY}"
    assert item["availability"] == availability
    assert f'property="product:price:amount"\n          content="{price}"' in page.content.decode()
    assert (page.context["chosen"].price, page.context["can_buy"]) == (
        Decimal(price),
        availability == "in_stock",
    )


def test_units_that_are_promised_to_others_and_sizes_taken_out_are_nothing_to_buy(client):
    listing = in_sizes(("100.00", 3), ("150.00", 5), ("280.00", 5))
    promised, taken_out, _left = Product.objects.filter(parent=listing).order_by("net_quantity")
    promised.stockrecords.update(num_allocated=3)
    assert item_of(client, listing)["price"].startswith("150.00")
    Product.objects.filter(pk=taken_out.pk).update(is_removed=True, state="withdrawn", is_public=False)
    refresh_price_from(listing.pk)

    assert item_of(client, listing)["price"].startswith("280.00")


def test_feed_says_that_nothing_is_sold_by_a_group_that_is_closed(client):
    listing = in_sizes(("150.00", 5))
    day = timezone.now()
    Partner.objects.filter(pk=listing.vendor_id).update(
        closed_from=day - timedelta(days=2), closed_until=day + timedelta(days=2)
    )

    assert item_of(client, listing)["availability"] == "out_of_stock"


def test_feed_speaks_the_first_language_of_the_shop_whoever_asks(client):
    listing = ListingFactory(
        title="लाल चावल",
        words_language="hi",
        translations={"en": {"title": "Red rice", "description": "Grown in Paro."}},
    )
    PhotoFactory(product=listing)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"

    item = item_of(client, listing, **{"Accept-Language": "hi"})

    assert (item["title"], item["description"]) == ("Red rice", "Grown in Paro.")
    assert item["link"] == f"{settings.SITE_URL}/products/{listing.slug}-{listing.pk}/"


def test_feed_survives_signs_that_no_xml_may_hold(client):
    listing = ListingFactory(title="Tea\x0bleaves", description="From\x00".replace("\x00", "\x08") + "Ilam")
    PhotoFactory(product=listing)

    assert list(read(client, f"/feeds/products-{listing.pk // sitemaps.BLOCK}.xml").iter("item"))


# What developers of adverts must be told of each item: support.google.com/merchants/answer/7052112, with the longest that each may be.
REQUIRED = {"id": 50, "title": 150, "description": 5000, "link": 2000, "image_link": 2000, "brand": 70}
CLOSED = {
    "availability": {"in_stock", "out_of_stock", "preorder", "backorder"},
    "condition": {"new", "refurbished", "used"},
    "identifier_exists": {"yes", "no"},
}


def test_every_item_of_the_feed_has_what_is_asked_of_it(client):
    for listing in (ListingFactory(title="T" * 200, description=""), ListingFactory(stock__num_in_stock=0)):
        PhotoFactory(product=listing)
    bare = ListingFactory()
    hidden = ListingFactory(withdrawn=True)
    PhotoFactory(product=hidden)

    items = list(read(client, f"/feeds/products-{bare.pk // sitemaps.BLOCK}.xml").iter("item"))

    assert len(items) == 2  # neither without a picture nor what nobody may see
    for item in items:
        said = {row.tag.rpartition("}")[2]: row.text for row in item}
        assert {name for name, most in REQUIRED.items() if not 0 < len(said[name]) <= most} == set()
        assert {name for name, words in CLOSED.items() if said[name] not in words} == set()
        assert re.fullmatch(r"\d+\.\d\d (INR|BTN)", said["price"])
        assert said["link"].startswith(f"{settings.SITE_URL}/")
        assert said["image_link"].startswith(f"{settings.SITE_URL}/")


CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')


def test_a_renamed_listing_is_led_to_and_told_of_under_its_new_address_alone(client):
    listing = ListingFactory(title="Red rice")
    PhotoFactory(product=listing)
    old = listing.get_absolute_url()
    listing.title, listing.slug = "White rice", "white-rice"
    listing.save()

    new = listing.get_absolute_url()

    answer = client.get(f"/hi{old}")

    assert (answer.status_code, answer["Location"]) == (301, f"/hi{new}")
    assert CANONICAL.search(client.get(new).content.decode())[1] == settings.SITE_URL + new
    block = listing.pk // sitemaps.BLOCK
    assert settings.SITE_URL + new in addresses(client, f"listings-{block}")
    for told in (f"/sitemap-listings-{block}.xml", f"/feeds/products-{block}.xml"):
        assert old not in client.get(told).content.decode()


def test_a_group_keeps_its_address_whatever_it_is_called_and_however_it_is_typed(client):
    group = VendorFactory(code="khoma-weavers")
    group.name = "Weavers of Khoma"
    group.save()

    answer = client.get("/groups/Khoma-WEAVERS/")

    assert (answer.status_code, answer["Location"]) == (301, "/groups/khoma-weavers/")
    assert client.get("/groups/khoma-weavers/").status_code == 200
    assert addresses(client, "groups")[0] == f"{settings.SITE_URL}/groups/khoma-weavers/"


def test_a_draft_group_is_not_betrayed_by_another_spelling(client):
    VendorFactory(draft=True, code="khoma-weavers")

    assert client.get("/groups/KHOMA-weavers/").status_code == 404


@pytest.mark.parametrize(
    ("query", "is_listed"),
    [
        ("", True),
        ("?page=1", True),
        ("?q=&utm_source=x", True),
        ("?q=rice", False),
        ("?page=1&sort=cheap", False),
    ],
)
def test_lists_are_listed_and_their_combinations_of_filters_are_not(client, query, is_listed):
    page = client.get(f"/products/{query}").content.decode()

    assert ("noindex" not in page) == is_listed
    assert bool(CANONICAL.search(page)) == is_listed


@pytest.mark.parametrize(
    "address", ["/basket/", "/account/login/", "/account/join/", "/orders/find/", "/deliver-to/"]
)
def test_pages_about_one_person_ask_not_to_be_listed(client, address):
    page = client.get(address).content.decode()

    assert '<meta name="robots" content="noindex' in page
    assert not CANONICAL.search(page)
