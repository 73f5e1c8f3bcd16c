"""The machine runs, and finds every bug that is sown."""

import os

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.payments.machine.machine import RATE, MoneyMachine
from tests.payments.machine.mutants import MUTANTS

pytestmark = pytest.mark.django_db

LONG = settings(
    max_examples=int(os.environ.get("EX", "40")),
    stateful_step_count=25,
    deadline=None,
    derandomize=not os.environ.get("EX"),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate] + ([Phase.shrink] if os.environ.get("SHRINK") else []),
)


FIRST_FIND = settings(LONG, max_examples=60, phases=[Phase.generate])


@pytest.fixture(autouse=True)
def rate(settings):
    settings.COMMISSION_RATE = RATE


def test_the_books_agree_after_every_step():
    run_state_machine_as_test(MoneyMachine, settings=LONG)


@pytest.mark.parametrize("sow", MUTANTS, ids=lambda sow: sow.__name__)
def test_a_bug_that_is_sown_is_found(sow, monkeypatch):
    sow(monkeypatch)

    with pytest.raises((AssertionError, DatabaseError, ValueError)):
        run_state_machine_as_test(MoneyMachine, settings=FIRST_FIND)
