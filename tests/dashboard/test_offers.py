"""Price and number of listings, changed at once and never over a sale."""

import pytest
from django.urls import reverse

from catalogue.models import Product
from tests.dashboard.given import member_of, paid_part, stock_record
from tests.factories.catalogue import ListingFactory
from vendors.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(listing):
    """Ten units at INR 250.00."""
    return stock_record(listing)


def stock_address(record):
    return reverse("dashboard-stock", args=[record.pk])


def price_address(record):
    return reverse("dashboard-price", args=[record.pk])


def listing_address(record):
    return reverse("dashboard-listing-detail", args=[record.product_id])


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("home", "/dashboard/#stock-{pk}"),
        ("list", "/dashboard/listings/#stock-{pk}"),
        ("https://else.example", ""),
    ],
)
def test_one_more_is_written_and_leads_back(desk, record, back, leads_to):
    answer = desk.post(stock_address(record), {"units": 11, "seen": 10, "back": back})

    record.refresh_from_db()
    assert answer.status_code == 302
    assert answer.url == (leads_to.format(pk=record.pk) or listing_address(record))
    assert (record.num_in_stock, record.num_allocated) == (11, 0)


def test_button_pressed_twice_counts_once(desk, record):
    for _ in range(2):
        desk.post(stock_address(record), {"units": 11, "seen": 10, "back": "home"})

    record.refresh_from_db()
    assert record.num_in_stock == 11


def test_goods_that_left_meanwhile_are_not_put_back(desk, listing, record):
    part = paid_part(listing, 3)
    desk.post(reverse("dashboard-order-accept", args=[part.number]))
    ship = {"carrier": "courier", "tracking_number": "1"}
    desk.post(reverse("dashboard-order-ship", args=[part.number]), ship)

    page = desk.post(stock_address(record), {"units": 12, "seen": 10, "back": "home"}, follow=True)

    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (7, 0)
    assert "7 are there now" in page.content.decode()


def test_number_is_never_less_than_what_is_sold(desk, listing, record):
    paid_part(listing, 4)

    page = desk.post(stock_address(record), {"units": 3, "seen": 10})

    record.refresh_from_db()
    assert page.status_code == 200
    assert "4 are sold and not yet sent, so there must be at least 4." in page.content.decode()
    assert (record.num_in_stock, record.num_allocated) == (10, 4)


def test_refused_count_can_be_mended_and_sent_again(desk, record):
    type(record).objects.filter(pk=record.pk).update(num_in_stock=7)

    page = desk.post(stock_address(record), {"units": 12, "seen": 10})
    form = page.context["offers"][0].stock_form
    desk.post(stock_address(record), {"units": form["units"].value(), "seen": form["seen"].value()})

    record.refresh_from_db()
    assert (form["units"].value(), form["seen"].value()) == ("12", "7")
    assert record.num_in_stock == 12


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"units": "many", "seen": "10"}, "Write the number in figures"),
        ({"units": "-1", "seen": "10"}, "There cannot be fewer than none."),
        ({"units": "1000000000", "seen": "10"}, "Write at most 100000."),
        ({"units": "", "seen": "10"}, "Write how many there are"),
    ],
)
@pytest.mark.parametrize("back", ["home", ""])
def test_number_that_is_none_is_refused_with_words(desk, record, sent, words, back):
    page = desk.post(stock_address(record), {**sent, "back": back}, follow=True)

    record.refresh_from_db()
    assert words in page.content.decode()
    assert record.num_in_stock == 10


@pytest.mark.parametrize("sent", [{"units": "11"}, {"units": "11", "seen": "x"}, {}])
def test_number_without_the_one_that_was_seen_is_refused(desk, record, sent):
    page = desk.post(stock_address(record), sent)

    record.refresh_from_db()
    assert page.status_code == 200
    assert record.num_in_stock == 10


def test_price_of_a_live_listing_changes_at_once_and_orders_keep_theirs(desk, listing, record):
    part = paid_part(listing, 2)

    answers = [desk.post(price_address(record), {"price": "275.50"}) for _ in range(2)]

    record.refresh_from_db()
    listing.refresh_from_db()
    part.refresh_from_db()
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, listing_address(record))] * 2
    assert (str(record.price), str(listing.price_from), listing.state) == (
        "275.50",
        "275.50",
        Product.State.LIVE,
    )
    assert (str(part.goods_total), str(part.lines.get().unit_price_incl_tax)) == ("500.00", "250.00")


@pytest.mark.parametrize("price", ["", "free", "0", "-1", "1.001", "1e12", "NaN", "Infinity"])
def test_price_that_is_none_is_refused_and_stays_typed(desk, record, price):
    page = desk.post(price_address(record), {"price": price})

    record.refresh_from_db()
    form = page.context["offers"][0].price_form
    assert page.status_code == 200
    assert form.errors["price"]
    assert form["price"].value() == price
    assert f'href="#id_{record.pk}_price"' in page.content.decode()
    assert str(record.price) == "250.00"


def test_packer_counts_but_sets_no_price(client, listing, record):
    client.force_login(member_of(listing.vendor, Membership.Role.PACKER))

    counted = client.post(stock_address(record), {"units": 9, "seen": 10})
    priced = client.post(price_address(record), {"price": "1"})

    record.refresh_from_db()
    assert (counted.status_code, priced.status_code) == (302, 403)
    assert (record.num_in_stock, str(record.price)) == (9, "250.00")


def test_addresses_of_the_forms_lead_back_to_the_listing(desk, record):
    answers = [desk.get(stock_address(record)), desk.get(price_address(record))]

    assert [answer.url for answer in answers] == [listing_address(record)] * 2


def test_draft_page_comes_back_with_what_was_refused(desk, listing):
    draft = ListingFactory(draft=True, vendor=listing.vendor)
    record = stock_record(draft)

    page = desk.post(price_address(record), {"price": "free"})

    assert page.status_code == 200
    assert "Write the price in figures" in page.content.decode()
