"""What stands at a place that is split, merged, renamed or moved: kept, followed, found, counted."""

import pytest

from catalogue.models import Product
from programme.selectors.coverage import coverage
from programme.selectors.impact import By, impact
from regions.models import IdentifiedProduct, Region, RegionRole, Scheme
from regions.services.placing import PlacingError, place_rows, waiting_at
from regions.services.reference_data import load
from tests.dashboard.given import paid_part
from tests.factories.catalogue import ListingChangeFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import CertificateFactory, VendorFactory
from tests.support.race import race
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

KHOMA, JARAY, UPPER, LOWER = "BT-44-KHOMA", "BT-44-JAREY", "BT-44-KHOMA-UPPER", "BT-44-KHOMA-LOWER"


class Village:
    """What Khoma has: a group with a listing that was sold, an identified product, a certificate, an officer."""

    def __init__(self):
        self.place = Region.objects.get(code=KHOMA)
        self.known = IdentifiedProduct.objects.filter(region=self.place).first()
        self.vendor = VendorFactory(home_region=self.place)
        self.listing = a_listing(vendor=self.vendor, region=self.place, title="Red cloth")
        Product.objects.filter(pk=self.listing.pk).update(identified_product=self.known)
        self.certificate = CertificateFactory(vendor=self.vendor, region=self.place)
        self.part = paid_part(self.listing)
        self.role = RegionRole.objects.create(person=PersonFactory(is_staff=True), region=self.place)
        self.frozen = list(self.part.lines.values())

    def codes(self):
        rows = (self.vendor, self.listing, self.known, self.certificate, self.role)
        for row in rows:
            row.refresh_from_db()
        assert list(self.part.lines.values()) == self.frozen
        return [(row.home_region if row is self.vendor else row.region).code for row in rows]


@pytest.fixture
def village(shipped, fake_provider):
    load(shipped)
    return Village()


def merge_khoma(copy):
    copy.remove("map_tiles.csv", {"code": KHOMA})
    copy.change("2026-02-03", "merged", KHOMA, JARAY)


def split_khoma(copy):
    copy.remove("map_tiles.csv", {"code": KHOMA})
    for number, (code, name) in enumerate(((UPPER, "Upper Khoma"), (LOWER, "Lower Khoma"))):
        copy.add_place(code, "BT-44", name, col=200 + number)
        copy.change("2026-02-03", "split", KHOMA, code)


def sold_at(code, level="gewog"):
    found = coverage(Scheme.objects.select_related("country").get(code="OGOP"), Region.Level(level))
    return next(
        ((p.products, p.groups, p.listings, p.sales) for p in found.places if p.region.code == code), None
    )


def test_rows_follow_a_merger_and_keep_their_history(village, data_copy):
    merge_khoma(data_copy)
    products = IdentifiedProduct.objects.count()
    before = sold_at("BT-44", "dzongkhag")

    load(data_copy.directory)
    again = load(data_copy.directory, compare=True)

    # An officer does not get more places by a merger: that is for people to say.
    assert village.codes() == [JARAY, JARAY, JARAY, JARAY, KHOMA]
    assert village.known.listed_for == village.place
    assert IdentifiedProduct.objects.count() == products
    assert again.touched == 0
    assert sold_at(KHOMA) is None
    assert sold_at(JARAY)[1:] == (1, 1, 1)
    assert sold_at("BT-44", "dzongkhag") == before
    assert list(waiting_at(village.place)) == ["role"]


def test_a_product_that_both_places_have_stands_once_and_listings_name_it(village, data_copy):
    jaray = Region.objects.get(code=JARAY)
    known = village.known
    same = IdentifiedProduct.objects.get(pk=known.pk)
    same.pk, same.region = None, jaray
    same.save()
    change = ListingChangeFactory(
        listing=village.listing,
        proposed={"region": village.place.pk},
        base={"region": village.place.pk, "identified_product": known.pk},
    )
    village.certificate.products.add(known)
    merge_khoma(data_copy)

    load(data_copy.directory)
    load(data_copy.directory, compare=True)

    village.listing.refresh_from_db()
    change.refresh_from_db()
    assert (village.listing.identified_product, village.listing.region) == (same, jaray)
    assert (change.proposed, change.base) == (
        {"region": jaray.pk},
        {"region": jaray.pk, "identified_product": same.pk},
    )
    assert set(village.certificate.products.all()) == {known, same}
    known.refresh_from_db()
    assert (known.region, known.listed_for) == (village.place, village.place)
    assert list(IdentifiedProduct.objects.standing().filter(name=known.name, scheme=known.scheme)) == [same]


def test_nothing_of_a_split_place_moves_by_guess(village, data_copy):
    split_khoma(data_copy)

    load(data_copy.directory)

    assert village.codes() == [KHOMA] * 5
    assert set(waiting_at(village.place)) == {"group", "listing", "product", "certificate", "role"}
    assert sold_at(KHOMA) is None
    assert sold_at("BT-44", "dzongkhag")[1:] == (1, 1, 1)
    paid = impact(
        By.PLACE,
        currency="INR",
        first=village.part.order.date_placed.date(),
        level=Region.Level.GEWOG,
        last=village.part.order.date_placed.date(),
        within=village.place.parent,
    )
    assert paid is not None


def test_staff_place_what_stood_at_a_split_place_once(village, data_copy):
    split_khoma(data_copy)
    load(data_copy.directory)
    actor, upper = PersonFactory(is_staff=True, is_superuser=True), Region.objects.get(code=UPPER)
    chosen = {kind: [row.pk for row in rows] for kind, rows in waiting_at(village.place).items()}

    moved = place_rows(village.place, upper, chosen, actor=actor, reason="letter 7 of the dzongkhag")
    again = place_rows(village.place, upper, chosen, actor=actor, reason="letter 7 of the dzongkhag")
    compared = load(data_copy.directory, compare=True)

    assert village.codes() == [UPPER] * 5
    assert (moved, again, compared.touched) == (sum(map(len, chosen.values())), 0, 0)
    assert waiting_at(village.place) == {}
    assert village.known.listed_for == village.place
    assert "Upper Khoma" in village.listing.search_words


@pytest.mark.parametrize(("to", "reason"), [(JARAY, "a letter"), (KHOMA, "a letter"), (UPPER, " ")])
def test_rows_are_placed_only_on_the_land_and_with_a_reason(village, data_copy, to, reason):
    split_khoma(data_copy)
    load(data_copy.directory)
    actor, new = PersonFactory(is_staff=True), Region.objects.get(code=to)

    with pytest.raises(PlacingError):
        place_rows(village.place, new, {"group": [village.vendor.pk]}, actor=actor, reason=reason)

    assert village.codes() == [KHOMA] * 5


def test_a_listing_is_not_placed_without_its_product_and_then_nothing_is(village, data_copy):
    split_khoma(data_copy)
    load(data_copy.directory)
    chosen = {"group": [village.vendor.pk], "listing": [village.listing.pk]}

    with pytest.raises(PlacingError, match="place that first"):
        place_rows(village.place, Region.objects.get(code=LOWER), chosen, actor=PersonFactory(), reason="x")

    assert village.codes() == [KHOMA] * 5


def test_listings_are_found_by_the_new_name_of_their_place_and_of_the_one_above(village, data_copy):
    data_copy.set("regions.csv", {"code": KHOMA}, parent_code="BT-43", name="Khomachen")
    data_copy.set("ogop_products.csv", {"region_code": KHOMA}, gewog="Khomachen", dzongkhag="Pemagatshel")
    lines = data_copy.lines("ogop_products.csv")
    above = next(line[3] for line in data_copy.lines("regions.csv") if line[0] == "BT-43")
    data_copy.save(
        "ogop_products.csv",
        [[*line[:2], "Khomachen", above, *line[4:]] if line[4] == KHOMA else line for line in lines],
    )
    data_copy.change("2026-02-03", "renamed", KHOMA, KHOMA, old_name="Khoma")
    data_copy.change("2026-02-03", "moved", KHOMA, KHOMA, old_parent_code="BT-44")

    load(data_copy.directory)

    village.listing.refresh_from_db()
    assert village.codes() == [KHOMA] * 5
    assert village.listing.region.path == f"BT/BT-43/{KHOMA}/"
    assert "Khomachen" in village.listing.search_words
    assert above in village.listing.search_words
    assert "Lhuentse" not in village.listing.search_words


@pytest.mark.django_db(transaction=True)
def test_two_loads_of_a_merger_at_once_move_once(village, data_copy):
    merge_khoma(data_copy)

    outcomes = race(lambda: load(data_copy.directory, compare=True), contenders=2)

    assert outcomes == [None, None]
    assert village.codes() == [JARAY, JARAY, JARAY, JARAY, KHOMA]
