"""A buyer whatever the language: steps go by what a page is made of and where it leads, never by its words."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Route

from tests.browser.goods import Stall
from tests.browser.running import Marketplace
from tests.browser.walking import Walk
from tests.support.services import wait_until

# Draws all text twice as large, as a reader does whose browser is set so.
TWICE_AS_LARGE = "\nhtml { font-size: 200%; }\n"
LETTER_SIZE = "getComputedStyle(document.documentElement).fontSize"
# What the keyboard is on, and whether that is to be seen: an outline of it, of its label or its card, or the edge of a tile.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return {isSeen: true, html: ""};
  const outlined = (part, pseudo) => {
    const style = part && getComputedStyle(part, pseudo);
    return Boolean(style) && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const tile = at.querySelector("use");
  const isMarked = outlined(at) || outlined(at, "::after") || outlined(at.closest("label"))
    || (tile && parseFloat(getComputedStyle(tile).strokeWidth) >= 3);
  const box = at.getBoundingClientRect();
  const isThere = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < window.innerHeight;
  return {isSeen: isThere && isMarked, html: at.outerHTML.slice(0, 200)};
}"""
MOST_KEYS = 150
ADDRESS = {
    "name": "Tashi Wangmo",
    "email": "tashi@example.net",
    "phone": "17123456",
    "town": "Katsho",
    "street": "Above the school",
}
DZONGKHAG = "Haa"


@dataclass(frozen=True)
class Way:
    """How somebody buys: in which language, with scripts or without, by keys alone, with large text."""

    language: str = "en"
    has_scripts: bool = True
    by_keys: bool = False
    is_large: bool = False
    digits: str = "0123456789"

    @property
    def window(self) -> dict[str, object]:
        """Options of the browser's window."""
        return {"java_script_enabled": self.has_scripts, "locale": "en-GB", "reduced_motion": "reduce"}

    def typed(self, number: str) -> str:
        """A number as this buyer types it."""
        return number.translate(str.maketrans("0123456789", self.digits))


@dataclass
class Buyer:
    """One purchase. Each page that a step leads to is looked at: see Walk, and that it speaks the buyer's language."""

    page: Page
    shop: Marketplace
    way: Way
    walk: Walk = field(init=False)

    def __post_init__(self) -> None:
        """Begin with a window that shows nothing yet."""
        if self.way.is_large:
            # By the stylesheet: where scripts are off, a script of ours would not run either.
            self.page.route("**/*.css", _enlarge)
        self.walk = Walk(self.page, self.shop)

    def begin(self) -> None:
        """Open the home page in the language."""
        self.walk.open("/" if self.way.language == "en" else f"/{self.way.language}/")
        self._is_in_the_language()

    def go(self, target: str) -> None:
        """Follow a link or press a button, the first of this selector that is to be seen."""
        there = self.page.locator(target).filter(visible=True).first
        with self.page.expect_navigation(wait_until="load"):
            self._use(there)
        self.walk.look()
        self._is_in_the_language()

    def write(self, name: str, words: str) -> None:
        """Type into the field of that name, over what it holds."""
        control = self.page.locator(f"main [name={name}]").filter(visible=True).first
        if self.way.by_keys:
            self._tab_to(control)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(words)
        else:
            control.fill(words)

    def choose(self, name: str, value: str) -> None:
        """Choose an option of a list, or a circle."""
        control = self.page.locator(f"main [name={name}]").first
        if control.evaluate("(at) => at.tagName") == "SELECT":
            if self.way.by_keys:
                self._tab_to(control)
                self.page.keyboard.type(value)
            else:
                control.select_option(value)
        else:
            self._choose_circle(name, value)
        assert self._value(name) == value

    def _choose_circle(self, name: str, value: str) -> None:
        if not self.way.by_keys:
            self.page.locator(f"main label:has([name={name}][value={value}])").click()
            return
        circles = self.page.locator(f"main [name={name}]")
        self._tab_to(circles.locator("xpath=self::*[@checked]").first)
        for _more in range(circles.count()):
            if self._value(name) == value:
                return
            self.page.keyboard.press("ArrowDown")

    def _value(self, name: str) -> str:
        control = self.page.locator(f"main select[name={name}], main [name={name}]:checked").first
        return control.input_value()

    def _use(self, there: Locator) -> None:
        if self.way.by_keys:
            self._tab_to(there)
            self.page.keyboard.press("Enter")
        else:
            there.click()

    def _tab_to(self, there: Locator) -> None:
        """Press Tab until it is reached; all that is passed on the way shows that the keyboard is on it."""
        for _key in range(MOST_KEYS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            assert focus["isSeen"], f"{self.page.url}: nobody sees where the keyboard is: {focus['html']}"
            if there.evaluate("(at) => at === document.activeElement"):
                return
        raise AssertionError(f"{self.page.url}: no key leads to {there}")

    def _is_in_the_language(self) -> None:
        spoken = self.page.locator("html").get_attribute("lang")
        path = urlsplit(self.page.url).path
        prefix = "" if self.way.language == "en" else f"/{self.way.language}"
        assert spoken == self.way.language, self.page.url
        assert self.page.evaluate(LETTER_SIZE) == ("32px" if self.way.is_large else "16px"), self.page.url
        assert path.startswith(f"{prefix}/"), self.page.url
        assert prefix or not path.startswith(("/hi/", "/dz/")), self.page.url


def _enlarge(route: Route) -> None:
    sheet = route.fetch()
    route.fulfill(response=sheet, body=sheet.text() + TWICE_AS_LARGE)


def buy(buyer: Buyer, stall: Stall) -> str:
    """From the home page over the place to the order, paid in cash when it comes; returns the order's number."""
    way, place = buyer.way, stall.place
    buyer.begin()
    buyer.go("nav a[href$='/places/']")
    buyer.go(f"main a[href$='/places/{place.parent.code}/']")
    buyer.go(f"main a[href$='/places/{place.code}/']")
    buyer.go(f"main .card a[href*='{stall.listing.get_absolute_url().rpartition('/products/')[2]}']")
    buyer.write("quantity", way.typed(str(stall.quantity)))
    buyer.go(".buyline button[type=submit]")
    if not buyer.page.url.endswith("/basket/"):
        buyer.go("header a[href$='/basket/']")
    buyer.go("main a[href$='/checkout/']")
    for name, words in ADDRESS.items():
        if name == "town":
            buyer.choose("state", DZONGKHAG)
        buyer.write(name, way.typed(words))
    buyer.go("main form .btn-main")
    buyer.choose(f"delivery-{stall.vendor.pk}", stall.delivery.code)
    buyer.go("main form .btn-main")
    buyer.choose("way", "cash_on_delivery")
    buyer.go("main form .btn-main")
    wait_until(lambda: "/orders/" in buyer.page.url, explain=lambda: buyer.page.url)
    return urlsplit(buyer.page.url).path.rstrip("/").rpartition("/")[2]
