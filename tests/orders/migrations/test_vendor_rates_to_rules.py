"""Rates that stood on groups become rules of these groups, and nothing else does."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from orders.models import CommissionRule
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

migration = import_module("orders.migrations.0029_vendor_rates_to_rules")


@pytest.fixture
def old_column():
    """Runs SQL with the column as it was before; taken back with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partner_partner ADD COLUMN commission_rate numeric(5, 4)")
        yield cursor.execute


def test_a_rate_becomes_a_rule_since_the_group_was_entered_and_goes_back(old_column):
    agreed, usual = VendorFactory(), VendorFactory()
    old_column("UPDATE partner_partner SET created_at = '2025-03-04T05:00Z'")
    old_column("UPDATE partner_partner SET commission_rate = 0.0375 WHERE id = %s", [agreed.pk])

    old_column(migration.FORWARD)
    old_column("UPDATE partner_partner SET commission_rate = NULL")

    rule = CommissionRule.objects.get()
    assert (rule.vendor, rule.rate, rule.valid_from, rule.valid_until) == (
        agreed,
        Decimal("0.0375"),
        date(2025, 3, 4),
        None,
    )

    old_column(migration.BACKWARD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, commission_rate FROM partner_partner ORDER BY id")
        assert cursor.fetchall() == [(agreed.pk, Decimal("0.0375")), (usual.pk, None)]
