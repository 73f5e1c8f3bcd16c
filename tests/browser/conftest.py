"""One marketplace and one browser for all tests of this folder; each test gets an empty shop and fresh visitors."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests.browser.looking import PHONE
from tests.browser.running import Marketplace
from tests.browser.sights import Town
from tests.browser.town import build_town
from tests.support import browser as chromium
from tests.support import pristine
from tests.support.services import wait_until

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MILLISECONDS = 30_000

Visitors = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests whose data outlives a test behind all others, which begin with the database as migrated."""
    items.sort(key=lambda item: "town" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def processes(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Marketplace]:
    """Web server, worker and simulator."""
    with django_db_blocker.unblock():
        # Without Redis the processes keep their cache in a table, which is no model's and so is in no migration.
        call_command("createcachetable", "cache", verbosity=0)
    with Marketplace(tmp_path_factory.mktemp("marketplace")) as running:
        yield running
    with django_db_blocker.unblock():
        # A database that somebody still uses cannot be dropped.
        wait_until(running.is_database_free)


@pytest.fixture
def shop(processes: Marketplace, transactional_db: None) -> Iterator[Marketplace]:
    """The running marketplace, empty; nothing of a test reaches the next one."""
    processes.forget()
    yield processes
    processes.switches.control("reset")
    processes.wait_until_quiet()


@pytest.fixture(scope="module")
def chromium_browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    # Playwright's loop runs in this thread, which Django takes for asynchronous code; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find_chromium(), args=list(FLAGS))
        yield running
        running.close()
        # While that loop runs Django keeps a connection of its own, which nobody could close later.
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visitors(chromium_browser: Browser, shop: Marketplace) -> Iterator[Visitors]:
    """Opens a browser window of a new visitor, a phone unless said otherwise."""
    contexts: list[BrowserContext] = []

    def open_window(**options: object) -> Page:
        settings = {"viewport": PHONE, "base_url": shop.url, "locale": "en-GB", **options}
        context = chromium_browser.new_context(**settings)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        return context.new_page()

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def guest(visitors: Visitors) -> Page:
    """A visitor without an account."""
    return visitors()


@pytest.fixture(scope="module")
def town(processes: Marketplace, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """One town for all pages, which only look at it."""
    with django_db_blocker.unblock():
        processes.forget()
        try:
            yield build_town(processes.folder / "media")
        finally:
            processes.wait_until_quiet()
            pristine.restore()
