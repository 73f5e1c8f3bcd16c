"""A certificate that ends or is withdrawn is no silent matter: its listings are named to group and office."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalogue.models import Product
from catalogue.selectors.lapsed import Lapse, lapsed
from catalogue.selectors.licences import unlicensed
from programme.front_page import queues
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory
from tests.factories.vendors import CertificateFactory, MembershipFactory, VendorFactory
from vendors.services import corrections
from vendors.services.certificates import CertificateData

pytestmark = pytest.mark.django_db


@pytest.fixture
def turmeric():
    return GeographicalIndicationFactory(name="Lakadong Turmeric")


@pytest.fixture
def over(turmeric):
    """A listing that uses a name for which its group's certificate ended yesterday."""
    vendor = VendorFactory()
    days = {"valid_from": vendor.today - timedelta(9), "valid_until": vendor.today - timedelta(1)}
    CertificateFactory(vendor=vendor, kind="gi", gi=turmeric, goods="turmeric, haldi", **days)
    return ListingFactory(vendor=vendor, title="Lakadong haldi")


def test_listings_whose_certificate_is_over_are_found_and_no_others(over, turmeric):
    ListingFactory(vendor=over.vendor, title="Ginger")
    ListingFactory(vendor=over.vendor, title="Lakadong haldi", withdrawn=True)
    holder = ListingFactory(title="Lakadong turmeric")
    CertificateFactory(vendor=holder.vendor, kind="gi", gi=turmeric, goods="turmeric")
    honey = CategoryFactory(name="Food", slug="food")
    food = ListingFactory(title="Honey", categories=[honey])
    ListingFactory(title="Rice", categories=[honey], vendor__food_licence="BFDA 12")

    found = lapsed(Product.objects.all())

    assert found == [Lapse(food.pk, "Honey", ""), Lapse(over.pk, "Lakadong haldi", "Lakadong Turmeric")]


def test_nothing_is_over_once_a_new_certificate_is_verified(over, turmeric):
    CertificateFactory(vendor=over.vendor, kind="gi", gi=turmeric, goods="turmeric, haldi")

    assert lapsed(Product.objects.all()) == []


def test_twenty_cost_as_many_queries_as_one(over, django_assert_num_queries):
    for _ in range(19):
        ListingFactory(vendor=over.vendor, title="Lakadong turmeric")

    with django_assert_num_queries(5):
        assert len(lapsed(Product.objects.all())) == 20


def corrected(certificate, **changes):
    names = ("kind", "number", "holder", "region", "valid_from", "valid_until", "issuer", "gi", "goods")
    data = CertificateData(**{**{name: getattr(certificate, name) for name in names}, **changes})
    corrections.correct(
        certificate, data, actor=PersonFactory(), reason="As printed", seen_version=1, form_key="k"
    )


def test_listing_whose_title_a_correction_leaves_out_is_named_with_what_to_do(turmeric, client):
    vendor = VendorFactory()
    certificate = CertificateFactory(vendor=vendor, kind="gi", gi=turmeric, goods="turmeric, haldi")
    out = ListingFactory(vendor=vendor, title="Lakadong haldi")
    ListingFactory(vendor=vendor, title="Lakadong turmeric")
    ListingFactory(vendor=vendor, title="Ginger", description="We make Lakadong turmeric too.")
    assert lapsed(Product.objects.all()) == []

    corrected(certificate, goods="turmeric")

    found = lapsed(Product.objects.all())
    assert found == [Lapse(out.pk, "Lakadong haldi", "Lakadong Turmeric", is_out_of_scope=True)]
    client.force_login(MembershipFactory(vendor=vendor).user)
    home = client.get(reverse("dashboard-home")).content.decode()
    assert "Certificate does not cover it any more: Lakadong haldi" in home
    page = client.get(reverse("dashboard-listing-detail", args=[out.pk])).content.decode()
    assert "authorised user of the protected name" in page


def test_food_that_a_correction_leaves_without_a_licence_is_named_and_not_sold():
    honey = CategoryFactory(name="Food", slug="food")
    listing = ListingFactory(title="Honey", categories=[honey])
    licence = CertificateFactory(vendor=listing.vendor, food=True)
    assert lapsed(Product.objects.all()) == []

    corrected(licence, goods="rice")

    assert lapsed(Product.objects.all()) == [Lapse(listing.pk, "Honey", "")]
    assert unlicensed([listing.pk]) == {listing.pk}


def test_group_reads_what_to_do_on_its_first_page_and_on_the_listing(over, client):
    client.force_login(MembershipFactory(vendor=over.vendor).user)

    home = client.get(reverse("dashboard-home")).content.decode()
    page = client.get(reverse("dashboard-listing-detail", args=[over.pk])).content.decode()

    assert "Certificate is over: Lakadong haldi" in home
    assert "Hand in the new one for “Lakadong Turmeric”, or take the name out." in home
    assert "a certificate as authorised user of the protected name “Lakadong Turmeric”" in page


def test_office_finds_them_on_its_front_page_and_takes_them_from_sale(over, client):
    plain = ListingFactory(title="Plain basket")
    staff = PersonFactory(is_staff=True, is_superuser=True)
    client.force_login(staff)

    queue = next(each for each in queues(staff) if "certificate is over" in str(each.words))
    page = client.get(queue.url).content.decode()

    assert queue.count == 1
    assert over.title in page
    assert plain.title not in page
