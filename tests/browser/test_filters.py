"""Filters in the browser: their button says what will be found before it is pressed."""

import pytest
from playwright.sync_api import expect

from tests.browser.goods import one_stall
from tests.factories.catalogue import ListingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_button_says_how_many_remain_with_each_change(shop, guest):
    place = one_stall().place
    for price in (100, 200, 300):
        ListingFactory(title=f"Honey for {price}", region=place, stock__price=price)
    guest.goto("/products/?q=honey#filters")
    button = guest.locator("#filters button[type=submit]")

    expect(button).to_have_text("Show the listings")
    guest.get_by_label("up to").fill("200")
    expect(button).to_have_text("Show 2 listings")
    guest.get_by_label("up to").fill("150")
    expect(button).to_have_text("Show 1 listing")
    guest.get_by_label("up to").fill("5")
    expect(button).to_have_text("Nothing fits all of this")
    guest.get_by_label("up to").fill("200")
    expect(button).to_have_text("Show 2 listings")
    button.click()

    expect(guest.get_by_text("Honey for 300")).to_have_count(0)
    expect(guest.get_by_role("link", name="Honey for 200", exact=True)).to_be_visible()
