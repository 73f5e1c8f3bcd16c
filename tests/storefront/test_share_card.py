"""The card with which a page is shared: ways that work without scripts and follow nobody."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from marketplace.lib.addresses import in_language
from tests.factories.catalogue import ListingFactory
from tests.factories.vendors import MembershipFactory

pytestmark = pytest.mark.django_db

CARD = re.compile(r'<section class="panel tell".*?</section>', re.DOTALL)


@pytest.mark.parametrize("language", ["en", "hi", "dz"])
def test_every_way_carries_title_and_address_and_nothing_else(client, language):
    listing = ListingFactory(title="Rice & tea, 100% <old>?")
    page = in_language(listing.get_absolute_url(), language)

    card = CARD.search(client.get(f"{page}?utm_source=x&reviews=1").content.decode())[0]

    address = settings.SITE_URL + page
    assert f'value="{address}"' in card
    links = [urlsplit(html.unescape(link)) for link in re.findall(r'href="([^"]+)"', card)]
    assert [(link.scheme, link.netloc, link.path) for link in links] == [
        ("https", "wa.me", "/"),
        ("mailto", "", ""),
    ]
    assert parse_qs(links[0].query) == {"text": [f"{listing.title}\n{address}"]}
    assert parse_qs(links[1].query) == {"subject": [listing.title], "body": [f"{listing.title}\n{address}"]}


def test_the_page_loads_nothing_from_another_host(client):
    page = client.get(ListingFactory().get_absolute_url()).content.decode()

    loaded = re.findall(r'<(?:script|img|iframe|link rel="stylesheet")[^>]*(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/") for address in loaded)


def test_what_only_scripts_can_do_is_hidden_without_them(client):
    card = CARD.search(client.get(ListingFactory().get_absolute_url()).content.decode())[0]

    buttons = re.findall(r"<button.*?>", card, re.DOTALL)
    assert len(buttons) == 2
    assert all(" hidden" in " ".join(button.split()) for button in buttons)


def test_a_preview_is_not_to_be_shared(client):
    draft = ListingFactory(draft=True)
    client.force_login(MembershipFactory(vendor=draft.vendor).user)

    page = client.get(f"/preview/{draft.pk}/")

    assert page.status_code == 200
    assert not CARD.search(page.content.decode())
