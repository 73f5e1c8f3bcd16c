"""Fixtures of the shop's pages."""

from decimal import Decimal

import pytest

from tests.factories.orders import DeliveryMethodFactory
from tests.factories.regions import CountryFactory, MapTileFactory, RegionFactory
from tests.support.sale import fake_provider, open_shop

__all__ = ["fake_provider"]


@pytest.fixture
def paro(db):
    """A dzongkhag of Bhutan with a tile of its own; its gewog is paro.doga."""
    country = CountryFactory()
    region = RegionFactory(
        dzongkhag=True, parent=country, code="BT-11", name="Paro", local_name="སྤ་རོ", local_language="dz"
    )
    region.doga = RegionFactory(parent=region, code="BT-11-DOGA", name="Doga")
    MapTileFactory(region=region.doga, column=3, row=3)
    return region


@pytest.fixture
def deliveries(db):
    """The programme's post, and a bus that is dearer."""
    open_shop()
    DeliveryMethodFactory(code="bus", name="Bus, you collect", price=Decimal("120.00"), carrier="vehicle")


@pytest.fixture
def thimphu(paro):
    """A dzongkhag that an address of the checkout may name."""
    return RegionFactory(dzongkhag=True, parent=paro.parent, code="BT-15", name="Thimphu")
