"""Somebody with a phone in the hand: each page that a step leads to is looked at before the next step."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.running import Marketplace
from tests.support.services import wait_until

Words = str | re.Pattern[str]
# Null for the moment in which one page goes and the next has not come: then it is asked again.
SIDEWAYS = "document.scrollingElement ? document.scrollingElement.scrollWidth - window.innerWidth : null"


class Walk:
    """One visitor's window. Every page must answer 200, fit the screen, have one heading and leave the console quiet."""

    def __init__(self, page: Page, shop: Marketplace) -> None:
        """Begin with a window that shows nothing yet."""
        self.page = page
        self.shop = shop
        self._refused: list[str] = []
        self._said: list[str] = []
        page.on("response", self._note_answer)
        page.on("console", lambda said: self._said.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._said.append(str(error)))

    def open(self, address: str) -> None:
        """Go to an address, as from a message."""
        self.page.goto(address)
        self.look()

    def follow(self, name: Words, *, within: Locator | None = None) -> None:
        """Tap a link; the first of that name."""
        with self._to_the_next_page():
            self._named("link", name, within).click()

    def press(self, name: Words, *, within: Locator | None = None) -> None:
        """Tap a button that sends a form; the first of that name."""
        with self._to_the_next_page():
            self._named("button", name, within).click()

    def fill(self, fields: Mapping[str, str]) -> None:
        """Type into fields. fields: label -> words."""
        for label, words in fields.items():
            self.field(label).fill(words)

    def field(self, label: str) -> Locator:
        """The field of that label which is to be seen: folded parts of a page may have another."""
        return self.page.get_by_label(label, exact=True).filter(visible=True)

    def reads(self, words: Words) -> None:
        """Wait until the words are to be seen."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def is_told(self, words: Words) -> None:
        """Wait until the page says that what was asked for is done."""
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()

    def message(self, contact: str, pattern: str) -> str:
        """What the pattern's group finds in an SMS to somebody, once it has come."""
        found: list[str] = []

        def has_come() -> bool:
            for text in self.shop.short_messages():
                head, _blank, body = text.partition("\n\n")
                match = re.search(pattern, body)
                if match and f"To: {contact}\n" in head:
                    found.append(match[1])
            return bool(found)

        wait_until(has_come, explain=self.shop.last_words)
        return found[0]

    def look(self) -> None:
        """Check the page that is shown now."""
        where = self.page.url
        assert urlsplit(where).netloc == urlsplit(self.shop.url).netloc, where
        wait_until(lambda: self.page.evaluate(SIDEWAYS) is not None, explain=lambda: where)
        assert self.page.evaluate(SIDEWAYS) == 0, f"{where} scrolls sideways"
        assert self.page.locator("h1:visible").count() == 1, f"{where} has not one heading"
        assert self._refused == []
        assert self._said == [], where

    @contextmanager
    def _to_the_next_page(self) -> Iterator[None]:
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.look()

    def _named(self, role: str, name: Words, within: Locator | None) -> Locator:
        whole = isinstance(name, str)
        return (within or self.page).get_by_role(role, name=name, exact=whole).first

    def _note_answer(self, answer: Response) -> None:
        """Keep what was not answered with 200, or by leading on."""
        if answer.status != 200 and not 300 <= answer.status < 400:
            self._refused.append(f"{answer.status} {answer.url}")
