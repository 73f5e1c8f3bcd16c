"""Crumbs: the way from the home page to every page below it, for people and for machines."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from orders.services import releasing
from orders.services.placing import place_order
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.support.sale import checkout_data, filled_basket

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# The home page has nothing above it; the showcase stands beside the shop.
WITHOUT = {"storefront/home.html", "storefront/style.html"}
CRUMBS = ("components/crumbs.html", "{% way ", "storefront/parts/order_way.html")


def shown(page):
    """Words and addresses of the crumbs as they are read; the page itself has no address."""
    nav = re.search(r'<nav class="crumbs".*?</nav>', page.content.decode(), re.S).group()
    return [
        (words, address or None)
        for address, words in re.findall(r'<li><(?:a href="([^"]*)"|span)[^>]*>([^<]*)<', nav)
    ]


def told(page):
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode())
    lists = [thing for thing in map(json.loads, scripts) if thing["@type"] == "BreadcrumbList"]
    assert len(lists) == 1
    steps = lists[0]["itemListElement"]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    return [(step["name"], step.get("item", "").removeprefix(settings.SITE_URL) or None) for step in steps]


def test_every_page_of_the_shop_and_of_an_account_has_crumbs():
    names = sorted(
        str(file.relative_to(TEMPLATES))
        for room in ("storefront", "account")
        for file in (TEMPLATES / room).glob("*.html")
        if '{% extends "base.html" %}' in file.read_text()
    )

    assert len(names) > 40
    assert [
        name
        for name in names
        if name not in WITHOUT and not any(part in (TEMPLATES / name).read_text() for part in CRUMBS)
    ] == []


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("/places/", [("Home", "/"), ("Places", None)]),
        (
            "/places/BT-11/",
            [("Home", "/"), ("Places", "/places/"), ("Bhutan", "/places/BT/"), ("Paro", None)],
        ),
        ("/groups/", [("Home", "/"), ("Producer groups", None)]),
        ("/stories/", [("Home", "/"), ("Stories", None)]),
        ("/collections/", [("Home", "/"), ("Collections", None)]),
        ("/how-it-works/", [("Home", "/"), ("How it works", None)]),
        ("/impact/", [("Home", "/"), ("How it works", "/how-it-works/"), ("What reaches producers", None)]),
        ("/basket/", [("Home", "/"), ("Basket", None)]),
        ("/orders/find/", [("Home", "/"), ("Find your order", None)]),
        (
            "/account/join/",
            [("Home", "/"), ("Sign in", "/account/login/"), ("Sign in or join by code", None)],
        ),
        ("/products/", [("Home", "/"), ("All products", None)]),
    ],
)
def test_crumbs_lead_home_and_machines_read_the_same(paro, client, address, way):
    page = client.get(address)

    assert shown(page) == told(page) == way


def test_an_order_lies_below_the_account_of_its_buyer(paro, deliveries, client):
    buyer = PersonFactory()
    basket = filled_basket((ListingFactory(), 1))
    order = place_order(basket, checkout_data(basket, user=buyer))
    releasing.release(order)
    client.force_login(buyer)

    way = shown(client.get(order.get_absolute_url()))

    assert way == [("Home", "/"), ("Your account", "/account/"), (f"Order {order.number}", None)]


def test_a_form_about_a_listing_lies_below_the_listing(paro, client):
    listing = ListingFactory(title="Honey <b>of</b> Paro", region=paro)

    page = client.get(f"/products/{listing.pk}/report/")

    assert shown(page)[1] == ("Honey &lt;b&gt;of&lt;/b&gt; Paro", listing.get_absolute_url())
