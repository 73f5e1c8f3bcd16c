"""manage.py reconcile: a table of differences, and an exit status that a script can read."""

import re
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from orders.models import Order
from payments.providers.base import ProviderUnavailable
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.support.sale import started_attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(fake_provider):
    """A paid attempt of INR 310.00."""
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    return attempt


def run(*switches):
    """Exit status and what was printed."""
    out, err = StringIO(), StringIO()
    try:
        call_command("reconcile", *switches, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_books_that_agree_end_with_zero(attempt):
    assert run() == (0, "differences: 0, new: 0, gone: 0\n", "")


def test_each_difference_is_a_line_with_amounts_age_and_owner_and_ends_with_one(attempt):
    officer = PersonFactory(finance=True, name="Karma")
    Order.objects.update(total_incl_tax=F("total_incl_tax") + Decimal("0.01"))

    status, text, _errors = run()

    lines = text.splitlines()
    assert status == 1
    assert re.split("  +", lines[0]) == ["area", "about", "expected", "found", "age", "owner", "what differs"]
    (line,) = [line for line in lines if line.startswith("orders ")]
    assert re.split("  +", line) == [
        "orders",
        f"order {attempt.order.number}",
        "₹310.01",
        "₹310.00",
        "0\xa0minutes",
        officer.name,
        "vendor orders do not add up to the total",
    ]
    assert lines[-1] == "differences: 3, new: 3, gone: 0"


def test_provider_that_does_not_answer_ends_with_one_unless_it_is_not_to_be_asked(attempt, fake_provider):
    fake_provider.fail_next("list_balance_transactions", ProviderUnavailable("no answer"), times=9)

    status, text, errors = run()
    alone = run("--no-provider")

    assert (status, text) == (1, "differences: 0, new: 0, gone: 0\n")
    assert errors.startswith("the provider could not be asked: ProviderUnavailable")
    assert alone == (0, "differences: 0, new: 0, gone: 0\n", "")
