"""A protected name needs the certificate, food needs its licence: what is missing is said, and nothing is handed in."""

from datetime import timedelta

import pytest

from catalogue.errors import ListingIncomplete
from catalogue.models import ListingChange, Product
from catalogue.selectors.gaps import gaps
from catalogue.services import change_review, changes, review
from catalogue.services.changes import Wanted
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory
from tests.factories.vendors import CertificateFactory, VendorFactory
from vendors.models import Certificate

pytestmark = pytest.mark.django_db

State = Product.State


@pytest.fixture
def turmeric():
    """The protected name."""
    return GeographicalIndicationFactory(name="Lakadong Turmeric")


@pytest.fixture
def vendor():
    return VendorFactory(address="Laskein 3")


def a_draft(vendor, **values):
    listing = ListingFactory(vendor=vendor, draft=True, **values)
    PhotoFactory(product=listing)
    return listing


def a_user_of(turmeric, vendor, **values):
    return CertificateFactory(vendor=vendor, kind="gi", gi=turmeric, goods="turmeric, haldi", **values)


@pytest.mark.parametrize(
    "texts",
    [{"title": "Lakadong haldi"}, {"title": "Haldi", "description": "This is लाकाडोंग हल्दी."}],
    ids=["title", "story"],
)
def test_listing_that_uses_a_protected_name_is_held_with_the_reason(turmeric, vendor, texts):
    listing = a_draft(vendor, **texts)

    with pytest.raises(ListingIncomplete, match="protected name “Lakadong Turmeric”"):
        review.submit(listing, PersonFactory())

    listing.refresh_from_db()
    assert listing.state == State.DRAFT


def test_authorised_user_may_use_the_name_and_generic_words_are_free(turmeric, vendor):
    a_user_of(turmeric, vendor)
    own = a_draft(vendor, title="Lakadong haldi")
    plain = a_draft(VendorFactory(), title="Turmeric")

    assert review.submit(own, PersonFactory())
    assert review.submit(plain, PersonFactory())


@pytest.mark.parametrize(
    "wrong",
    [
        {"submitted": True},
        {"goods": "ginger"},
        {"gi": None},
        {"valid_until": -1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_certificate_that_does_not_cover_the_listing_frees_nothing(turmeric, vendor, wrong):
    if "gi" in wrong:
        wrong = {"gi": GeographicalIndicationFactory(name="Darjeeling Tea")}
    if "valid_until" in wrong:
        wrong = {
            "valid_from": vendor.today - timedelta(9),
            "valid_until": vendor.today - timedelta(1),
        }
    CertificateFactory(
        **{"vendor": vendor, "kind": "gi", "gi": turmeric, "goods": "turmeric, haldi", **wrong}
    )

    found = gaps(a_draft(vendor, title="Lakadong haldi"))

    assert [gap.field for gap in found] == ["title"]


def test_authorised_user_may_tell_of_the_name_in_the_story_of_other_goods(turmeric, vendor):
    a_user_of(turmeric, vendor)
    told = {"description": "We also grow Lakadong turmeric."}

    assert gaps(a_draft(vendor, title="Ginger", **told)) == []
    assert [gap.field for gap in gaps(a_draft(VendorFactory(), title="Ginger", **told))] == ["description"]


def test_name_that_is_only_tried_out_is_free(vendor):
    GeographicalIndicationFactory(name="Bumthang Honey", country="BT", serial=None, status="pilot")

    assert gaps(a_draft(vendor, title="Bumthang honey")) == []


def test_change_that_would_use_the_name_is_kept_and_not_handed_in(turmeric, vendor):
    listing = ListingFactory(vendor=vendor, title="Haldi")
    PhotoFactory(product=listing)
    wanted = Wanted(values={"title": "Lakadong haldi"})

    with pytest.raises(ListingIncomplete, match="protected name"):
        changes.propose(listing, wanted, PersonFactory(), send=True)
    assert not ListingChange.objects.exists()

    a_user_of(turmeric, vendor)
    change = changes.propose(listing, wanted, PersonFactory(), send=True)
    assert change.state == ListingChange.State.SUBMITTED


def test_change_is_not_approved_once_the_certificate_has_gone(turmeric, vendor):
    certificate = a_user_of(turmeric, vendor)
    listing = ListingFactory(vendor=vendor, title="Haldi")
    PhotoFactory(product=listing)
    change = changes.propose(listing, Wanted(values={"title": "Lakadong haldi"}), PersonFactory(), send=True)
    Certificate.objects.filter(pk=certificate.pk).update(state=Certificate.State.WITHDRAWN)

    with pytest.raises(ListingIncomplete, match="protected name"):
        change_review.approve(change, PersonFactory(), version=change.version)

    listing.refresh_from_db()
    assert listing.title == "Haldi"


def food(vendor):
    category = CategoryFactory(name="Honey", parent=CategoryFactory(name="Food", slug="food"))
    return a_draft(
        vendor,
        title="Honey",
        categories=[category],
        ingredients="Honey",
        storage="Dry",
        lot_rule="On the lid",
        net_quantity=250,
        net_unit="g",
    )


@pytest.mark.parametrize(
    ("typed", "certificate", "missing"),
    [
        ("", None, ["licence"]),
        ("BFDA 12", None, []),
        ("", {}, []),
        ("", {"submitted": True}, ["licence"]),
        ("BFDA 12", {"last": -1}, ["licence"]),
        ("", {"last": 0}, []),
    ],
    ids=["nothing", "typed number", "certificate", "not verified", "ended yesterday", "ends today"],
)
def test_food_needs_a_licence_that_holds_today(vendor, typed, certificate, missing):
    vendor.food_licence = typed
    vendor.save()
    if certificate is not None:
        last = certificate.pop("last", 100)
        days = {
            "valid_from": vendor.today - timedelta(50),
            "valid_until": vendor.today + timedelta(last),
        }
        CertificateFactory(vendor=vendor, food=True, **days, **certificate)

    assert [gap.field for gap in gaps(food(vendor))] == missing


def test_food_needs_an_address_of_its_maker():
    found = gaps(food(VendorFactory(food_licence="BFDA 12")))

    assert [(gap.field, str(gap.words)) for gap in found] == [
        ("address", "the postal address of the group, as maker")
    ]
