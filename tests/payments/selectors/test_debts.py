"""Who owes the programme money: the largest debt first, in as many queries for many groups as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.selectors.debts import Debt, debts
from payments.services.debts import approve_write_off, propose_write_off
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import D, a_debtor
from tests.support.payouts import sold

pytestmark = pytest.mark.django_db


def test_the_largest_debt_comes_first_and_who_is_owed_has_none(fake_provider):
    sold(fake_provider, VendorFactory())
    smaller, larger = a_debtor(), a_debtor()
    given_up = propose_write_off(
        smaller, amount=D("5.00"), currency="INR", reason="a gift", actor=PersonFactory()
    )
    approve_write_off(given_up, actor=PersonFactory())

    found = debts("INR")

    assert found == debts() == [Debt(larger, "INR", D(20)), Debt(smaller, "INR", D(15))]
    assert debts("USD") == []


def test_many_debts_take_as_many_queries_as_one():
    counts = []
    for groups in (1, 4):
        for _ in range(groups):
            a_debtor()
        with CaptureQueriesContext(connection) as captured:
            debts()
        counts.append(len(captured))

    assert counts == [2, 2]
