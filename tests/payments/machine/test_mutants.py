"""The machine finds every bug that is sown."""

import pytest
from django.db import DatabaseError
from hypothesis.stateful import run_state_machine_as_test

from tests.payments.machine.examples import UNTIL_FOUND, USUAL
from tests.payments.machine.machine import DisputeMachine, MoneyMachine
from tests.payments.machine.mutants import MUTANTS, OF_DISPUTES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sow", MUTANTS, ids=lambda sow: sow.__name__)
def test_a_bug_that_is_sown_is_found(sow, monkeypatch):
    sow(monkeypatch)

    with pytest.raises((AssertionError, DatabaseError, ValueError)):
        run_state_machine_as_test(
            DisputeMachine if sow in OF_DISPUTES else MoneyMachine, settings=UNTIL_FOUND
        )


def test_without_a_bug_the_world_of_disputes_agrees_too():
    run_state_machine_as_test(DisputeMachine, settings=USUAL)
