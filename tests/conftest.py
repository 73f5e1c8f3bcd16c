"""Fixtures for all rooms; what runs before Django is in tests/support/plugin.py."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests.support import pristine


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, which every test finds as the migrations left it."""
    with django_db_blocker.unblock():
        pristine.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: pristine.restore())
        yield


@pytest.fixture(autouse=True)
def english() -> None:
    """Each test begins in English; a page that was asked for in Hindi leaves its thread so."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def no_announcements_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages know from the cache that nothing is announced, as long as a test lasts.

    What was kept for half a minute would end between two pages whose queries are compared. Tests that announce something
    empty the cache.
    """
    from programme.selectors import announcements

    monkeypatch.setattr(announcements, "SECONDS_KEPT", 3600)
    cache.set(f"{announcements.KEPT}:{cache.get(announcements.WORD, '')}", [], 3600)
