"""Old sales get the tax names of their own day in their group's country, and new ones keep theirs."""

from datetime import date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from orders.models import TaxRate, VendorOrder
from tests.factories.orders import TaxRateFactory
from tests.support.sale import placed_order

pytestmark = pytest.mark.django_db

migration = import_module("orders.migrations.0043_fill_tax_names")
GOODS, DELIVERY = TaxRate.Kind.GOODS, TaxRate.Kind.DELIVERY


def fill():
    with connection.cursor() as cursor:
        cursor.execute(migration.FORWARD)


def sold_at(moment, **names):
    part = placed_order().vendor_orders.get()
    VendorOrder.objects.filter(pk=part.pk).update(created_at=moment, **names)
    return part


def test_a_sale_gets_the_names_of_its_day_in_its_groups_country(shop):
    thimphu = ZoneInfo("Asia/Thimphu")
    before = sold_at(datetime(2026, 6, 30, 23, 59, tzinfo=thimphu))
    after = sold_at(datetime(2026, 7, 1, 0, 1, tzinfo=thimphu))
    kept = sold_at(datetime(2026, 7, 2, tzinfo=thimphu), goods_tax_name="ST")
    TaxRateFactory(kind=GOODS, name="BST", valid_until=date(2026, 6, 30))
    TaxRateFactory(kind=GOODS, name="GST", valid_from=date(2026, 7, 1))
    TaxRateFactory(kind=DELIVERY, name="VAT", valid_from=date(2026, 7, 1))
    TaxRateFactory(kind=DELIVERY, name="IGST", country="IN")

    fill()
    fill()

    names = VendorOrder.objects.in_bulk()
    found = [(names[part.pk].goods_tax_name, names[part.pk].delivery_tax_name) for part in (before, after, kept)]
    assert found == [("BST", ""), ("GST", "VAT"), ("ST", "")]
