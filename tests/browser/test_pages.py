"""Every page is light, quiet and open to everybody: budgets, console, accessibility, small screens."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import WIDTHS, Visit, look_at
from tests.browser.quality import report
from tests.browser.running import Marketplace
from tests.browser.town import PAGES, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def visits() -> dict[str, Visit]:
    """Pages that were looked at already."""
    return {}


@pytest.fixture(params=PAGES)
def visit(
    request: pytest.FixtureRequest,
    town: Town,
    visits: dict[str, Visit],
    chromium_browser: Browser,
    processes: Marketplace,
) -> Visit:
    """One page, looked at once for all tests."""
    if request.param not in visits:
        shown = PAGES[request.param]
        visits[request.param] = look_at(
            shown.address(town),
            town.cookies[shown.who],
            chromium_browser,
            base=processes.url,
            in_dark=shown.in_dark,
        )
    return visits[request.param]


def test_page_answers_as_it_should(request, visit):
    assert visit.status == PAGES[request.node.callspec.params["visit"]].status


def test_page_has_one_heading_and_a_title(visit):
    assert visit.heading_count == 1
    assert visit.title.split("·")[0].strip()


def test_page_shuts_nobody_out(visit):
    assert visit.violations == {scheme: [] for scheme in visit.violations}


def test_page_is_light(visit):
    assert visit.sizes["document"] <= report.HTML_BYTES
    assert visit.sizes["stylesheet"] <= report.CSS_BYTES
    assert visit.sizes.get("script", 0) <= report.JS_BYTES
    assert len([row for row in visit.requests if not row.startswith("image ")]) <= report.REQUESTS


def test_page_asks_no_other_host(visit, processes):
    hosts = {urlsplit(row.partition(" ")[2]).netloc for row in visit.requests if " data:" not in row}

    assert hosts == {urlsplit(processes.url).netloc}


def test_page_leaves_no_error_in_the_console(request, visit):
    expected = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    is_missing = PAGES[request.node.callspec.params["visit"]].status == 404

    assert visit.said == ([expected] if is_missing else [])


def test_page_never_scrolls_sideways(visit):
    assert visit.overflow == dict.fromkeys(WIDTHS, 0)
