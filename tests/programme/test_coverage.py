"""Coverage: what each place has, equal to a count in plain SQL, and what it leads to."""

import csv
import random
from datetime import datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from orders.models import Line, VendorOrder
from payments.models import Refund
from payments.services.attempts import start_payment
from payments.services.deciding import request_refund
from payments.services.refunds import make_refund
from payments.services.settling import settle
from payments.services.shares import Asked
from programme.selectors.coverage import Gap, coverage
from regions.models import Region, Scheme
from tests.dashboard.given import paid_part
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import (
    CountryFactory,
    IdentifiedProductFactory,
    MapTileFactory,
    RegionFactory,
    SchemeFactory,
)
from tests.factories.vendors import VendorFactory
from tests.programme.recounts import recounted
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


def counted(scheme, level, **options):
    return [
        (place.region.code, place.products, place.groups, place.listings, place.sales)
        for place in coverage(scheme, level, **options).places
    ]


def gaps(scheme, level=Region.Level.GEWOG, **options):
    return {place.region.name: place.gap for place in coverage(scheme, level, **options).places}


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def places(fake_provider, scheme):
    """Six dzongkhags of two to four gewogs, with products, groups, listings of all states and sales, at random."""
    draw = random.Random(5)
    other = SchemeFactory(code="BT-REGIONAL", name="Regional")
    for _house in range(6):
        house = RegionFactory(dzongkhag=True)
        gewogs = RegionFactory.create_batch(draw.randint(2, 4), parent=house)
        for place in [house, *gewogs]:
            for named_by in draw.choices([scheme, other], k=draw.randint(0, 2)):
                IdentifiedProductFactory(scheme=named_by, region=place)
        vendors = [VendorFactory(home_region=draw.choice(gewogs)) for _ in range(draw.randint(0, 2))]
        vendors += [VendorFactory(home_region=draw.choice(gewogs), applied=True)] * draw.randint(0, 1)
        for vendor in vendors:
            SizeFactory.create_batch(2, parent=ListingFactory(vendor=vendor, stock=None))
            ListingFactory(vendor=vendor, draft=True)
            if vendor.state == "approved" and draw.random() < 0.7:
                paid_part(a_listing(vendor=vendor, region=draw.choice(gewogs)))
    parts = list(VendorOrder.objects.order_by("pk"))
    assert len(parts) > 2
    VendorOrder.objects.filter(pk=parts[0].pk).update(released_at=timezone.now() - timedelta(days=91))
    VendorOrder.objects.filter(pk=parts[1].pk).update(state="cancelled")


@pytest.mark.parametrize("level", ["gewog", "dzongkhag"])
def test_every_number_equals_a_count_in_plain_sql(places, scheme, level):
    found = counted(scheme, level)

    assert found == recounted(scheme, level)
    assert all(sum(row[column] for row in found) for column in (1, 2, 3, 4))


def test_a_place_is_told_what_it_lacks_first(fake_provider, scheme):
    names = ("Bare", "Named", "Grouped", "Listed", "Sold")
    bare, named, grouped, listed, sold = (RegionFactory(name=name) for name in names)
    for place in (named, grouped, listed, sold):
        IdentifiedProductFactory(region=place)
    VendorFactory(home_region=grouped)
    a_listing(vendor=VendorFactory(home_region=listed))
    paid_part(a_listing(vendor=VendorFactory(home_region=sold)))

    assert gaps(scheme) == {
        "Bare": Gap.PRODUCT,
        "Named": Gap.GROUP,
        "Grouped": Gap.LISTING,
        "Listed": Gap.SALE,
        "Sold": Gap.COVERED,
    }
    assert gaps(scheme, now=timezone.now() + timedelta(days=91))["Sold"] == Gap.SALE
    assert list(gaps(scheme, within=bare.parent)) == ["Bare"]
    assert coverage(scheme, Region.Level.GEWOG).totals == dict.fromkeys(Gap, 1)


@pytest.mark.parametrize(
    ("zone", "country", "level"),
    [("Asia/Thimphu", "BT", "gewog"), ("Asia/Kolkata", "IN", "district")],
)
def test_the_90_days_are_days_of_the_country(fake_provider, zone, country, level):
    place = RegionFactory() if country == "BT" else RegionFactory(district=True)
    scheme = (
        SchemeFactory() if country == "BT" else SchemeFactory(code="ODOP", country=CountryFactory(code="IN"))
    )
    part = paid_part(a_listing(vendor=VendorFactory(), region=place))
    noon = datetime(2026, 11, 29, 12, tzinfo=ZoneInfo(zone))

    def counts(*, days, at):
        moment = datetime.combine(noon.date() - timedelta(days=days), at, tzinfo=noon.tzinfo)
        VendorOrder.objects.filter(pk=part.pk).update(released_at=moment)
        found = {row[0]: row[4] for row in counted(scheme, level, now=noon)}
        assert found == {row[0]: row[4] for row in recounted(scheme, level, zone=zone, now=noon)}
        return found[place.code] == 1

    assert counts(days=90, at=time(0, 0))
    assert counts(days=90, at=time(23, 59, 59))
    assert not counts(days=91, at=time(23, 59, 59))
    assert not counts(days=91, at=time(0, 0))
    assert counts(days=0, at=time(0, 0))


def test_goods_that_were_paid_back_whole_are_no_sale(fake_provider, scheme):
    place = RegionFactory()
    attempt = start_payment(
        placed_order((a_listing(vendor=VendorFactory(home_region=place), region=place), 2))
    )
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    line = Line.objects.get()

    def sales():
        assert counted(scheme, "gewog") == recounted(scheme, "gewog")
        return counted(scheme, "gewog")[0][4]

    def refund_one():
        refund = request_refund(
            attempt.order,
            Asked({line.pk: 1}),
            reason=Refund.Reason.DAMAGED,
            remark="torn",
            actor=PersonFactory(finance=True),
        )
        before = sales()
        make_refund(refund.pk)
        refund.refresh_from_db()
        assert refund.state == Refund.State.SUCCEEDED
        return before

    assert (sales(), refund_one(), sales()) == (1, 1, 1)
    assert (refund_one(), sales()) == (1, 0)


def test_what_is_named_for_a_dzongkhag_covers_no_gewog_of_it(scheme):
    gewog = RegionFactory(name="Haa Toed")
    IdentifiedProductFactory(region=gewog.parent)

    assert counted(scheme, "gewog") == [(gewog.code, 0, 0, 0, 0)]
    assert counted(scheme, "dzongkhag") == [(gewog.parent.code, 1, 0, 0, 0)]


def test_it_takes_five_queries_for_few_places_and_for_many(scheme, django_assert_num_queries):
    RegionFactory()
    with django_assert_num_queries(5):
        coverage(scheme, Region.Level.GEWOG)
    for gewog in RegionFactory.create_batch(8):
        ListingFactory(vendor=VendorFactory(home_region=gewog))
    with django_assert_num_queries(5):
        coverage(scheme, Region.Level.GEWOG)


@pytest.fixture
def page(scheme):
    return reverse("admin:programme_schemecoverage_change", args=[scheme.pk])


def test_page_and_file_show_the_same_places_and_each_leads_on(client, scheme, page):
    bare, named = RegionFactory(name="Bare"), RegionFactory(name='=Named "one"')
    MapTileFactory(region=bare)
    IdentifiedProductFactory(region=named)
    client.force_login(PersonFactory(moderator=True))

    answer = client.get(page)
    file = client.get(reverse("admin:programme_schemecoverage_csv", args=[scheme.pk]))

    rows = list(csv.reader(StringIO(file.content.decode())))
    assert [row[1] for row in rows[1:]] == ["Bare", '\'=Named "one"']
    assert [row[3:] for row in rows[1:]] == [
        ["0", "0", "0", "0", "no identified product"],
        ["1", "0", "0", "0", "no group"],
    ]
    assert [(place.region.name, words) for place, _link, words in answer.context["rows"]] == [
        ("Bare", "propose its product"),
        ('=Named "one"', "bring a group on board"),
    ]
    _place, link, _words = answer.context["rows"][1]
    client.force_login(PersonFactory(officer=True))
    assert f'value="{named.pk}" checked' in " ".join(client.get(link).content.decode().split())
    (tile,) = answer.context["map"].tiles
    assert (tile.step, tile.title) == (0, "Bare: no identified product")
    assert f"region={bare.code}" in tile.url


def test_the_page_narrows_by_gap_level_and_place(client, scheme, page):
    bare, named = RegionFactory(name="Bare"), RegionFactory(name="Named")
    IdentifiedProductFactory(region=named)
    client.force_login(PersonFactory(officer=True))

    def names(**asked):
        return [row[0].region.name for row in client.get(page, asked).context["rows"]]

    assert names(gap="group") == ["Named"]
    assert names(within=bare.parent.code) == ["Bare"]
    assert names(level="dzongkhag") == [bare.parent.name, named.parent.name]
    wrong = [{"gap": "x"}, {"level": "district"}, {"within": "XX"}]
    assert {client.get(page, asked).status_code for asked in wrong} == {404}


def test_only_who_has_the_right_sees_it(client, scheme, page):
    client.force_login(PersonFactory(finance=True))
    file = reverse("admin:programme_schemecoverage_csv", args=[scheme.pk])

    assert {client.get(address).status_code for address in (page, file)} == {403}


def test_the_command_prints_the_same_table(scheme):
    RegionFactory(name="Bare")
    IdentifiedProductFactory(region=RegionFactory(name="Named"))
    out, totals = StringIO(), StringIO()

    call_command("coverage_report", "OGOP", missing="group", stdout=out, stderr=totals)

    assert [row[1] for row in csv.reader(StringIO(out.getvalue()))] == ["Place", "Named"]
    assert "places: 2; first gap: product 1, group 1, listing 0, sale 0, covered 0" in totals.getvalue()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"scheme": "XX"}, "no scheme has the code XX; known are OGOP"),
        ({"scheme": "OGOP", "level": "state"}, "choose one of gewog, dzongkhag"),
        ({"scheme": "OGOP", "within": "XX"}, "no place has the code XX"),
    ],
)
def test_the_command_says_what_it_does_not_know(scheme, asked, words):
    Scheme.objects.exclude(pk=scheme.pk).delete()
    with pytest.raises(CommandError, match=words):
        call_command("coverage_report", asked.pop("scheme"), **asked)
