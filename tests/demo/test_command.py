"""Loading into a database without places, and a shop with little for sale."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from marketplace.demo import loading
from payments.services.reconciling import reconcile
from regions.services import reference_data
from tests.demo.rows import everything


@pytest.mark.django_db
def test_without_places_nothing_is_written():
    before = everything()

    with pytest.raises(CommandError, match="load_reference_data"):
        call_command("load_demo")

    assert everything() == before


@pytest.mark.parametrize("listings", [1, 30])
def test_a_small_shop_has_a_past_too(db, monkeypatch, listings):
    monkeypatch.setattr(loading, "write_missing", lambda drawings: 0)
    reference_data.load(Path(settings.BASE_DIR) / "data")

    report = loading.load(listings, say=lambda line: None)

    assert report.listings == listings
    assert report.orders > 300
    assert reconcile(with_provider=False).is_clean
