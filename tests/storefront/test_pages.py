"""Every public page: what it says, and what it never shows."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_home_shows_maps_new_listings_and_what_nobody_sells(client, paro):
    honey = ListingFactory(title="Cliff honey", region=paro.doga)
    IdentifiedProductFactory(region=paro.doga, name="Earthen pottery")

    html = page(client, "/")

    assert "Doga, Paro: 1 listing" in html
    assert honey.get_absolute_url() in html
    assert "Earthen pottery" in html


def test_an_empty_shop_still_has_its_pages(client, db):
    for address in ("/", "/places/", "/products/", "/groups/", "/basket/", "/how-it-works/"):
        assert "<h1" in page(client, address)


@pytest.mark.parametrize("structure", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_what_is_not_approved_is_shown_nowhere(client, paro, structure):
    hidden = ListingFactory(title="Secret jam", region=paro.doga, **{structure: True})

    for address in ("/", "/products/?q=Secret", "/places/BT-11/", hidden.vendor.get_absolute_url()):
        assert "Secret jam" not in page(client, address)
    page(client, f"/products/{hidden.slug}-{hidden.pk}/", status=404)


@pytest.mark.parametrize("state", ["applied", "returned", "suspended", "closed"])
def test_a_group_that_is_not_approved_has_no_page_and_sells_nothing(client, paro, state):
    group = VendorFactory(home_region=paro.doga, **{state: True})
    listing = ListingFactory(title="Secret jam", vendor=group)

    assert "Secret jam" not in page(client, "/products/")
    assert group.name not in page(client, "/groups/")
    page(client, group.get_absolute_url(), status=404)
    page(client, listing.get_absolute_url(), status=404)


def test_a_row_of_a_group_breaks_neither_a_word_nor_before_a_dot(client, paro):
    VendorFactory(home_region=paro.doga, kind="cooperative")

    html = page(client, "/groups/")

    assert "\u00a0· co\u2011operative" in html
    assert "co-operative" not in html.split("<main", 1)[1].split("</main>")[0]


def test_a_place_says_what_it_is_known_for_also_when_nobody_sells_it(client, paro):
    IdentifiedProductFactory(region=paro.doga, name="Earthen pottery")

    html = page(client, "/places/BT-11-DOGA/")

    assert "Earthen pottery" in html
    assert "No seller yet." in html
    assert "One Gewog One Product" in html
    assert re.search(r'lang="dz">\s*སྤ་རོ', page(client, "/places/BT-11/"))


def test_a_place_counts_what_lies_below_it(client, paro):
    ListingFactory.create_batch(3, region=paro.doga)

    html = page(client, "/places/BT-11/")

    assert re.search(r"<dt>listings</dt>\s*<dd>3</dd>", html)
    assert "Doga: 3 listings" in html


def test_an_unknown_place_is_said_to_be_unknown(client, db):
    assert "We do not know a place with the code BT-99." in page(client, "/places/BT-99/", status=404)


def test_a_code_in_small_letters_leads_to_the_place(client, paro):
    answer = client.get("/places/bt-11/")

    assert (answer.status_code, answer["Location"]) == (301, "/places/BT-11/")


def test_a_listing_shows_sizes_prices_origin_and_offers(client, paro):
    listing = ListingFactory(
        title="Red rice", region=paro.doga, stock=None, description="</script><b>bold</b>"
    )
    SizeFactory(parent=listing, size_label="500 g", stock__price="150.00")
    SizeFactory(parent=listing, size_label="1 kg", stock__price="280.00", sold_out=True)
    PhotoFactory(product=listing)

    html = page(client, listing.get_absolute_url())

    assert "500 g" in html
    assert "₹150" in html
    assert listing.vendor.name in html
    data = json.loads(re.search(r'application/ld\+json">(.*?)</script>', html)[1])
    assert [offer["price"] for offer in data["offers"]] == ["150.00", "280.00"]
    assert [offer["availability"] for offer in data["offers"]] == [
        "https://schema.org/InStock",
        "https://schema.org/OutOfStock",
    ]
    assert data["description"] == "</script><b>bold</b>"
    assert "<b>bold</b>" not in html


def test_the_page_of_a_size_and_a_wrong_slug_lead_to_the_listing(client, paro):
    listing = ListingFactory(region=paro.doga, stock=None)
    size = SizeFactory(parent=listing)

    for address in (f"/products/{size.slug}-{size.pk}/", f"/products/wrong-{listing.pk}/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, listing.get_absolute_url())


def test_a_closed_group_shows_its_listing_but_does_not_sell(client, paro):
    today = timezone.localdate()
    group = VendorFactory(home_region=paro.doga, closed_from=today, closed_until=today + timedelta(days=3))
    listing = ListingFactory(title="Shawl", vendor=group)

    html = page(client, listing.get_absolute_url())

    assert "The group is closed until" in html
    assert "Add to basket" not in html


def test_a_category_holds_what_lies_below_it(client, paro):
    food = CategoryFactory(name="Food", slug="food")
    honey = CategoryFactory(name="Honey", slug="honey", parent=food)
    ListingFactory(title="Cliff honey", region=paro.doga, categories=[honey])
    ListingFactory(title="Shawl", region=paro.doga)

    html = page(client, "/category/food/")

    assert "Cliff honey" in html
    assert "Shawl" not in html
    page(client, "/category/nothing/", status=404)


def test_band_and_drawing_are_pictures_of_their_own(client, paro):
    product = IdentifiedProductFactory(region=paro.doga)

    for address in ("/bands/BT-11.svg", "/bands/BT-11.svg?swatch", f"/known/{product.pk}.svg"):
        answer = client.get(address)
        assert answer["Content-Type"] == "image/svg+xml"
        assert "immutable" in answer["Cache-Control"]
    page(client, "/bands/XX.svg", status=404)
    page(client, "/known/999999999.svg", status=404)


def test_the_language_changes_and_the_page_stays(client, db):
    answer = client.get("/language/dz/", {"next": "/places/"})

    assert answer["Location"] == "/dz/places/"
    assert '<html lang="dz">' in page(client, "/dz/places/")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_language_switch_leads_to_our_own_pages_only(client, db, target):
    assert client.get("/language/hi/", {"next": target})["Location"].startswith("/hi/")


def test_a_language_nobody_speaks_here_is_404(client, db):
    page(client, "/language/fr/", status=404)


def test_an_address_that_leads_nowhere_is_answered_in_plain_words(client, db):
    html = page(client, "/nothing-here/", status=404)

    assert "The address is wrong, or what stood here is no longer on sale." in html
    assert "Resolver404" not in html


def test_no_page_holds_inline_style_or_script(client, paro):
    listing = ListingFactory(region=paro.doga)

    for address in ("/", "/places/BT-11/", listing.get_absolute_url(), "/products/", "/basket/"):
        html = page(client, address)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
        assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", html) == []


def test_names_of_places_in_another_script_say_their_language(client, paro):
    RegionFactory(dzongkhag=True, parent=paro.parent, local_name="ཧཱ", local_language="dz")

    assert page(client, "/places/").count('lang="dz">ཧཱ') == 1
