"""Every page is light, quiet and open to everybody: budgets, console, accessibility, small screens."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Response

from tests.browser.conftest import PHONE
from tests.browser.running import Marketplace
from tests.browser.town import PAGES, Town, build_town
from tests.support import pristine

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

KILOBYTE = 1024
HTML_BUDGET, CSS_BUDGET, JS_BUDGET = 20 * KILOBYTE, 20 * KILOBYTE, 25 * KILOBYTE
REQUEST_BUDGET = 10
WIDTHS = (320, 360, 1280)
# What the browser says by itself, where we cannot listen with on("console").
LISTEN = """
window.refusals = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refusals.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
VIOLATIONS = """async (rules) => (await axe.run(document, {resultTypes: ["violations"], ...rules})).violations.map(
  (found) => `${found.id}: ${found.help}\\n${found.nodes.slice(0, 3).map((node) => "    " + node.html).join("\\n")}`)"""


@dataclass
class Visit:
    """What one look at a page has brought to light. sizes: kind -> bytes, compressed; overflow: width -> pixels."""

    status: int = 0
    heading_count: int = 0
    title: str = ""
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    overflow: dict[int, int] = field(default_factory=dict)
    violations: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def town(processes: Marketplace, django_db_blocker: pytest.FixtureRequest) -> Iterator[Town]:
    """One town for all pages, which only look at it."""
    with django_db_blocker.unblock():
        processes.forget()
        try:
            yield build_town(processes.folder / "media")
        finally:
            processes.wait_until_quiet()
            pristine.restore()


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
        visits[request.param] = look_at(request.param, town, chromium_browser, base=processes.url)
    return visits[request.param]


def look_at(name: str, town: Town, browser: Browser, *, base: str) -> Visit:
    visit, shown = Visit(), PAGES[name]
    context = browser.new_context(viewport=PHONE, base_url=base, reduced_motion="reduce")
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in town.cookies[shown.who].items()])
    context.add_init_script(LISTEN)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.on(
        "console",
        lambda message: visit.said.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: visit.said.append(str(error)))
    page.on("requestfailed", lambda failed: visit.said.append(f"{failed.url}: {failed.failure}"))
    answer = page.goto(shown.address(town), wait_until="load")
    visit.status = answer.status if answer else 0
    _weigh(visit, answers)
    visit.heading_count = page.locator("h1:visible").count()
    visit.title = page.title()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        visit.overflow[width] = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        if width != PHONE["width"]:
            continue
        page.evaluate(AXE_SCRIPT)
        visit.violations["light"] = page.evaluate(VIOLATIONS, {})
        if shown.in_dark:
            page.emulate_media(color_scheme="dark")
            visit.violations["dark"] = page.evaluate(VIOLATIONS, {"runOnly": ["color-contrast"]})
            page.emulate_media(color_scheme="light")
    visit.said += page.evaluate("window.refusals")
    context.close()
    return visit


def _weigh(visit: Visit, answers: list[Response]) -> None:
    for answer in answers:
        kind = answer.request.resource_type
        visit.requests.append(f"{kind} {answer.url}")
        if kind in ("document", "stylesheet", "script") and not 300 <= answer.status < 400:
            visit.sizes[kind] = visit.sizes.get(kind, 0) + len(gzip.compress(answer.body(), compresslevel=6))


def test_page_answers_as_it_should(request, visit):
    assert visit.status == PAGES[request.node.callspec.params["visit"]].status


def test_page_has_one_heading_and_a_title(visit):
    assert visit.heading_count == 1
    assert visit.title.split("·")[0].strip()


def test_page_shuts_nobody_out(visit):
    assert visit.violations == {scheme: [] for scheme in visit.violations}


def test_page_is_light(visit):
    assert visit.sizes["document"] <= HTML_BUDGET
    assert visit.sizes["stylesheet"] <= CSS_BUDGET
    assert visit.sizes.get("script", 0) <= JS_BUDGET
    assert len([row for row in visit.requests if not row.startswith("image ")]) <= REQUEST_BUDGET


def test_page_asks_no_other_host(visit, processes):
    hosts = {urlsplit(row.partition(" ")[2]).netloc for row in visit.requests if " data:" not in row}

    assert hosts == {urlsplit(processes.url).netloc}


def test_page_leaves_no_error_in_the_console(request, visit):
    expected = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    is_missing = PAGES[request.node.callspec.params["visit"]].status == 404

    assert visit.said == ([expected] if is_missing else [])


def test_page_never_scrolls_sideways(visit):
    assert visit.overflow == dict.fromkeys(WIDTHS, 0)
