"""The hosted page in a browser: usable without a script, on a small phone and by everyone."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from tests.support.browser import find_chromium
from tests.support.simulator import payment_request

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def pay_url(simulator):
    """The page of an open session of 1,234.50 whose shop is the simulator's own health page."""
    request = payment_request(
        success_url=f"{simulator.url}/healthz?session={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{simulator.url}/healthz?cancelled=1",
    )
    return simulator.provider().create_payment(request).url


def enter_card(page, number):
    page.get_by_label("Card number").fill(number)
    page.get_by_role("button", name="Pay ₹1,234.50").click()


def test_without_a_script_a_buyer_is_declined_asked_by_the_bank_and_pays(chromium, simulator, pay_url):
    page = chromium.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(pay_url)

    enter_card(page, "4000 0000 0000 0002")
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    enter_card(page, "4000 0025 0000 3155")
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("alert")).to_contain_text("unable to authenticate")
    enter_card(page, "4000 0025 0000 3155")
    page.get_by_role("button", name="Complete authentication").click()

    [session] = simulator.objects("checkout.session")
    assert urlsplit(page.url).query == f"session={session['id']}"
    assert session["payment_status"] == "paid"


def test_a_buyer_can_turn_back(chromium, simulator, pay_url):
    page = chromium.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(pay_url)

    page.get_by_role("link", name="Cancel and go back").click()

    assert urlsplit(page.url).query == "cancelled=1"
    assert simulator.objects("checkout.session")[0]["status"] == "open"


@pytest.mark.parametrize(
    "card", ["", "4000000000000002", "4000002500003155"], ids=["new", "declined", "bank"]
)
def test_the_page_fits_a_phone_and_breaks_no_rule_of_access(chromium, pay_url, card):
    page = chromium.new_context(viewport=PHONE).new_page()
    page.goto(pay_url)
    if card:
        enter_card(page, card)

    violations = Axe().run(page).response["violations"]

    assert [violation["id"] for violation in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for button in page.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44


@pytest.fixture
def onboarding_url(simulator, new_account):
    """The onboarding page of a connected account, which leads back to the simulator's own health page."""
    fields = {"account": new_account, "type": "account_onboarding"}
    fields |= {"return_url": f"{simulator.url}/healthz?back=1", "refresh_url": f"{simulator.url}/healthz"}
    return simulator.api("POST", "/v1/account_links", **fields).values["url"]


@pytest.mark.parametrize(
    ("button", "is_finished"), [("Give all of it and finish", True), ("Leave it unfinished", False)]
)
def test_without_a_script_a_person_onboards_an_account(
    chromium, simulator, onboarding_url, button, is_finished
):
    page = chromium.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(onboarding_url)

    page.get_by_role("button", name=button).click()

    assert urlsplit(page.url).query == "back=1"
    assert simulator.objects("account")[0]["payouts_enabled"] is is_finished


def test_the_onboarding_fits_a_phone_and_breaks_no_rule_of_access(chromium, onboarding_url):
    page = chromium.new_context(viewport=PHONE).new_page()
    page.goto(onboarding_url)

    violations = Axe().run(page).response["violations"]

    assert [violation["id"] for violation in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for button in page.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44
