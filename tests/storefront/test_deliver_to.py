"""Where goods should go, said on a page of the shop: estimates with dates, and the checkout's address."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.shipping.options import DeliveryOption
from regions.models import Region
from storefront.delivery import arrival_words
from tests.factories.catalogue import ListingFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.regions import RegionAliasFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deliveries", "thimphu")]


@pytest.fixture
def listing(paro):
    """Of a group in Doga, Paro, that sends by bus inside the dzongkhag and abroad, and nowhere else."""
    group = VendorFactory(home_region=paro.doga)
    near = {"zone": "state", "name": "Taxi", "price": Decimal("30.00"), "days_min": 3, "days_max": 8}
    DeliveryMethodFactory(vendor=group, **near)
    return ListingFactory(vendor=group, region=paro.doga)


def text(client, address):
    return " ".join(client.get(address).content.decode().split())


def choose(client, **sent):
    return client.post("/deliver-to/", {"country": "BT", **sent})


def test_a_chosen_place_is_remembered_and_priced_with_dates(client, listing, monkeypatch):
    now = datetime(2026, 11, 30, 6, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    address, group = listing.get_absolute_url(), listing.vendor.get_absolute_url()
    refused = "Cannot be sent to Thimphu, Bhutan: This group does not send there."
    choose(client, state="Thimphu")
    assert all(refused in text(client, page) for page in (address, group))

    answer = choose(client, state="paro", next=address)

    assert answer["Location"] == address
    assert "To Paro, Bhutan: Taxi, arrives 3 to 8 December, ₹30" in text(client, address)
    assert "To Paro, Bhutan: Taxi, from ₹30, arrives 3 to 8 December." in text(client, group)
    client.post("/basket/add/", {"product": listing.pk, "quantity": 1})
    assert "To Paro, Bhutan: Taxi, arrives 3 to 8 December" in text(client, "/basket/")


def test_the_address_begins_with_the_place_and_then_takes_its_place(client, listing):
    choose(client, state="Thimphu")
    client.post("/basket/add/", {"product": listing.pk, "quantity": 1})
    form = client.get("/checkout/").context["form"]
    assert (form["country"].value(), form["state"].value()) == ("BT", "Thimphu")
    sent = {
        "name": "Dema",
        "phone": "17123456",
        "country": "BT",
        "state": "Paro",
        "town": "Doga",
        "street": "1",
    }

    assert client.post("/checkout/", sent)["Location"] == "/checkout/delivery/"

    assert "To Paro, Bhutan: Taxi" in text(client, "/basket/")


def test_a_place_that_is_none_is_said_and_kept_as_typed(client, listing):
    answer = choose(client, state="Parro", next="https://elsewhere.example/")

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "We know no such dzongkhag or state." in words
    assert 'value="Parro"' in words
    assert "elsewhere" not in words
    assert "to" not in client.session.get("checkout", {})
    assert choose(client, next="https://elsewhere.example/")["Location"] == "/basket/"


@pytest.mark.parametrize(
    ("carrier", "days", "words"),
    [
        ("post", (3, 8), "arrives 3 to 8 December"),
        ("post", (0, 8), "arrives 30 November to 8 December"),
        ("vehicle", (2, 2), "arrives on 2 December"),
        ("pick_up", (1, 2), "ready 1 to 2 December"),
    ],
)
def test_days_become_dates(carrier, days, words):
    option = DeliveryOption("x", "X", carrier, Decimal(1), "INR", *days, "home", 1, "")

    assert arrival_words(option, date(2026, 11, 30)) == words


def test_a_place_that_ended_is_not_taken_and_its_name_means_the_one_after_it(client, listing, paro):
    old = RegionFactory(dzongkhag=True, name="Old Paro", ended_on=date(2026, 2, 3))
    RegionAliasFactory(region=Region.objects.get(code="BT-11"), alias="Old Paro")
    RegionFactory(dzongkhag=True, name="Gone", ended_on=date(2026, 2, 3))

    refused = choose(client, state="Gone")
    answer = choose(client, state="old paro", next="/")

    assert refused.status_code == 200
    assert answer.status_code == 302
    assert "To Paro, Bhutan" in text(client, listing.get_absolute_url())
    assert f'value="{old.name}"' not in text(client, "/deliver-to/")
