"""One look at a page: what it weighs, what the browser says, whom it shuts out."""

import gzip
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Response

from tests.browser.town import Cookies

PHONE = {"width": 360, "height": 740}
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
    html: str = ""
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    overflow: dict[int, int] = field(default_factory=dict)
    violations: dict[str, list[str]] = field(default_factory=dict)


def look_at(address: str, cookies: Cookies, browser: Browser, *, base: str, in_dark: bool = False) -> Visit:
    """Open a page as whoever has these cookies, on a phone and at other widths."""
    visit = Visit()
    context = browser.new_context(viewport=PHONE, base_url=base, reduced_motion="reduce")
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
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
    answer = page.goto(address, wait_until="load")
    visit.status = answer.status if answer else 0
    visit.html = answer.text() if answer else ""
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
        if in_dark:
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
