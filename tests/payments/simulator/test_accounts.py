"""Connected accounts: opened, onboarded by a person, restricted, and heard of at an address of their own."""

import html
from urllib.parse import urlsplit

import pytest
import stripe

from tests.payments.simulator.conftest import ACCOUNT
from tests.support.simulator import API_KEY, SECRET, payment_request, wait_until

ACCOUNTS = "/v1/accounts"
LINKS = "/v1/account_links"
RETURN, REFRESH = "http://shop.example/onboarded", "http://shop.example/onboard-again"
CONNECT_SECRET = "whsec_connect"


@pytest.fixture
def link(simulator, new_account):
    """The path of an onboarding link."""
    return urlsplit(asked_link(simulator, new_account).values["url"]).path


@pytest.fixture
def connect(simulator, webhook_receiver):
    """Somebody who hears of connected accounts, and of our own account at another path."""
    simulator.control(
        "webhooks",
        urls=[webhook_receiver.url + "own/"],
        connect_urls=[webhook_receiver.url + "connect/"],
        connect_secrets=[CONNECT_SECRET],
    )
    return webhook_receiver


def asked_link(simulator, account, **changes):
    fields = {
        "account": account,
        "type": "account_onboarding",
        "return_url": RETURN,
        "refresh_url": REFRESH,
    }
    return simulator.api("POST", LINKS, **{**fields, **changes})


def for_account(simulator, path, account, method="GET"):
    headers = {"Authorization": f"Bearer {API_KEY}", "Stripe-Account": account}
    return simulator.request(method, path, headers=headers)


def test_a_new_account_cannot_be_paid_yet(simulator):
    account = simulator.api("POST", ACCOUNTS, key="account:17", **ACCOUNT).values

    assert (account["country"], account["default_currency"], account["type"]) == ("IN", "inr", "express")
    assert (account["details_submitted"], account["payouts_enabled"]) == (False, False)
    assert account["capabilities"] == {"transfers": "inactive"}
    assert account["requirements"]["disabled_reason"] == "requirements.past_due"
    assert "external_account" in account["requirements"]["currently_due"]
    assert (account["email"], account["metadata"]) == ("weavers@example.org", {"vendor": "17"})
    assert account["controller"]["stripe_dashboard"] == {"type": "express"}
    assert simulator.api("GET", f"{ACCOUNTS}/{account['id']}").values == account


@pytest.mark.parametrize(
    ("fields", "kind", "controller"),
    [
        ({}, "standard", "account"),
        ({"type": "express"}, "express", "application"),
        ({"type": "custom"}, "custom", "application"),
        ({"controller[stripe_dashboard][type]": "none"}, "none", "application"),
        ({"controller[stripe_dashboard][type]": "full"}, "standard", "application"),
    ],
)
def test_accounts_are_of_a_type_or_of_a_controller(simulator, fields, kind, controller):
    account = simulator.api("POST", ACCOUNTS, **fields).values

    assert (account["type"], account["controller"]["type"]) == (kind, controller)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"country": "Bhutan"}, "country"),
        ({"type": "express", "controller[fees][payer]": "application"}, "type"),
        ({"type": "gold"}, "type"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_account_is_refused(simulator, fields, param):
    reply = simulator.api("POST", ACCOUNTS, **fields)

    assert (reply.status, reply.values["error"]["param"]) == (400, param)
    assert simulator.objects("account") == []


def test_an_account_that_is_not_ours_is_forbidden(simulator):
    for reply in (
        simulator.api("GET", f"{ACCOUNTS}/acct_none"),
        simulator.api("POST", f"{ACCOUNTS}/acct_none"),
        asked_link(simulator, "acct_none"),
        for_account(simulator, "/v1/balance", "acct_none"),
    ):
        assert (reply.status, reply.values["error"]["code"]) == (403, "account_invalid")


def test_accounts_are_changed_and_listed(simulator, new_account, told):
    changed = simulator.api(
        "POST",
        f"{ACCOUNTS}/{new_account}",
        email="dorji@example.org",
        **{
            "metadata[vendor]": "",
            "business_profile[name]": "Dorji weavers",
            "capabilities[card_payments][requested]": "true",
            "capabilities[transfers][requested]": "false",
        },
    ).values
    second = simulator.api("POST", ACCOUNTS, country="BT", type="express").values["id"]

    listed = simulator.api("GET", ACCOUNTS).values["data"]

    assert (changed["email"], changed["metadata"]) == ("dorji@example.org", {})
    assert changed["business_profile"]["name"] == "Dorji weavers"
    assert changed["capabilities"] == {"card_payments": "inactive"}
    assert [account["id"] for account in listed] == [second, new_account]
    assert told() == ["account.updated"]


def test_a_person_finishes_the_onboarding(simulator, new_account, link, told):
    page = simulator.request("GET", link)
    reply = simulator.request("POST", link, form={"answer": "finish"})

    assert page.status == 200
    assert "<b>weavers@example.org</b>" in page.text
    assert "<code>external_account</code>" in page.text
    assert "No money moves" in page.text
    assert "<script" not in page.text
    assert "form-action 'self' http://shop.example" in page.headers["content-security-policy"]
    assert (reply.status, reply.headers["location"]) == (303, RETURN)
    account = simulator.api("GET", f"{ACCOUNTS}/{new_account}").values
    assert (account["details_submitted"], account["payouts_enabled"]) == (True, True)
    assert account["capabilities"] == {"transfers": "active"}
    assert account["requirements"]["currently_due"] == []
    assert account["requirements"]["disabled_reason"] is None
    assert account["external_accounts"]["data"][0]["currency"] == "inr"
    assert told() == ["account.updated"]


def test_a_person_leaves_the_onboarding_unfinished(simulator, new_account, link, told):
    before = simulator.api("GET", f"{ACCOUNTS}/{new_account}").values
    simulator.request("GET", link)

    reply = simulator.request("POST", link, form={"answer": "leave"})

    assert (reply.status, reply.headers["location"]) == (303, RETURN)
    assert simulator.api("GET", f"{ACCOUNTS}/{new_account}").values == before
    assert told() == []


def test_a_link_opens_once(simulator, link):
    first, second = simulator.request("GET", link), simulator.request("GET", link)

    assert first.status == 200
    assert (second.status, second.headers["location"]) == (303, REFRESH)


def test_a_link_is_open_for_five_minutes(simulator, new_account):
    made = asked_link(simulator, new_account).values
    simulator.control("clock", advance=300)

    reply = simulator.request("GET", urlsplit(made["url"]).path)

    assert made["expires_at"] - made["created"] == 300
    assert (reply.status, reply.headers["location"]) == (303, REFRESH)


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "account_holiday"}, "type"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"refresh_url": "nowhere"}, "refresh_url"),
    ],
)
def test_a_wrong_link_is_refused(simulator, new_account, changes, param):
    reply = asked_link(simulator, new_account, **changes)

    assert (reply.status, reply.values["error"]["param"]) == (400, param)
    assert simulator.objects("account_link") == []


def test_a_link_needs_both_addresses(simulator, new_account):
    reply = simulator.api("POST", LINKS, account=new_account, type="account_onboarding")

    assert (reply.status, reply.values["error"]["code"]) == (400, "parameter_missing")


@pytest.mark.parametrize("path", ["/setup/s/", "/setup/s/acct_none/al_none", "/express/acct_none"])
def test_other_pages_are_not_there(simulator, path):
    assert simulator.request("GET", path).status == 404


def test_a_link_belongs_to_its_account(simulator, link):
    other = simulator.api("POST", ACCOUNTS, type="express").values["id"]

    astray = simulator.request("POST", f"/setup/s/{other}/{link.rsplit('/')[-1]}", form={"answer": "finish"})

    assert astray.status == 404
    assert [account["details_submitted"] for account in simulator.objects("account")] == [False, False]


def test_what_an_account_is_called_is_escaped(simulator):
    fields = {"type": "express", "business_profile[name]": "<b>Dorji</b> & sons"}
    account = simulator.api("POST", ACCOUNTS, **fields).values["id"]

    page = simulator.request("GET", urlsplit(asked_link(simulator, account).values["url"]).path)

    assert html.escape("<b>Dorji</b> & sons") in page.text
    assert "<b>Dorji</b>" not in page.text


def test_an_onboarded_account_has_a_page_of_its_own(simulator, new_account, charge):
    early = simulator.api("POST", f"{ACCOUNTS}/{new_account}/login_links")
    simulator.control("accounts", account=new_account, action="finish")
    transfer(simulator, new_account, charge)

    made = simulator.api("POST", f"{ACCOUNTS}/{new_account}/login_links").values
    page = simulator.request("GET", urlsplit(made["url"]).path)

    assert early.status == 400
    assert "weavers@example.org" in page.text
    assert "1,000.00" in page.text


def transfer(simulator, account, charge):
    fields = {"amount": "100000", "currency": "inr", "source_transaction": charge["id"]}
    return simulator.api("POST", "/v1/transfers", destination=account, **fields).values


@pytest.mark.fault(44)
def test_a_restriction_says_why_and_what_is_asked_for(simulator, account, told):
    restricted = simulator.control(
        "accounts", account=account, action="restrict", reason="rejected.fraud", due=["company.tax_id"]
    )
    again = simulator.control(
        "accounts", account=account, action="restrict", reason="rejected.fraud", due=["company.tax_id"]
    )

    assert (restricted["payouts_enabled"], restricted["charges_enabled"]) == (False, False)
    assert restricted["capabilities"] == {"transfers": "inactive"}
    assert restricted["requirements"]["disabled_reason"] == "rejected.fraud"
    assert restricted["requirements"]["currently_due"] == ["company.tax_id"]
    assert again == restricted
    freed = simulator.control("accounts", account=account, action="unrestrict")
    assert (freed["payouts_enabled"], freed["requirements"]["disabled_reason"]) == (True, None)
    assert told() == ["account.updated", "account.updated"]


def test_a_disconnected_account_is_ours_no_longer(simulator, account, charge):
    sent = transfer(simulator, account, charge)
    simulator.control("accounts", account=account, action="disconnect")

    back = simulator.api("POST", f"/v1/transfers/{sent['id']}/reversals")
    fields = {"amount": "1", "currency": "inr", "source_transaction": charge["id"]}
    again = simulator.api("POST", "/v1/transfers", destination=account, **fields)

    assert (back.status, back.values["error"]["code"]) == (403, "account_invalid")
    assert (again.status, again.values["error"]["code"]) == (400, "resource_missing")
    last = simulator.objects("event")[-1]
    assert (last["type"], last["account"]) == ("account.application.deauthorized", account)
    assert simulator.objects("transfer")[0]["amount_reversed"] == 0


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"account": "acct_none", "action": "finish"},
        {"account": "acct_none", "action": "empty"},
        {"action": "restrict"},
    ],
)
def test_a_wrong_switch_of_an_account_is_refused(simulator, snapshot, values):
    known = snapshot()

    reply = simulator.request("POST", "/_control/accounts", json_body=values)

    assert reply.status in (400, 403)
    assert snapshot() == known


def test_an_account_that_never_finished_is_not_set_free(simulator, new_account, snapshot):
    known = snapshot()

    values = {"account": new_account, "action": "unrestrict"}

    assert simulator.request("POST", "/_control/accounts", json_body=values).status == 400
    assert snapshot() == known


def test_connected_accounts_are_heard_of_at_their_own_address(simulator, connect, account):
    simulator.control("accounts", account=account, action="restrict")
    simulator.api("POST", "/v1/refunds", payment_intent=paid_intent(simulator))

    connect.wait_for(9)

    by_path = {"/webhooks/stripe/own/": [], "/webhooks/stripe/connect/": []}
    for received in connect.received:
        by_path[received.path].append(received)
    heard = by_path["/webhooks/stripe/connect/"]
    assert [received.event["type"] for received in heard] == ["account.updated", "account.updated"]
    assert {received.event["account"] for received in heard} == {account}
    assert heard[1].event["data"]["previous_attributes"]["payouts_enabled"] is True
    assert all("account" not in received.event for received in by_path["/webhooks/stripe/own/"])
    for received in heard:
        assert stripe.WebhookSignature.verify_header(received.body, received.signature, CONNECT_SECRET)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(received.body, received.signature, SECRET)


def paid_intent(simulator):
    session_id = simulator.provider().create_payment(payment_request()).session_id
    simulator.pay(session_id)
    return simulator.objects("payment_intent")[-1]["id"]


def test_an_event_of_an_account_is_sent_again_to_its_own_address(simulator, connect, account):
    connect.wait_for(1)
    wait_until(lambda: simulator.objects("delivery") == [], "all deliveries")

    sent = simulator.control("redeliver", event_id=simulator.objects("event")[-1]["id"], copies=3)

    assert sent == {"statuses": [200, 200, 200]}
    assert [received.path for received in connect.received] == ["/webhooks/stripe/connect/"] * 4


def test_a_reset_keeps_the_addresses_of_connected_accounts(simulator, connect):
    simulator.control("reset")

    settings = simulator.server.world.webhooks
    assert settings.connect_urls == (connect.url + "connect/",)
    assert settings.connect_secrets == (CONNECT_SECRET,)


def test_the_switches_do_not_tell_a_secret(simulator):
    assert "whsec" not in str(simulator.control("webhooks", connect_secrets=[CONNECT_SECRET]))


def test_events_are_listed_for_the_account_they_are_of(simulator, account, charge):
    ours = simulator.api("GET", "/v1/events", limit="100").values["data"]
    theirs = for_account(simulator, "/v1/events", account).values["data"]

    assert {event["type"] for event in ours}.isdisjoint({"account.updated"})
    assert [event["type"] for event in theirs] == ["account.updated"]
    one = f"/v1/events/{theirs[0]['id']}"
    assert for_account(simulator, one, account).values == theirs[0]
    assert simulator.api("GET", one).status == 404
    assert for_account(simulator, f"/v1/events/{ours[0]['id']}", account).status == 404


def test_an_account_sees_what_it_holds(simulator, account, charge):
    empty = for_account(simulator, "/v1/balance", account).values
    transfer(simulator, account, charge)

    held = for_account(simulator, "/v1/balance", account).values

    assert (empty["available"][0]["amount"], empty["available"][0]["currency"]) == (0, "inr")
    assert (held["available"][0]["amount"], held["pending"][0]["amount"]) == (100000, 0)


def test_other_calls_for_an_account_are_not_known(simulator, account):
    assert for_account(simulator, "/v1/refunds", account).status == 501
