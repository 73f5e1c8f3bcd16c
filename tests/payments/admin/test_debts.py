"""Debts of groups in the admin: given up by two finance officers, seen and decided by nobody else."""

import pytest
from django.test import Client

from payments.models import LedgerPosting, WriteOff
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import D, a_debtor

pytestmark = pytest.mark.django_db

LIST = "/admin/payments/writeoff/"


def office(**person):
    """A browser in which a finance officer has signed in."""
    client = Client()
    client.officer = PersonFactory(finance=True, **person)
    client.force_login(client.officer)
    return client


@pytest.fixture
def finance():
    return office(name="Pema")


@pytest.fixture
def second():
    return office(name="Karma")


@pytest.fixture
def debtor():
    return a_debtor()


def asked(client, vendor, **values):
    fields = {"debt": f"{vendor.pk}:INR", "amount": "20.00", "reason": "dissolved"}
    return client.post(f"{LIST}add/", {**fields, **values}, follow=True)


def decide(client, write_off, decision):
    address = f"{LIST}{write_off.pk}/decide/"
    answer = client.post(address, {"decision": decision}, follow=True)
    write_off.refresh_from_db()
    return answer.content.decode()


def test_a_debt_is_given_up_by_two_officers(finance, second, debtor):
    form = finance.get(f"{LIST}add/").content.decode()
    asked(finance, debtor)
    write_off = WriteOff.objects.get()

    own = decide(finance, write_off, "approve")
    before = write_off.state
    said = decide(second, write_off, "approve")

    assert f"{debtor.name}: " in form
    assert "Somebody else has to approve it." in own
    assert "Approve: 1 done." in said
    assert (before, write_off.state, write_off.vendor, write_off.amount) == (
        "proposed",
        "approved",
        debtor,
        D(20),
    )
    assert (write_off.requested_by, write_off.decided_by) == (finance.officer, second.officer)
    assert debtor.name in finance.get(LIST).content.decode()
    assert debtor.name not in finance.get(f"{LIST}add/").content.decode()


def test_one_that_is_not_approved_changes_nothing(finance, second, debtor):
    asked(finance, debtor)
    write_off = WriteOff.objects.get()

    decide(second, write_off, "reject")
    too_late = decide(second, write_off, "approve")

    assert (write_off.state, write_off.decided_by) == ("rejected", second.officer)
    assert "This was decided meanwhile" in too_late
    assert not LedgerPosting.objects.filter(source_type="write_off").exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "20.01", "The group owes less."),
        ("amount", "0", "greater than or equal to 0.01"),
        ("reason", " ", "This field is required."),
        ("debt", "1:XXX", "Select a valid choice"),
        ("debt", "", "This field is required."),
    ],
)
def test_what_does_not_fit_is_said_and_not_asked_for(finance, debtor, field, value, words):
    answer = asked(finance, debtor, **{field: value})

    assert words in answer.content.decode()
    assert not WriteOff.objects.exists()


def test_another_one_waits_and_a_group_without_debt_is_not_offered(finance, debtor):
    asked(finance, debtor, amount="5.00")

    again = asked(finance, debtor, amount="5.00")
    asked(finance, VendorFactory())

    assert "Another one waits for this group." in again.content.decode()
    assert WriteOff.objects.count() == 1


@pytest.mark.parametrize("trait", ["moderator", "officer", "staff"])
def test_nobody_else_asks_or_decides(client, finance, debtor, trait):
    asked(finance, debtor)
    write_off = WriteOff.objects.get()
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {client.get(address).status_code for address in (LIST, f"{LIST}add/")}
    statuses.add(client.post(f"{LIST}{write_off.pk}/decide/", {"decision": "approve"}).status_code)

    write_off.refresh_from_db()
    assert (statuses, write_off.state) == ({403}, "proposed")
