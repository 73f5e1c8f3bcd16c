"""Pages in a real browser: accessible, never wider than the window, usable by keyboard and without scripts."""

import os
import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import expect, sync_playwright

from orders.basket.models import Line
from tests.factories.catalogue import CategoryFactory, ListingFactory, SizeFactory
from tests.factories.programme import AnnouncementFactory, CollectionFactory, StoryFactory
from tests.factories.regions import CountryFactory, IdentifiedProductFactory, MapTileFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support import browser as chromium
from tests.support.sale import open_shop
from vendors.models import StockRecord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chrome():
    # Playwright's loop runs in this thread, which Django takes for asynchronous code; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find_chromium(), args=FLAGS)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def listing(transactional_db):
    """A listing with two sizes in a gewog that stands on the map, and all that pages show beside it."""
    open_shop()
    paro = RegionFactory(
        dzongkhag=True,
        parent=CountryFactory(),
        code="BT-11",
        name="Paro",
        local_name="སྤ་རོ",
        local_language="dz",
    )
    CountryFactory(code="IN")
    doga = RegionFactory(parent=paro, code="BT-11-DOGA", name="Doga")
    MapTileFactory(region=doga, column=3, row=3)
    IdentifiedProductFactory(region=doga, name="Earthen pottery")
    group = VendorFactory(name="Doga Growers", code="doga-growers", home_region=doga, food_licence="BFDA 12")
    food = CategoryFactory(name="Food", slug="food")
    ListingFactory(title="Raw honey", vendor=group, categories=[food])
    made = ListingFactory(title="Red rice", vendor=group, categories=[food], stock=None)
    SizeFactory(parent=made, size_label="500 g")
    SizeFactory(parent=made, size_label="1 kg", sold_out=True)
    cache.clear()
    AnnouncementFactory(published=True, level="warn")
    CollectionFactory(published=True, slug="losar", region=paro, listings=[made], title_hi="लोसर")
    StoryFactory(
        published=True, slug="red-rice", region=doga, vendor=group, body="## Water\n\n- [Doga](/places/)"
    )
    yield made
    cache.clear()


def pages(listing):
    return [
        "/",
        "/places/",
        "/places/BT-11/",
        "/places/BT-11-DOGA/",
        "/category/food/",
        "/products/?q=rice&place=Parro",
        listing.get_absolute_url(),
        "/groups/",
        "/groups/doga-growers/",
        "/collections/",
        "/collections/losar/",
        "/stories/",
        "/stories/red-rice/",
        "/how-it-works/",
        "/basket/",
        "/orders/find/",
        "/account/login/",
        "/account/join/",
        "/nothing-here/",
    ]


def problems(page):
    """What axe finds, and whether the page is wider than the window."""
    found = [
        f"{row['id']}: {row['nodes'][0]['html'][:120]}" for row in Axe().run(page).response["violations"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, "wider than the window"] if too_wide else found


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_no_page_has_a_problem_that_axe_knows(chrome, live_server, listing, width, scheme):
    # The page's own rules would keep axe out: it is put in as a script.
    context = chrome.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()

    found = {}
    for address in pages(listing):
        page.goto(live_server.url + address)
        found[address] = problems(page)
    context.close()

    assert {address: what for address, what in found.items() if what} == {}


def test_the_checkout_has_no_problem_that_axe_knows(chrome, live_server, listing):
    context = chrome.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    page.goto(live_server.url + listing.get_absolute_url())
    page.locator(".buyline .btn-main").click()
    found = []

    expect(page.locator("h1")).to_have_text("Basket")
    found += problems(page)
    page.goto(live_server.url + "/checkout/")
    page.get_by_role("button", name="Go on to delivery").click()
    expect(page.locator(".summary")).to_be_focused()
    found += problems(page)
    context.close()

    assert found == []


def test_the_first_key_leads_past_the_header(chrome, live_server, listing):
    page = chrome.new_page(viewport={"width": 1280, "height": 900})
    page.goto(live_server.url)

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/#main")
    page.close()


def test_nothing_of_a_page_is_refused_by_its_own_rules(chrome, live_server, listing):
    page = chrome.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    for address in pages(listing)[:-1]:
        page.goto(live_server.url + address)
    page.close()

    assert said == []


def test_minus_and_plus_change_the_basket(chrome, live_server, listing):
    page = chrome.new_page(viewport={"width": 360, "height": 740})
    page.goto(live_server.url + listing.get_absolute_url())
    page.get_by_role("button", name="One more of Red rice").click()
    page.locator(".buyline .btn-main").click()
    expect(page.get_by_role("status")).to_contain_text("In your basket")

    page.get_by_role("button", name="One more of Red rice").click()
    expect(page.get_by_role("status")).to_contain_text("3 now")
    page.close()

    assert Line.objects.get().quantity == 3


def test_everything_works_without_scripts(chrome, live_server, listing):
    context = chrome.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + listing.get_absolute_url())
    page.get_by_label("How many", exact=True).fill("2")
    page.locator(".buyline .btn-main").click()
    page.get_by_label("How many of Red rice").fill("4")
    page.get_by_role("button", name=re.compile("^Change")).click()
    expect(page.get_by_role("status")).to_contain_text("4 now")

    page.goto(live_server.url + "/checkout/")
    page.get_by_label("Country").select_option("IN")
    page.get_by_label("Name").fill("Tenzin")
    page.get_by_role("button", name="Show the fields of this country").click()
    expect(page.get_by_label("PIN code")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Tenzin")
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_ticked_size_is_the_one_whose_price_stands_beside_the_button(
    chrome, live_server, listing, scripts
):
    large = listing.children.order_by("pk").last()
    StockRecord.objects.filter(product=large).update(price=Decimal("990.00"), num_in_stock=3, num_allocated=0)
    window = chrome.new_page(
        viewport={"width": 360, "height": 740}, java_script_enabled=scripts, locale="en-GB"
    )
    window.goto(live_server.url + listing.get_absolute_url())
    price, bar = window.locator(".buy .price-big:visible"), window.locator(".buybar .price:visible")
    before = bar.inner_text()

    window.locator(f'input[name="product"][value="{large.pk}"]').check()

    expect(price).to_have_count(1)
    expect(price).to_contain_text("₹990")
    expect(bar).to_contain_text("₹990")
    assert "₹990" not in before
    expect(window.locator(".by-size .avail:visible").first).to_contain_text("3 ready to send")
    window.close()
