"""A note of the office on top of every page, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.goods import member_of, one_stall
from tests.factories.programme import AnnouncementFactory
from tests.support.services import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_note_is_put_away_where_nothing_is_typed(guest, shop):
    chair = member_of(one_stall().vendor, email="chair@example.org").user
    note = AnnouncementFactory(published=True)
    guest.goto("/dashboard/")
    steps.sign_in(guest, chair.email)
    put_away = guest.get_by_role("button", name="Put away")

    # The server may keep for half a minute that there was no note.
    wait_until(
        lambda: guest.goto("/dashboard/our-group/story/") and guest.get_by_text(note.words).is_visible(),
        seconds=40,
        explain=shop.last_words,
    )
    expect(put_away).to_be_hidden()

    guest.goto("/dashboard/our-group/")
    put_away.click()
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    expect(guest.get_by_text(note.words)).to_have_count(0)
