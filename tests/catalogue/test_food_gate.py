"""No food is on sale without its legal facts, whichever way somebody takes (PRODUCT, promise 7)."""

from dataclasses import fields
from decimal import Decimal

import pytest

from catalogue.admin.categories import CategoryForm
from catalogue.errors import ListingIncomplete
from catalogue.models import ListingChange, Product
from catalogue.selectors.gaps import gaps, is_food
from catalogue.services import change_review, review, sizes
from catalogue.services.changes import Wanted, propose
from catalogue.services.copying import copy_listing
from catalogue.services.listings import SizeData
from tests.catalogue.given_files import Shop, file_of
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from vendors.errors import ApplicationError
from vendors.models import Partner, StockRecord
from vendors.services.applications import GroupFacts, update_facts

pytestmark = pytest.mark.django_db

FACTS = {"ingredients": "Honey", "storage": "Keep it dry.", "lot_rule": "On the lid."}


@pytest.fixture
def food():
    """The category, as the shop knows it."""
    return CategoryFactory(name="Food", slug="food")


@pytest.fixture
def vendor():
    return VendorFactory(address="Laskein 3", food_licence="BFDA 12")


@pytest.fixture
def honey(food, vendor):
    """Food on sale with all its facts."""
    listing = ListingFactory(
        vendor=vendor, title="Honey", categories=[food], net_quantity=Decimal(500), net_unit="g", **FACTS
    )
    PhotoFactory(product=listing)
    assert gaps(listing) == []
    return listing


def as_it_stands(listing):
    found = Product.objects.get(pk=listing.pk)
    return found.state, found.ingredients, found.storage, found.lot_rule, is_food(found)


def decided(change):
    return change_review.approve(change, PersonFactory(), version=change.version)


def test_listing_that_becomes_food_by_a_change_needs_the_facts(food, vendor):
    listing = ListingFactory(vendor=vendor)
    PhotoFactory(product=listing)
    change = ListingChange.objects.create(
        listing=listing, state="submitted", proposed={"categories": [food.pk]}, base={"categories": []}
    )

    with pytest.raises(ListingIncomplete, match="ingredients"):
        decided(change)

    assert as_it_stands(listing) == ("live", "", "", "", False)


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("empty", ["", " ", "\u200b\u2060"], ids=["nothing", "space", "unseen signs"])
def test_facts_of_food_on_sale_are_not_emptied_by_a_change(honey, fact, empty):
    before = as_it_stands(honey)
    change = ListingChange.objects.create(
        listing=honey, state="submitted", proposed={fact: empty}, base={fact: FACTS[fact]}
    )

    with pytest.raises(ListingIncomplete):
        decided(change)

    assert as_it_stands(honey) == before


@pytest.mark.parametrize("fact", FACTS)
def test_change_that_empties_a_fact_is_not_handed_in(honey, fact):
    with pytest.raises(ListingIncomplete):
        propose(honey, Wanted({fact: ""}), PersonFactory(), send=True)

    assert not ListingChange.objects.exists()


def test_content_of_food_is_not_emptied_and_a_size_without_one_is_not_added(honey):
    bare = {"label": "Jar", "net_quantity": None, "net_unit": "", "weight_grams": None}
    own = {**bare, "pk": honey.pk, "label": "", "net_quantity": "500", "net_unit": "g"}
    added = {**bare, "pk": None, "price": "90.00", "units": 1}

    for wanted in ([{**bare, "pk": honey.pk}], [own, added]):
        with pytest.raises(ListingIncomplete, match="how much is in one"):
            decided(propose(honey, Wanted({"sizes": wanted}), PersonFactory(), send=True))

    found = Product.objects.get(pk=honey.pk)
    assert (found.structure, found.net_quantity) == (Product.STANDALONE, 500)


def test_file_empties_no_fact_of_food_on_sale(food):
    shop = Shop()
    shop.vendor.address, shop.vendor.food_licence = "Laskein 3", "BFDA 12"
    shop.vendor.save()
    listing = ListingFactory(
        vendor=shop.vendor, categories=[food], net_quantity=Decimal(500), net_unit="g", **FACTS
    )
    PhotoFactory(product=listing)
    StockRecord.objects.filter(product=listing).update(partner_sku="HONEY")
    before = as_it_stands(listing)
    columns = ("sku", "ingredients", "storage", "lots", "content", "unit")
    for empty in ("", " ", "\u200b", "-"):
        row = dict.fromkeys(columns, empty) | {"sku": "HONEY"}
        shop.take_over(file_of(row, columns=columns))

    assert as_it_stands(listing) == before
    assert Product.objects.get(pk=listing.pk).net_quantity == 500


def test_copy_of_food_and_a_size_added_to_it_go_through_review(honey):
    made = copy_listing(honey)
    sizes.add_size(made, SizeData(price=Decimal(90), label="Jar"))

    assert made.state == Product.State.DRAFT
    with pytest.raises(ListingIncomplete, match="how much is in one"):
        review.submit(made, PersonFactory())


def test_address_of_the_food_category_stays(food):
    form = CategoryForm(
        {"name": "Eatables", "slug": "eatables", "description": "", "is_public": "on"}, instance=food
    )

    assert not form.is_valid()
    assert "slug" in form.errors


@pytest.mark.parametrize("fact", ["address", "food_licence"])
def test_group_on_sale_keeps_the_address_and_licence_of_its_food(vendor, fact):
    facts = {field.name: getattr(vendor, field.name) for field in fields(GroupFacts)}

    with pytest.raises(ApplicationError) as refused:
        update_facts(vendor, GroupFacts(**{**facts, fact: "\u200b"}))
    update_facts(vendor, GroupFacts(**{**facts, fact: "Another"}))

    assert refused.value.field == fact
    assert getattr(Partner.objects.get(pk=vendor.pk), fact) == "Another"


def test_a_listing_of_no_kind_of_goods_is_not_handed_in_nor_approved():
    person = PersonFactory()
    nothing = ListingFactory(draft=True, categories=[])
    PhotoFactory(product=nothing)
    with pytest.raises(ListingIncomplete, match="kind of goods"):
        review.submit(nothing, person)

    waiting = ListingFactory(submitted=True, categories=[])

    with pytest.raises(ListingIncomplete, match="kind of goods"):
        review.approve(waiting, person)


def test_a_change_may_not_take_the_kind_of_goods_away():
    listing = ListingFactory(categories=[CategoryFactory()])
    PhotoFactory(product=listing)

    with pytest.raises(ListingIncomplete, match="kind of goods"):
        propose(listing, Wanted({"categories": []}), None, send=True)

    assert listing.categories.count() == 1
