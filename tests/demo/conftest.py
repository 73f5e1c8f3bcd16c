"""The demonstration data, loaded once for all tests of this folder and forgotten afterwards."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from marketplace.demo import loading
from orders.services.tax_rates import load_tax_rates
from regions.services import reference_data


@pytest.fixture(scope="module")
def drawn():
    """The pictures that the load asked for; drawing them is tested apart."""
    return []


@pytest.fixture(scope="module")
def report(django_db_setup, django_db_blocker, drawn):
    """What loading into an empty database has written."""
    asked, loading.write_missing = (
        loading.write_missing,
        lambda drawings: drawn.extend(drawings) or len(drawn),
    )
    with django_db_blocker.unblock(), transaction.atomic():
        reference_data.load(Path(settings.BASE_DIR) / "data")
        load_tax_rates(Path(settings.BASE_DIR) / "data" / "tax_rates.csv")
        yield loading.load(say=lambda line: None)
        transaction.set_rollback(True)
    loading.write_missing = asked


@pytest.fixture
def demo(report, db):
    """Access to the loaded rows; what a test changes is undone after it."""
    return report
