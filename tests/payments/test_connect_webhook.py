"""The address that Stripe calls about connected accounts: secrets of its own, and what each message makes us look at."""

import json
import time
from types import SimpleNamespace

import pytest
from django.urls import reverse

from notices.models import Notice
from payments.models import PayoutAccount, ProviderEvent
from payments.services.events import drain_events
from payments.services.payout_accounts import onboard
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.test_webhook import signature_of
from tests.support.simulator import simulator

__all__ = ["simulator"]

pytestmark = pytest.mark.django_db

CONNECT_SECRET = "whsec_of_connect"
LINKS = {"return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}


@pytest.fixture(autouse=True)
def _secrets(settings):
    settings.STRIPE_CONNECT_WEBHOOK_SECRETS = [CONNECT_SECRET]


def message(kind="account.updated", account="acct_1", **changes):
    """A message about an account, as Stripe sends it."""
    fields = {
        "id": "evt_c1",
        "object": "event",
        "type": kind,
        "account": account,
        "api_version": "2026-10-28.endive",
        "created": 1_800_000_000,
        "livemode": False,
        "data": {"object": {"id": account, "object": "account"}},
    }
    found = {**fields, **changes}
    return {name: value for name, value in found.items() if value is not None}


def send(client, body, *, secret=CONNECT_SECRET, route="stripe-connect-webhook"):
    payload = json.dumps(body).encode()
    signature = signature_of(payload, secret, int(time.time()))
    return client.post(
        reverse(route), payload, content_type="application/json", headers={"Stripe-Signature": signature}
    ).status_code


@pytest.fixture
def account(simulator, settings):
    """A group's account at the simulator, onboarded, as far as Stripe knows."""
    settings.STRIPE_API_BASE = simulator.url
    onboard(VendorFactory(), actor=PersonFactory(), **LINKS)
    row = PayoutAccount.objects.get()
    simulator.control("accounts", account=row.stripe_account_id, action="finish")
    return SimpleNamespace(
        id=row.stripe_account_id,
        restriction=lambda: PayoutAccount.objects.get().restriction,
        does=lambda action, **values: simulator.control(
            "accounts", account=row.stripe_account_id, action=action, **values
        ),
    )


def test_message_is_stored_once_with_its_account(client):
    answers = [send(client, message()) for _ in range(3)]

    assert answers == [200] * 3
    assert [(row.account, row.kind) for row in ProviderEvent.objects.all()] == [("acct_1", "account.updated")]


@pytest.mark.fault(8)
def test_secret_of_the_other_address_is_refused(client):
    assert send(client, message(), secret="whsec_simulator") == 400
    assert send(client, message(), route="stripe-webhook") == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("account", [5, ["acct_1"], {"id": "acct_1"}, True])
def test_account_that_is_no_text_is_refused_and_nothing_is_stored(client, account):
    body = message(data={"object": {"id": "acct_1", "object": "account"}}, account=account)

    assert send(client, body) == 400

    assert not ProviderEvent.objects.exists()


def test_same_message_of_two_accounts_is_two(client):
    send(client, message(account="acct_1"))
    send(client, message(account="acct_2"))

    assert ProviderEvent.objects.count() == 2


def test_account_that_was_updated_is_looked_at(client, account):
    before = account.restriction()
    send(client, message(account=account.id))

    drain_events()

    assert (before != "", account.restriction()) == (True, "")
    assert ProviderEvent.objects.get().state == "handled"


def test_messages_about_an_account_end_alike_in_any_order_and_number(client, account):
    send(client, message(account=account.id, id="evt_1"))
    account.does("restrict", reason="requirements.past_due")
    for n in (3, 2, 1, 3):
        send(client, message(account=account.id, id=f"evt_{n}"))

    drain_events()

    assert account.restriction() == "requirements.past_due"


def test_owner_who_cut_the_tie_is_paid_no_more(client, account):
    send(client, message(account=account.id, id="evt_1"))
    drain_events()
    account.does("disconnect")
    gone = {"id": "ca_1", "object": "application"}
    send(
        client,
        message("account.application.deauthorized", account=account.id, id="evt_2", data={"object": gone}),
    )

    drain_events()

    assert account.restriction() != ""


@pytest.mark.fault(45)
def test_payout_that_a_groups_bank_refused_is_shown_to_an_officer_once(client, account):
    officer = PersonFactory(finance=True)
    body = message(
        "payout.failed", account=account.id, id="evt_9", data={"object": {"id": "po_1", "object": "payout"}}
    )
    for _ in range(2):
        send(client, body)

    drain_events()

    notice = Notice.objects.get(kind="staff_alert", address=officer.email)
    assert notice.context == {
        "subject": "a bank refused payout po_1 of the provider",
        "detail": f"account {account.id}",
    }


@pytest.mark.fault(45)
def test_payout_that_our_own_bank_refused_is_shown_to_an_officer(client):
    PersonFactory(finance=True)
    body = message("payout.failed", account=None, data={"object": {"id": "po_2", "object": "payout"}})
    send(client, body, secret="whsec_simulator", route="stripe-webhook")

    drain_events()

    assert Notice.objects.get(kind="staff_alert").context["detail"].startswith("to our own bank account")


@pytest.mark.fault(13)
def test_account_of_nobody_is_ignored_and_nobody_is_asked(client):
    PersonFactory(finance=True)
    send(client, message(account="acct_foreign"))
    send(client, message("payout.failed", account="acct_foreign", id="evt_2"))

    drain_events()

    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"ignored"}
    assert not Notice.objects.exists()
