"""Every page is light, quiet and open to everybody: budgets, console, accessibility, small screens."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import SMALL_TARGETS, WIDTHS, Visit, look_at
from tests.browser.quality import report
from tests.browser.running import Marketplace
from tests.browser.sights import Town
from tests.browser.town import PAGES

# Their desk is not measured here.
MEMBERS = {"member", "applicant"}
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
            shown,
            shown.address(town),
            town.cookies[shown.who],
            chromium_browser,
            base=processes.url,
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


def test_everything_on_a_page_of_the_shop_can_be_pressed_by_a_thumb(request, visit):
    if PAGES[request.node.callspec.params["visit"]].who not in MEMBERS:
        assert visit.small_targets == []


def test_what_is_too_small_for_a_thumb_is_seen(chromium_browser):
    page = chromium_browser.new_page()
    page.set_content(
        "<p>Words and <a href=x>a link</a></p><ul><li><a href=x>A link alone</a></li></ul>"
        "<label style='display: block'><input type=radio> Small</label><button>x</button>"
        "<button style='width: 44px; height: 44px'>y</button><p hidden><button>z</button></p>"
    )

    found = page.evaluate(SMALL_TARGETS)
    page.close()

    assert [row.partition("<")[2][:3] for row in found] == ["a h", "lab", "but"]
