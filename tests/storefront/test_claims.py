"""Claims stand beside goods while a certificate covers them, and end with its last day, on the country's clock."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Product
from catalogue.selectors.claims import ASKED, claimed
from catalogue.selectors.facets import narrowers
from catalogue.selectors.kinds import Kinds
from storefront.rows import place_url
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import GeographicalIndicationFactory, IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import CertificateFactory, VendorFactory
from vendors.models import Certificate

pytestmark = pytest.mark.django_db

LAST = date(2027, 6, 30)
LEVELS = {"BT": "dzongkhag", "IN": "state", "TH": "province"}
SEAL = 'class="seal"'


@pytest.fixture
def clock(monkeypatch):
    """Set the time everywhere."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at


def turmeric(home, **certificate):
    """A listing of a group that may use a protected name for it until LAST."""
    vendor = VendorFactory(home_region=home)
    listing = ListingFactory(vendor=vendor, title="Dried haldi")
    CertificateFactory(
        **{
            "vendor": vendor,
            "gi_user": True,
            "gi__name": "Lakadong Turmeric",
            "number": "AU/741/12",
            "goods": "turmeric, haldi",
            "valid_from": date(2026, 1, 1),
            "valid_until": LAST,
            **certificate,
        }
    )
    return listing


@pytest.fixture
def page_caches(settings):
    """The programme's own cache in the database, before it Django's cache of whole pages, and conditional answers."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    }
    call_command("createcachetable")
    settings.CACHE_MIDDLEWARE_SECONDS = 3600
    settings.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        *settings.MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]


def addresses_of(listing):
    """The pages on which a claim stands."""
    return {
        "badge": "/products/",
        "filter": "/products/?certificate=gi",
        "search": "/products/?q=lakadong turmeric",
        "listing": listing.get_absolute_url(),
        "group": listing.vendor.get_absolute_url(),
        "home": "/",
        "place": place_url(listing.region),
    }


def shown(client, listing, *, kept=None):
    """In which places the claim stands. kept: answers of before, by page, that the browser asks to compare with."""
    kept = {} if kept is None else kept
    words = {}
    for name, address in addresses_of(listing).items():
        page = client.get(address, headers=_compared(kept.get(name)))
        if page.status_code == 304:
            page = kept[name]
        assert page.status_code == 200
        kept[name] = page
        words[name] = page.content.decode()
    return {
        "badge": SEAL in words["badge"],
        "count": 'value="gi"' in words["badge"],
        "filter": listing.title in words["filter"],
        "search": listing.title in words["search"],
        "number": "AU/741/12" in words["listing"],
        "schema.org": '"hasCertification"' in words["listing"],
        "group": "AU/741/12" in words["group"],
        "home": SEAL in words["home"],
        "place": SEAL in words["place"],
    }


def _compared(page):
    if page is None:
        return {}
    asked = {"If-None-Match": page.get("ETag"), "If-Modified-Since": page.get("Last-Modified")}
    return {name: value for name, value in asked.items() if value}


COUNTRIES = [("BT", "Asia/Thimphu"), ("IN", "Asia/Kolkata"), ("TH", "Asia/Bangkok")]


@pytest.mark.parametrize(("country", "zone"), COUNTRIES)
def test_claim_stands_until_the_last_minute_of_its_day_and_is_gone_at_midnight(
    page_caches, clock, country, zone
):
    home = RegionFactory(**{LEVELS[country]: True})
    listing = turmeric(home)
    midnight = datetime(2027, 7, 1, 0, 0, tzinfo=ZoneInfo(zone))
    regular, kept = Client(), {}

    clock(midnight - timedelta(minutes=2))
    shown(regular, listing)  # the first visit sets the cookie, so that only the next ones might be kept
    shown(regular, listing, kept=kept)
    clock(midnight - timedelta(minutes=1))
    before = {"regular": shown(regular, listing, kept=kept), "new": shown(Client(), listing)}
    clock(midnight)
    after = {"regular": shown(regular, listing, kept=kept), "new": shown(Client(), listing)}

    assert {word for seen in before.values() for word in seen.values()} == {True}, before
    assert {word for seen in after.values() for word in seen.values()} == {False}, after


def test_cache_of_pages_would_keep_a_claim_beyond_its_day_if_pages_did_not_forbid_it(
    page_caches, clock, settings
):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "AskAgain" not in each]
    listing = turmeric(RegionFactory())
    midnight = datetime(2027, 7, 1, 0, 0, tzinfo=ZoneInfo("Asia/Thimphu"))
    regular = Client()

    for minutes in (3, 2, 1):
        clock(midnight - timedelta(minutes=minutes))
        shown(regular, listing)
    clock(midnight)

    assert {"badge", "filter", "search", "home", "place"} <= {
        where for where, stands in shown(regular, listing).items() if stands
    }


def test_every_page_with_a_claim_says_that_it_must_be_asked_for_again(client):
    listing = turmeric(RegionFactory())

    said = {name: client.get(address)["Cache-Control"] for name, address in addresses_of(listing).items()}

    assert set(said.values()) == {"private, no-cache"}


def test_claim_begins_with_its_first_day(client, clock):
    listing = turmeric(RegionFactory())

    clock(datetime(2025, 12, 31, 17, 59, tzinfo=ZoneInfo("UTC")))
    before = shown(client, listing)
    clock(datetime(2025, 12, 31, 18, 0, tzinfo=ZoneInfo("UTC")))
    after = shown(client, listing)

    assert not any(before.values())
    assert all(after.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"submitted": True},
        {"state": Certificate.State.REFUSED},
        {"state": Certificate.State.WITHDRAWN},
        {"goods": "ginger"},
        {"vendor": None},
        {"region": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_nothing_is_claimed_without_a_verified_certificate_for_group_goods_and_place(wrong):
    others = {"vendor": VendorFactory, "region": partial(RegionFactory, dzongkhag=True)}
    wrong = {name: others[name]() if value is None else value for name, value in wrong.items()}
    listing = turmeric(RegionFactory(dzongkhag=True), **wrong)

    assert not claimed(Product.objects.all(), "gi").filter(pk=listing.pk).exists()


def test_certificate_for_an_identified_product_covers_its_listings_below_its_region():
    state = RegionFactory(state=True)
    vendor = VendorFactory(home_region=state)
    product = IdentifiedProductFactory(region=state)
    covered = ListingFactory(
        vendor=vendor, identified_product=product, region=RegionFactory(parent=state, district=True)
    )
    ListingFactory(vendor=vendor)
    CertificateFactory(vendor=vendor, goods="", products=[product])

    assert list(claimed(Product.objects.all(), "organic")) == [covered]


def test_food_licence_without_words_covers_all_food_of_the_group_and_nothing_else():
    food, textiles = CategoryFactory(name="Food", slug="food"), CategoryFactory(name="Textiles")
    vendor = VendorFactory()
    rice = ListingFactory(vendor=vendor, categories=[CategoryFactory(parent=food)])
    ListingFactory(vendor=vendor, categories=[textiles])
    CertificateFactory(vendor=vendor, food=True)

    assert list(claimed(Product.objects.all(), "food")) == [rice]
    assert narrowers(Product.objects.all(), Kinds()).certificates == {
        "gi": 0,
        "organic": 0,
        "other": 0,
        "food": 1,
    }


def test_every_claim_asks_for_kinds_that_there_are():
    assert {kind for kinds in ASKED.values() for kind in kinds} == set(Certificate.Kind)


def test_claims_of_twenty_listings_cost_as_many_queries_as_one(client):
    vendor = VendorFactory()
    gi = GeographicalIndicationFactory(name="Lakadong Turmeric")

    def add():
        listing = ListingFactory(vendor=vendor, title="Haldi")
        CertificateFactory(vendor=vendor, kind="gi", gi=gi, goods="haldi")
        return listing

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    listing = add()
    addresses = ["/products/?certificate=gi", "/products/?q=lakadong", listing.get_absolute_url()]
    one = [asked(address) for address in addresses]
    for _ in range(19):
        add()

    # The page of the listing also reads photos of those beside it now.
    assert [asked(address) for address in addresses] <= [one[0], one[1], one[2] + 1]
