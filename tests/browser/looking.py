"""One look at a page: what it weighs, what the browser says, whom it shuts out."""

import gzip
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Response

from tests.browser.sights import Cookies, Shown

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

# Everything that a finger can press and that is smaller than 44 px. A tick or circle is pressed by its label, a card by all
# that its link covers. Left out as WCAG 2.5.8 does: links in running text, which are as high as its lines; tiles of a map,
# whose links stand in a list too; what is only there for the keyboard (the skip link) or for screen readers.
SMALL_TARGETS = """() => {
  const least = 43.5;
  const inText = (at) => {
    if (getComputedStyle(at).display !== "inline") return false;
    const words = (part) => part.textContent.replace(/\\s+/g, " ").trim();
    let around = at.parentElement;
    while (getComputedStyle(around).display === "inline") around = around.parentElement;
    const links = [...around.querySelectorAll("a, button")].map(words).join("");
    return words(around).replace(/ /g, "").length > links.replace(/ /g, "").length + 2;
  };
  const pressed = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  return [...document.querySelectorAll(pressed)].flatMap((at) => {
    const target = at.matches("[type=radio], [type=checkbox]") ? at.closest("label") || at : at;
    const style = getComputedStyle(target);
    const cover = getComputedStyle(target, "::after");
    const isCovered = cover.content !== "none" && cover.position === "absolute" && target.offsetParent;
    const box = (isCovered ? target.offsetParent : target).getBoundingClientRect();
    const isThere = box.width > 1 && box.height > 1 && style.visibility !== "hidden";
    if (!isThere || at.closest("svg, .sr, .skip") || at.disabled || inText(target)) return [];
    if (box.width >= least && box.height >= least) return [];
    return [`${Math.round(box.width)} x ${Math.round(box.height)}: ${target.outerHTML.slice(0, 160)}`];
  });
}"""


@dataclass
class Visit:
    """What one look at a page has brought to light.

    sizes: kind -> bytes, compressed; overflow: width -> pixels; small_targets: what is hard to press on a phone.
    """

    status: int = 0
    heading_count: int = 0
    title: str = ""
    html: str = ""
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    overflow: dict[int, int] = field(default_factory=dict)
    violations: dict[str, list[str]] = field(default_factory=dict)
    small_targets: list[str] = field(default_factory=list)


def look_at(shown: Shown, address: str, cookies: Cookies, browser: Browser, *, base: str) -> Visit:
    """Open a page as whoever has these cookies, on a phone and at other widths; send its form first where it says so."""
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
    if shown.sent:
        for name, words in shown.sent.items():
            page.locator(f"#{name}").fill(words)
        answers.clear()
        with page.expect_navigation(wait_until="load") as sent:
            page.locator("main form .btn-main").last.click()
        answer = sent.value
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
        visit.small_targets = page.evaluate(SMALL_TARGETS)
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
