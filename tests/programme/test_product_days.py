"""What reads identified products, one minute before midnight of the place and at midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from catalogue.errors import ProductNotNamed
from catalogue.models import Product
from catalogue.selectors.import_names import known_names, product_code
from catalogue.selectors.places import known_products, products_without_seller
from catalogue.selectors.snapshots import snapshot
from catalogue.services import copying
from catalogue.services import known_names as sweeping
from catalogue.services.changes import Wanted, propose
from catalogue.services.listings import ListingData, create_listing, update_listing
from dashboard.drafts import products_of
from dashboard.listing_page import listing_forms
from marketplace.demo.loading import _products
from programme.reports.products import _rows
from programme.selectors.coverage import coverage
from regions.models import Region
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory, SchemeFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

DAY = date(2027, 3, 1)
# Midnight between 28 February and 1 March: Bhutan is six hours ahead of UTC, India five and a half.
MIDNIGHT = {
    "BT": datetime(2027, 2, 28, 18, 0, tzinfo=UTC),
    "IN": datetime(2027, 2, 28, 18, 30, tzinfo=UTC),
}
LIVES = {"begins": {"named_on": DAY}, "ends": {"ended_on": DAY}}


@pytest.fixture
def clock(monkeypatch):
    """Set the time everywhere."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return at


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Photos of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path


def named(country, **days):
    """A product of a smallest place of this country."""
    if country == "BT":
        scheme, place = SchemeFactory(), RegionFactory()
    else:
        place = RegionFactory(district=True)
        scheme = SchemeFactory(
            code="ODOP-DPIIT", country=place.parent.parent, name="One District One Product"
        )
    return IdentifiedProductFactory(scheme=scheme, region=place, name="Cliff honey", **days)


def page_says_known(client, product):
    return client.get(f"/places/{product.region.code}/").context["known_count"] == 1


READERS = {
    "page of the place": page_says_known,
    "page of the place above": lambda client, product: (
        client.get(f"/places/{product.region.parent.code}/").context["known_count"] == 1
    ),
    "list of products": lambda _client, product: product in known_products(product.region),
    "nobody sells it": lambda _client, product: product in products_without_seller(),
    "coverage": lambda _client, product: (
        coverage(product.scheme, Region.Level(product.region.level)).places[0].products == 1
    ),
    "report": lambda _client, product: product in _rows({}),
    "choices of a listing": lambda _client, product: product in products_of(product.region),
    "names in files": lambda _client, product: product.pk in known_names().products.codes,
    "examples": lambda _client, product: product in _products().values(),
}


def what_they_say(client, product):
    return {name: reads(client, product) for name, reads in READERS.items()}


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("country", MIDNIGHT)
def test_every_reader_changes_its_mind_at_midnight_of_the_place(client, clock, country, life):
    product = named(country, **LIVES[life])

    clock(MIDNIGHT[country] - timedelta(minutes=1))
    before = what_they_say(client, product)
    clock(MIDNIGHT[country])
    after = what_they_say(client, product)

    assert before == dict.fromkeys(READERS, life == "ends")
    assert after == dict.fromkeys(READERS, life == "begins")


def test_control_by_the_day_of_another_country_they_are_late(client, clock, monkeypatch):
    product = named("BT", named_on=DAY)
    clock(MIDNIGHT["BT"])
    monkeypatch.setattr("regions.days.today_in", lambda _country: date(2027, 2, 28))
    monkeypatch.setattr("regions.models.schemes.today_in", lambda _country: date(2027, 2, 28))

    assert what_they_say(client, product) == dict.fromkeys(READERS, False)


@pytest.fixture
def ended(clock):
    """A product of Bhutan on its last day; clock(MIDNIGHT["BT"]) ends it."""
    clock(MIDNIGHT["BT"] - timedelta(minutes=1))
    return named("BT", ended_on=DAY)


def listing_of(product, **about):
    about = {"vendor": VendorFactory(home_region=product.region), "identified_product": product, **about}
    made = ListingFactory(**about)
    PhotoFactory(product=made)
    sweeping.refresh_rows(Product.objects.filter(pk=made.pk))
    return made


def test_a_listing_keeps_its_page_and_says_until_when(client, clock, ended):
    listing = listing_of(ended)
    address = listing.get_absolute_url()
    before = client.get(address).content.decode()

    clock(MIDNIGHT["BT"])
    after = client.get(address)

    assert "Product the place is known for" in before
    assert after.status_code == 200
    assert "Product the place is known for" not in after.content.decode()
    assert "Cliff honey, One Gewog One Product, until 28 February 2027" in after.content.decode()
    assert [row.pk for row in client.get(f"/products/?known={ended.pk}").context["listings"]] == [listing.pk]


def test_a_listing_does_not_speak_of_a_product_that_is_to_come(client, clock):
    product = named("BT", named_on=DAY)
    listing = listing_of(product)

    clock(MIDNIGHT["BT"] - timedelta(minutes=1))

    assert "Cliff honey" not in client.get(listing.get_absolute_url()).content.decode()
    clock(MIDNIGHT["BT"])
    assert "Cliff honey" in client.get(listing.get_absolute_url()).content.decode()


def test_what_has_ended_is_kept_but_not_chosen_anew(clock, ended):
    draft = listing_of(ended, draft=True)
    data = ListingData(title="Honey", region=ended.region, identified_product=ended)

    clock(MIDNIGHT["BT"])

    with pytest.raises(ProductNotNamed):
        create_listing(draft.vendor, data)
    assert Product.objects.count() == 1
    update_listing(draft, data)
    draft.refresh_from_db()
    assert (draft.title, draft.identified_product) == ("Honey", ended)
    field = listing_forms(draft).main.fields["identified_product"]
    assert [field.label_from_instance(row) for row in field.queryset] == [
        f"Cliff honey, {ended.region.name} (OGOP): named earlier"
    ]
    other = listing_of(ended, draft=True, identified_product=None)
    with pytest.raises(ProductNotNamed):
        update_listing(other, data)


def test_a_form_sent_after_midnight_says_what_to_do_and_keeps_what_was_typed(clock, ended):
    draft = listing_of(ended, draft=True, identified_product=None)

    clock(MIDNIGHT["BT"])
    form = listing_forms(draft, {"title": "Honey of the cliffs", "identified_product": str(ended.pk)}).main

    assert form.errors["identified_product"] == [
        "This product is not named for the listing's place now. Choose one that is, or none."
    ]
    assert form["title"].value() == "Honey of the cliffs"


def test_a_change_of_a_listing_on_sale_may_keep_it_too(clock, ended):
    listing = listing_of(ended)
    other = listing_of(ended, identified_product=None)
    person = PersonFactory()

    clock(MIDNIGHT["BT"])

    change = propose(listing, Wanted({**snapshot(listing), "title": "Honey"}), person, send=False)
    assert change.proposed == {"title": "Honey"}
    with pytest.raises(ProductNotNamed):
        propose(other, Wanted({**snapshot(other), "identified_product": ended.pk}), person, send=False)


def test_a_copy_does_not_begin_with_what_has_ended(clock, ended):
    listing = listing_of(ended)
    before = copying.copy_listing(listing)

    clock(MIDNIGHT["BT"])

    assert before.identified_product == ended
    assert copying.copy_listing(listing).identified_product is None


def test_a_file_finds_what_has_ended_only_for_the_listing_that_has_it(clock, ended):
    clock(MIDNIGHT["BT"])
    names = known_names()
    code = product_code(ended)

    assert names.find_product(code, own=ended.pk, fits=lambda _key: True) == ended.pk
    for own in (None, ended.pk + 1):
        with pytest.raises(Exception, match="known_not_now"):
            names.find_product(code, own=own, fits=lambda _key: True)
    again = IdentifiedProductFactory(scheme=ended.scheme, region=ended.region, name=ended.name)
    names = known_names()
    assert names.find_product(code, own=None, fits=lambda _key: True) == again.pk
    assert names.find_product(code, own=ended.pk, fits=lambda _key: True) == ended.pk


def found(client, words="cliff"):
    return len(client.get(f"/products/?q={words}").context["listings"])


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("country", MIDNIGHT)
def test_search_follows_at_the_next_sweep(client, clock, country, life):
    clock(MIDNIGHT[country] - timedelta(minutes=1))
    listing_of(named(country, **LIVES[life]), title="Jar")
    counts = [sweeping.refresh_known_names(), found(client)]

    clock(MIDNIGHT[country])
    counts += [sweeping.refresh_known_names(), found(client), sweeping.refresh_known_names()]

    was, now = (0, 1) if life == "begins" else (1, 0)
    assert counts == [0, was, 1, now, 0]


def test_sizes_are_found_as_their_listing_is(clock, ended):
    listing = listing_of(ended, structure=Product.PARENT)
    size = ListingFactory(structure=Product.CHILD, parent=listing, vendor=listing.vendor, product_class=None)
    sweeping.refresh_rows(Product.objects.filter(pk=size.pk))

    clock(MIDNIGHT["BT"])

    assert sweeping.refresh_known_names() == 2
    assert not Product.objects.filter(search_words__icontains="cliff").exists()


def test_a_name_that_stands_there_for_another_reason_costs_nothing(clock, ended):
    listing_of(ended, vendor=VendorFactory(name="Cliff honey hunters", home_region=ended.region))

    clock(MIDNIGHT["BT"])

    assert [sweeping.refresh_known_names() for _ in range(2)] == [1, 0]
    assert Product.objects.filter(search_words__icontains="Cliff honey hunters").count() == 1
