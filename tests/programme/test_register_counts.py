"""After each change of the register coverage and impact are what plain SQL counts: no place twice, no gap for what ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalogue.models import Product
from orders.models import VendorOrder
from programme.selectors.coverage import coverage
from programme.selectors.impact import By, impact
from regions.models import IdentifiedProduct, Region
from regions.services.placing import place_rows
from regions.services.register_changes import enter
from regions.services.waiting import waiting
from tests.dashboard.given import paid_part
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory, IdentifiedProductFactory, RegionFactory, SchemeFactory
from tests.factories.register import an_entry
from tests.factories.vendors import VendorFactory
from tests.programme.recounts import ledger_total, recounted
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

# By country, of rows wherever they stand; nothing here knows of places that ended.
WHOLE = """
SELECT (SELECT count(*) FROM regions_identifiedproduct AS known JOIN regions_region AS at ON at.id = known.region_id
        WHERE known.scheme_id = %(scheme)s AND known.listed_for_id IS DISTINCT FROM known.region_id),
    (SELECT count(*) FROM partner_partner WHERE state = 'approved'),
    (SELECT count(*) FROM catalogue_product WHERE state = 'live' AND parent_id IS NULL),
    (SELECT count(*) FROM order_line AS line JOIN order_vendororder AS part ON part.id = line.vendor_order_id
        WHERE part.state <> 'cancelled')
"""
# What was sold, as it was written down then.
HISTORY = """
SELECT line.id, line.title, line.quantity, line.line_price_incl_tax, part.number, line.partner_name
FROM order_line AS line JOIN order_vendororder AS part ON part.id = line.vendor_order_id ORDER BY line.id
"""


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def actor():
    return PersonFactory(superuser=True)


@pytest.fixture
def lands(fake_provider, scheme):
    """Two dzongkhags of three gewogs; each gewog has a product, a group, a listing and a sale."""
    for house, name in (("BT-11", "Paro"), ("BT-13", "Haa")):
        above = RegionFactory(dzongkhag=True, code=house, name=name)
        for letter in "ABC":
            place = RegionFactory(parent=above, code=f"{house}-{letter}", name=f"{name} {letter}")
            known = IdentifiedProductFactory(region=place, scheme=scheme, name=f"Product {letter}")
            listing = a_listing(vendor=VendorFactory(home_region=place), region=place)
            Product.objects.filter(pk=listing.pk).update(identified_product=known)
            paid_part(listing)


def place(code):
    return Region.objects.get(code=code)


def counted(scheme, level):
    found = coverage(scheme, level).places
    return [(row.region.code, row.products, row.groups, row.listings, row.sales) for row in found]


def rows_of(statement, **values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def split(actor, *, then_placed=True):
    old = place("BT-11-A")
    row = an_entry("split", old, pieces=[("BT-11-D", "Paro D"), ("BT-11-E", "Paro E")])
    enter(row, actor=actor, form_key="split")
    if then_placed:
        [found] = waiting()
        assert found.place == old
        chosen = {
            "product": list(IdentifiedProduct.objects.filter(region=old).values_list("pk", flat=True)),
            "group": list(old.vendors.values_list("pk", flat=True)),
            "listing": list(Product.objects.filter(region=old).values_list("pk", flat=True)),
        }
        place_rows(old, place("BT-11-D"), chosen, actor=actor, reason="letter 7")


def merged(actor):
    enter(an_entry("merged", place("BT-11-A"), place("BT-11-B")), actor=actor, form_key="merged")


def merged_with_the_same_product(actor):
    same = IdentifiedProduct.objects.get(region__code="BT-11-B")
    IdentifiedProduct.objects.filter(pk=same.pk).update(name="Product A")
    merged(actor)


def merged_above(actor):
    enter(an_entry("merged", place("BT-13"), place("BT-11")), actor=actor, form_key="above")


def moved(actor):
    enter(an_entry("moved", place("BT-11-A"), place("BT-13")), actor=actor, form_key="moved")


def risen(actor):
    row = an_entry("moved", place("BT-11-A"), place("BT"), code="BT-46")
    enter(row, actor=actor, form_key="risen")


def merged_twice(actor):
    merged(actor)
    enter(an_entry("merged", place("BT-11-B"), place("BT-11-C")), actor=actor, form_key="again")


CHANGES = [split, merged, merged_with_the_same_product, merged_above, moved, risen, merged_twice]


def only_split(actor):
    split(actor, then_placed=False)


@pytest.mark.parametrize("change", [*CHANGES, only_split], ids=lambda change: change.__name__)
def test_coverage_equals_a_count_in_plain_sql(lands, scheme, actor, change):
    history = rows_of(HISTORY)
    before = rows_of(WHOLE, scheme=scheme.pk)[0]

    change(actor)

    standing = set(Region.objects.standing().values_list("code", flat=True))
    for level in ("gewog", "dzongkhag"):
        found = counted(scheme, level)
        assert found == [row for row in recounted(scheme, level) if row[0] in standing]
        assert len({row[0] for row in found}) == len(found)
    houses = counted(scheme, "dzongkhag")
    whole = rows_of(WHOLE, scheme=scheme.pk)[0]
    # Every row lies in one dzongkhag that stands: counted once, and none is lost.
    assert tuple(sum(row[column] for row in houses) for column in (1, 2, 3, 4)) == whole
    assert whole[1:] == before[1:] == (6, 6, 6)
    assert rows_of(HISTORY) == history


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_only_places_that_stand_are_gaps(lands, scheme, actor, change):
    change(actor)

    found = {row.region.code: row.gap.value for row in coverage(scheme, Region.Level.GEWOG).places}

    assert set(found) == set(Region.objects.standing().at("gewog").values_list("code", flat=True))
    lacking = {code for code, gap in found.items() if gap != "covered"}
    assert lacking == ({"BT-11-E"} if change is split else set())


@pytest.mark.parametrize("level", ["gewog", "dzongkhag"])
@pytest.mark.parametrize("change", ["split", "merged", "merged above", "moved"])
def test_impact_is_the_ledgers_before_and_after(world, houses, actor, change, level):
    haa, paro = houses
    old, other = Region.objects.filter(parent=haa).order_by("pk")[:2]
    entries = {
        "split": lambda: an_entry("split", old, pieces=[other.code], goes_on=True),
        "merged": lambda: an_entry("merged", old, other),
        "merged above": lambda: an_entry("merged", haa, paro),
        "moved": lambda: an_entry("moved", old, paro),
    }
    before = table(level)

    enter(entries[change](), actor=actor, form_key=change)

    after = table(level)
    assert after.total.paid == before.total.paid == ledger_total() > 0
    assert after.total == before.total
    for column in ("paid", "cash", "orders", "groups"):
        assert sum(getattr(row, column) for row in after.rows) == getattr(after.total, column)
    standing = set(Region.objects.standing().values_list("path", flat=True))
    assert {row.code for row in after.rows} <= standing
    assert len({row.code for row in after.rows}) == len(after.rows)


def table(level):
    today = timezone.now().date()
    span = {"first": today - timedelta(days=400), "last": today + timedelta(days=2), "currency": "INR"}
    return impact(By.PLACE, level=Region.Level(level), **span)


def test_a_product_keeps_its_history_in_the_place_after_its_own(lands, scheme, actor):
    known = IdentifiedProduct.objects.get(region__code="BT-11-A")
    listing = Product.objects.get(identified_product=known)
    sales = VendorOrder.objects.filter(lines__product=listing).count()

    merged_twice(actor)

    known.refresh_from_db()
    listing.refresh_from_db()
    assert (known.region.code, known.listed_for.code) == ("BT-11-C", "BT-11-A")
    assert (listing.region.code, listing.identified_product) == ("BT-11-C", known)
    assert VendorOrder.objects.filter(lines__product=listing).count() == sales == 1
    assert CountryFactory().children.standing().count() == 2
