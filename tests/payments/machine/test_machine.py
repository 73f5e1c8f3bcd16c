"""The machine runs without a difference.

MACHINE_EXAMPLES=500 looks longer, at other examples each time, and makes what it finds small.
"""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.payments.machine.examples import USUAL
from tests.payments.machine.machine import MoneyMachine

pytestmark = pytest.mark.django_db


def test_the_books_agree_after_every_step():
    run_state_machine_as_test(MoneyMachine, settings=USUAL)
