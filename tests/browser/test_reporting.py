"""Reporting something wrong, in the browser: back to the page, and no key of the browser offers to send again."""

import pytest
from playwright.sync_api import expect

from programme.models import MisuseReport
from tests.browser.goods import one_stall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_back_after_sending_offers_nothing_to_send(shop, visitors, has_scripts):
    listing = one_stall().listing
    page = visitors(java_script_enabled=has_scripts)
    where = f"{listing.get_absolute_url()}?reviews=1"
    page.goto(where)
    page.get_by_role("link", name="Report something wrong here").click()
    page.get_by_label("In your own words").fill("Seen elsewhere")
    page.get_by_role("button", name="Send to the office").click()
    expect(page.get_by_text("Say what is wrong.").first).to_be_visible()
    expect(page.get_by_label("In your own words")).to_have_value("Seen elsewhere")
    page.get_by_label("What is wrong?").select_option("copied")
    page.get_by_role("button", name="Send to the office").click()
    page.wait_for_url(f"**{where}")
    expect(page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()

    seen = []
    while not page.url.endswith(where) or not seen:
        answer = page.go_back()
        seen.append((answer.request.method, answer.status))
        expect(page.get_by_role("button", name="Send to the office")).to_have_count(0)
        expect(page.locator("h1:visible")).to_have_count(1)

    assert set(seen) == {("GET", 200)}
    row = MisuseReport.objects.get()
    assert (row.reason, row.words) == ("copied", "Seen elsewhere")
