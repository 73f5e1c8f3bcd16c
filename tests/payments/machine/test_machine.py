"""The machine runs without a difference, and finds every bug that is sown.

MACHINE_EXAMPLES=500 looks longer, at other examples each time, and makes what it finds small.
"""

import os

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.payments.machine.holding import RATE
from tests.payments.machine.machine import MoneyMachine
from tests.payments.machine.mutants import MUTANTS

pytestmark = pytest.mark.django_db

LONGER = int(os.environ.get("MACHINE_EXAMPLES", "0"))
USUAL = settings(
    max_examples=LONGER or 15,
    stateful_step_count=40,
    deadline=None,
    # The same examples at every run, so that a red run means a change.
    derandomize=not LONGER,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if LONGER else [Phase.generate],
)
UNTIL_FOUND = settings(USUAL, max_examples=200, phases=[Phase.generate])


@pytest.fixture(autouse=True)
def rates(settings):
    """A commission that hardly ever comes out even, and no payout too small."""
    settings.COMMISSION_RATE = RATE
    settings.PAYOUT_MINIMUM = {}


def test_the_books_agree_after_every_step():
    run_state_machine_as_test(MoneyMachine, settings=USUAL)


@pytest.mark.parametrize("sow", MUTANTS, ids=lambda sow: sow.__name__)
def test_a_bug_that_is_sown_is_found(sow, monkeypatch):
    sow(monkeypatch)

    with pytest.raises((AssertionError, DatabaseError, ValueError)):
        run_state_machine_as_test(MoneyMachine, settings=UNTIL_FOUND)
