"""The stock screen: relative buttons, guarded counts, prices and the number at which the group is told."""

import re

import pytest
from django.urls import reverse

from tests.dashboard.given import member_of, paid_part, queries_of, stock_record
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Membership, StockMovement, StockRecord
from vendors.services import stock

pytestmark = pytest.mark.django_db
SCREEN = reverse("dashboard-stock-list")


@pytest.fixture
def record(listing):
    return stock_record(listing)


def send(client, record, do, **sent):
    return client.post(f"{SCREEN}?show=&q=rice", {"record": record.pk, "do": do, **sent})


def token_on(page):
    return re.search(r'name="token"\s+value="([^"]+)"', page.content.decode()).group(1)


def test_buttons_count_from_what_is_there_now_and_once_for_each_page(desk, chair, record):
    token = token_on(desk.get(SCREEN))
    stock.reserve({record.pk: 3})
    stock.consume({record.pk: 3})

    answers = [send(desk, record, "step", units="1", token=token) for _ in range(2)]
    record.refresh_from_db()

    assert [answer.url for answer in answers] == [f"{SCREEN}?show=&q=rice#stock-{record.pk}"] * 2
    assert record.num_in_stock == 8
    last = StockMovement.objects.latest("pk")
    assert (last.why, last.in_stock_change, last.actor) == ("changed", 1, chair)


def test_sold_unit_is_not_taken_away_with_the_button(desk, listing, record):
    paid_part(listing, 10)

    page = send(desk, record, "step", units="-1", token="a")

    record.refresh_from_db()
    assert "10 are sold and not yet sent, so there must be at least 10." in page.content.decode()
    assert (record.num_in_stock, record.num_allocated) == (10, 10)


def test_count_does_not_overwrite_a_sale_and_what_was_typed_stays(desk, record):
    stock.reserve({record.pk: 3})
    stock.consume({record.pk: 3})

    page = send(desk, record, "count", units="12", seen="10")
    line = page.context["refused"]
    again = send(desk, record, "count", units=line.count["units"].value(), seen=line.count["seen"].value())

    text = page.content.decode()
    record.refresh_from_db()
    assert "The number has changed meanwhile: 7 are there now" in text
    assert 'value="12"' in text
    assert (again.status_code, record.num_in_stock) == (302, 12)


def test_line_alone_is_answered_to_the_script(desk, record):
    answer = desk.post(
        SCREEN, {"record": record.pk, "do": "step", "units": "1", "token": "a"}, headers={"X-Live": "yes"}
    )

    text = answer.content.decode()
    assert text.strip().startswith("<li") or "<li" in text
    assert "<html" not in text
    assert 'value="11"' in text


@pytest.mark.parametrize("price", ["", "free", "0", "1.001"])
def test_price_that_is_none_is_refused_and_stays_typed(desk, record, price):
    page = send(desk, record, "price", price=price)

    record.refresh_from_db()
    assert page.context["refused"].price["price"].value() == price
    assert str(record.price) == "250.00"


def test_price_and_notice_are_saved(desk, record):
    send(desk, record, "price", price="99.50")
    send(desk, record, "notice", threshold="4")
    desk.post(SCREEN, {"do": "default", "threshold": "7"})

    record.refresh_from_db()
    record.partner.refresh_from_db()
    assert (str(record.price), record.low_stock_threshold, record.partner.low_stock_default) == (
        "99.50",
        4,
        7,
    )
    send(desk, record, "notice", threshold="")
    record.refresh_from_db()
    assert record.low_stock_threshold is None


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "step", "units": "0", "token": "a"},
        {"do": "step", "units": "many", "token": "a"},
        {"do": "step", "units": "1"},
        {"do": "step", "units": "9999999", "token": "a"},
        {"do": "count", "units": "-1", "seen": "10"},
        {"do": "count", "units": "5"},
        {"do": "notice", "threshold": "-1"},
        {"do": "default", "threshold": "-1"},
        {"do": "default", "threshold": "100000"},
    ],
)
def test_bad_input_changes_nothing_and_is_said(desk, record, sent):
    page = desk.post(SCREEN, {"record": record.pk, **sent})

    record.refresh_from_db()
    assert page.status_code == 200
    assert (record.num_in_stock, record.low_stock_threshold, record.partner.low_stock_default) == (
        10,
        None,
        2,
    )


@pytest.mark.parametrize("record_key", ["", "x", "0", "9" * 30, "²"])
def test_line_that_is_none_is_not_found(desk, record, record_key):
    assert desk.post(SCREEN, {"record": record_key, "do": "step"}).status_code == 404


def test_packer_counts_and_sets_no_price(client, listing, record):
    client.force_login(member_of(listing.vendor, Membership.Role.PACKER))

    statuses = [
        send(client, record, "step", units="1", token="a").status_code,
        send(client, record, "price", price="1").status_code,
        send(client, record, "notice", threshold="1").status_code,
        client.post(SCREEN, {"do": "default", "threshold": "1"}).status_code,
    ]

    record.refresh_from_db()
    assert statuses == [302, 403, 403, 403]
    assert (record.num_in_stock, str(record.price)) == (11, "250.00")


def test_lines_are_found_by_what_is_left_and_by_words(desk, listing):
    vendor = listing.vendor
    ListingFactory(vendor=vendor, title="Honey", last_unit=True)
    ListingFactory(vendor=vendor, title="Tea", sold_out=True)
    SizeFactory(parent=ListingFactory(vendor=vendor, stock=None, title="Chilli"), size_label="Big bag")

    def shown(query):
        return [line.row.title for line in desk.get(SCREEN + query).context["lines"]]

    assert shown("") == ["Chilli", "Honey", "Red rice", "Tea"]
    assert shown("?show=low") == ["Honey", "Tea"]
    assert shown("?show=out") == ["Tea"]
    assert shown("?q=big+BAG") == ["Chilli"]
    assert shown("?q=hon%00ey") == ["Honey"]
    assert shown("?show=out&q=honey") == []


def test_history_names_each_movement(desk, listing, record):
    part = paid_part(listing, 2)
    page = desk.get(reverse("dashboard-stock-history", args=[record.pk])).content.decode()

    assert part.number.rsplit("-", 1)[0] in page
    assert "Sold" in page
    assert "First number" in page


def test_pages_take_as_many_queries_for_twenty_lines_as_for_one(desk, listing, record):
    history = reverse("dashboard-stock-history", args=[record.pk])
    # The first page chooses the group, which is kept.
    desk.get(history)
    one = queries_of(desk, SCREEN), queries_of(desk, history)
    for number in range(19):
        ListingFactory(vendor=listing.vendor)
        stock.change_by(record.pk, 1, token=str(number))

    assert (queries_of(desk, SCREEN), queries_of(desk, history)) == one


def test_another_groups_lines_are_not_shown(client, record):
    client.force_login(member_of(VendorFactory()))

    assert client.get(SCREEN).context["lines"] == []
    assert StockRecord.objects.count() == 1


def test_first_page_and_stock_screen_name_the_same_sizes_as_low(client):
    vendor = VendorFactory(low_stock_default=5)
    client.force_login(member_of(vendor))
    for title, units, own in (("Zfive", 5, None), ("Zsix", 6, None), ("Zseven", 7, 8), ("Zone", 1, 0)):
        listing = ListingFactory(vendor=vendor, title=title, stock__num_in_stock=units)
        StockRecord.objects.filter(product=listing).update(low_stock_threshold=own)

    named = {
        address: [
            title
            for title in ("Zfive", "Zsix", "Zseven", "Zone")
            if title in client.get(address).content.decode()
        ]
        for address in ("/dashboard/", "/dashboard/stock/?show=low")
    }

    assert set(map(tuple, named.values())) == {("Zfive", "Zseven")}
