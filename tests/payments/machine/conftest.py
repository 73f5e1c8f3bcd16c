"""What every example starts from."""

import pytest

from tests.payments.machine.holding import RATE


@pytest.fixture(autouse=True)
def rates(settings):
    """A commission that hardly ever comes out even, and no payout too small."""
    settings.COMMISSION_RATE = RATE
    settings.PAYOUT_MINIMUM = {}
