"""Differences and the provider's balance in the admin: queues in which figures are the machine's alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.models import BalanceTransaction, Difference, LedgerPosting
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.support.sale import started_attempt

pytestmark = pytest.mark.django_db

DIFFERENCES = reverse("admin:payments_difference_changelist")
MOVEMENTS = reverse("admin:payments_balancetransaction_changelist")


@pytest.fixture
def officer():
    """A finance officer."""
    return PersonFactory(finance=True, name="Karma")


@pytest.fixture
def finance(client, officer):
    """A browser in which the finance officer has signed in."""
    client.force_login(officer)
    return client


def a_difference(name="one", **changes):
    fields = {
        "key": f"orders:{name}:total",
        "area": Difference.Area.ORDERS,
        "subject": f"order {name}",
        "currency": "INR",
        "expected": Decimal("310.00"),
        "found": Decimal("310.01"),
        "detail": "vendor orders do not add up to the total",
        "first_seen_at": timezone.now() - timedelta(days=3),
        "last_seen_at": timezone.now(),
    }
    return Difference.objects.create(**{**fields, **changes})


def a_movement(remote_id, **changes):
    fields = {
        "provider": "stripe",
        "remote_id": remote_id,
        "kind": "charge",
        "amount": Decimal("310.00"),
        "fee": Decimal("7.32"),
        "net": Decimal("302.68"),
        "currency": "INR",
        "occurred_at": timezone.now(),
        "available_at": timezone.now(),
    }
    return BalanceTransaction.objects.create(**{**fields, **changes})


def save(client, row, **form):
    return client.post(reverse("admin:payments_difference_change", args=[row.pk]), form)


def test_queue_shows_open_differences_with_amounts_age_and_owner(finance, officer):
    a_difference("one", owner=officer, note="asked the bank")
    a_difference("two", resolved_at=timezone.now())

    text = finance.get(DIFFERENCES).content.decode()
    gone = finance.get(DIFFERENCES, {"state": "gone"}).content.decode()
    everything = finance.get(DIFFERENCES, {"state": "all"}).content.decode()

    for words in ("order one", "₹310.00", "₹310.01", "3\xa0days", "Karma", "asked the bank"):
        assert words in text
    assert "order two" not in text
    assert "order two" in gone
    assert "order one" not in gone
    assert "order one" in everything
    assert "order two" in everything


def test_owner_and_note_are_set_and_nothing_else_is_whatever_is_sent(finance, officer):
    row = a_difference()

    answer = save(finance, row, owner=officer.pk, note="asked the bank", found="310.00", detail="all is well")

    changed = Difference.objects.get(pk=row.pk)
    assert answer.status_code == 302
    assert (changed.owner, changed.note) == (officer, "asked the bank")
    assert (changed.found, changed.detail) == (row.found, row.detail)


@pytest.mark.parametrize("who", ["nobody", "shopper"])
def test_owner_is_a_finance_officer(finance, who):
    row = a_difference()
    owner = "" if who == "nobody" else PersonFactory().pk

    answer = save(finance, row, owner=owner, note="")

    assert answer.status_code == 200
    assert Difference.objects.get(pk=row.pk).owner is None


@pytest.mark.parametrize("trait", ["finance", "superuser"])
def test_nobody_adds_or_deletes_a_difference(client, trait):
    client.force_login(PersonFactory(**{trait: True}))
    row = a_difference()

    added = client.get(reverse("admin:payments_difference_add"))
    deleted = client.post(reverse("admin:payments_difference_delete", args=[row.pk]), {"post": "yes"})

    assert (added.status_code, deleted.status_code) == (403, 403)
    assert Difference.objects.filter(pk=row.pk).exists()


def test_movements_that_nobody_understood_come_first(finance):
    a_movement("txn_posted", state=BalanceTransaction.State.POSTED)
    a_movement(
        "txn_unknown", state=BalanceTransaction.State.UNKNOWN, occurred_at=timezone.now() - timedelta(9)
    )
    a_movement("txn_waiting")

    rows = [row.remote_id for row in finance.get(MOVEMENTS).context["cl"].result_list]

    assert rows == ["txn_unknown", "txn_waiting", "txn_posted"]


def test_movement_is_posted_when_an_officer_looks_again_after_its_source_has_come(finance, fake_provider):
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    attempt.refresh_from_db()
    row = a_movement("txn_1", source_id=attempt.charge_id, state=BalanceTransaction.State.UNKNOWN)
    asked = {"action": "look_again", "_selected_action": [row.pk]}

    answers = [finance.post(MOVEMENTS, asked, follow=True).content.decode() for _twice in range(2)]

    assert "1 movement was posted" in answers[0]
    assert "0 movements were posted" in answers[1]
    assert BalanceTransaction.objects.get().state == BalanceTransaction.State.POSTED
    assert LedgerPosting.objects.filter(kind="balance").count() == 1


def test_officer_of_a_region_sees_neither(client):
    client.force_login(PersonFactory(officer=True))

    answers = [client.get(page).status_code for page in (DIFFERENCES, MOVEMENTS)]

    assert answers == [403, 403]
