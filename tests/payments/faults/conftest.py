"""The world of a fault, in each manner in which events may arrive."""

from datetime import timedelta

import pytest

from payments.services import expiring
from tests.payments.faults.world import MANNERS, World
from tests.support.sale import fake_provider

__all__ = ["fake_provider"]


@pytest.fixture(params=MANNERS)
def world(request: pytest.FixtureRequest, fake_provider, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose sweepers need not wait until an attempt has some age, and whose fees are round."""
    monkeypatch.setattr(expiring, "SWEEP_AFTER", timedelta(0))
    fake_provider.fees("0.02")
    return World(fake_provider, request.param)
