"""A place is corrected with a reason, and both are read in its history and in the audit."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.browser.test_queue import VIOLATIONS
from tests.factories.people import PASSWORD, PersonFactory
from tests.factories.regions import RegionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUDIT = "/admin/audit/change/"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_correction_is_read_in_the_history_and_in_the_audit(shop, visitors, width):
    region = RegionFactory(name="Doga")
    page = f"/admin/regions/region/{region.pk}"
    desk = visitors(viewport={"width": width, "height": 900}, bypass_csp=True)
    desk.goto(f"{page}/change/")
    desk.get_by_label("Username").fill(PersonFactory(superuser=True, name="Dechen").email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.keyboard.press("Enter")

    desk.get_by_label("Name:", exact=True).fill("Dogar")
    desk.get_by_label("Remark on its status").fill("As it is spoken and written there. " * 5)
    desk.get_by_label("Why, for the history").fill("Letter of the dzongkhag")
    desk.get_by_role("button", name="Save and continue editing").click()
    problems = found_on(desk, "form", only_width=True)
    desk.goto(f"{page}/history/")
    newest = desk.locator(".audit__entry").first
    expect(newest).to_contain_text("Doga")
    expect(newest).to_contain_text("Reason: Letter of the dzongkhag")
    problems += found_on(desk, "history")
    desk.get_by_role("link", name="all of this operation").first.click()
    expect(desk.locator(".audit__entry")).to_have_count(1)
    desk.get_by_role("link", name="Show all").click()
    expect(desk.locator(".audit__entry").first).to_contain_text("Dechen")
    problems += found_on(desk, "audit")

    assert desk.url.endswith(f"{AUDIT}?")
    assert problems == []


def found_on(desk, where, *, only_width=False):
    desk.evaluate(AXE_SCRIPT)
    overflow = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults = [] if only_width else desk.evaluate(VIOLATIONS)
    return [f"{where}: {each}" for each in [*faults, *([f"{overflow} px"] if overflow > 0 else [])]]
