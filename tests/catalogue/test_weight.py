"""What a unit weighs on its way, and whether it spoils."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalogue.models import PACKING_GRAMS, UNKNOWN_GRAMS, Product
from tests.factories.catalogue import ListingFactory, SizeFactory


@pytest.mark.parametrize(
    ("weight", "content", "unit", "expected"),
    [
        (1250, "1000", "g", 1250),
        (None, "250", "g", 250 + PACKING_GRAMS),
        (None, "750", "ml", 750 + PACKING_GRAMS),
        (None, "2", "piece", UNKNOWN_GRAMS),
        (None, None, "", UNKNOWN_GRAMS),
    ],
)
def test_a_unit_weighs_what_was_said_or_what_its_content_suggests(weight, content, unit, expected):
    listing = Product(weight_grams=weight, net_quantity=Decimal(content) if content else None, net_unit=unit)

    assert listing.sent_grams == expected


@pytest.mark.django_db
def test_a_size_spoils_as_its_listing_does():
    listing = ListingFactory(stock=None, is_perishable=True)
    size = SizeFactory(parent=listing)

    assert size.spoils
    assert not SizeFactory().spoils


@pytest.mark.django_db
def test_the_database_refuses_goods_without_weight():
    listing = ListingFactory()

    with pytest.raises(IntegrityError, match="listing_weighs_something"), transaction.atomic():
        Product.objects.filter(pk=listing.pk).update(weight_grams=0)
