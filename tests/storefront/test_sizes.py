"""Each size of a listing has its price, its stock and its delivery on the page, and the ticked one is shown."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.vendors import VendorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deliveries", "thimphu")]


@pytest.fixture
def listing(paro):
    """Of two sizes; the group sends free of charge what costs 500 or more."""
    group = VendorFactory(home_region=paro.doga)
    own = {"zone": "home", "name": "Bus", "price": Decimal("80.00"), "free_above": Decimal("500.00")}
    DeliveryMethodFactory(vendor=group, **own)
    listing = ListingFactory(vendor=group, region=paro.doga, stock=None)
    SizeFactory(parent=listing, size_label="250 g", stock__price=Decimal("280.00"), stock__num_in_stock=12)
    SizeFactory(parent=listing, size_label="1 kg", stock__price=Decimal("990.00"), stock__num_in_stock=3)
    return listing


def page(client, listing):
    return " ".join(client.get(listing.get_absolute_url()).content.decode().split())


def by_size(html):
    """The blocks that hold a part for each size."""
    starts = [found.start() for found in re.finditer(r'class="by-size"', html)]
    return [html[start : start + 2500] for start in starts]


def test_price_bar_stock_and_delivery_are_there_for_each_size(client, listing):
    html = page(client, listing)
    price, facts, bar = by_size(html)

    assert re.findall(r"₹[\d,]+</data>", price)[:2] == ["₹280</data>", "₹990</data>"]
    assert re.findall(r"₹[\d,]+</data>", bar)[:2] == ["₹280</data>", "₹990</data>"]
    assert [found in facts for found in ("12 ready to send from Doga.", "3 ready to send from Doga.")] == [
        True,
        True,
    ]
    sums = re.findall(r"₹\d+ for everything from this group|, free\.", facts)
    assert sums == ["₹80 for everything from this group", ", free."]


def test_the_page_begins_with_the_cheapest_and_each_circle_says_what_is_there(client, listing):
    html = page(client, listing)

    assert [row.is_chosen for row in client.get(listing.get_absolute_url()).context["sizes"]] == [True, False]
    assert html.count('is-chosen"') == 3
    assert re.findall(r'<span class="whole">(\d+ ready)<', html) == ["12 ready", "3 ready"]


def test_what_has_no_sizes_says_the_same_once(client, paro):
    listing = ListingFactory(region=paro.doga, stock__price=Decimal("280.00"), stock__num_in_stock=4)

    html = page(client, listing)

    assert html.count("ready to send from") == 1
    assert len(client.get(listing.get_absolute_url()).context["sizes"]) == 1


def test_ten_sizes_cost_as_many_queries_as_two(client, listing):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(listing.get_absolute_url())
        return len(found)

    queries()
    few = queries()
    for number in range(8):
        SizeFactory(parent=listing, size_label=f"{number + 2} kg")

    assert queries() == few


def test_the_stylesheet_shows_the_part_of_the_ticked_circle_and_hides_the_others():
    text = (Path(settings.BASE_DIR) / "static/css/components/sizes.css").read_text()

    for place in range(1, 13):
        ticked = f"main:has(.size:nth-child({place}) :checked) .by-size"
        assert f"{ticked} > :not(:nth-child({place}))" in text
        assert f"{ticked} > :nth-child({place})" in text
