"""The style page: there for who works on the shop, made of the shop's own parts."""

import re
from pathlib import Path

import pytest
from django.conf import settings as given
from django.template.loader import get_template

from storefront.icons import ICONS
from storefront.style_examples import tokens

pytestmark = pytest.mark.django_db
FOLDER = Path(given.BASE_DIR) / "templates"


def test_it_is_there_only_where_it_was_asked_for(client, settings, paro):
    settings.STYLE_PAGE = False
    assert client.get("/style/").status_code == 404

    settings.STYLE_PAGE = True
    assert client.get("/style/").status_code == 200


def test_every_token_is_shown_in_light_and_dark(client, settings, paro):
    settings.STYLE_PAGE = True

    page = client.get("/style/").content.decode()

    named = {token.name: token for token in tokens()}
    assert (named["paper"].light, named["paper"].dark) == ("#f8f3e9", "#17130f")
    assert named["s4"].dark == named["s4"].light == "1rem"
    assert all(f"<code>{name}</code>" in page for name in named)


def test_every_icon_and_script_is_shown(client, settings, paro):
    settings.STYLE_PAGE = True

    page = client.get("/style/").content.decode()

    assert all(re.search(rf"</svg>\s*{name}</li>", page) for name in ICONS)
    assert {"en", "hi", "dz", "th"} <= set(re.findall(r'<div class="block" lang="(\w+)"', page))
    assert "noindex" in page


def test_parts_are_the_shops_own_and_no_copies():
    sources = [FOLDER / "storefront/style.html", *(FOLDER / "storefront/style").glob("*.html")]
    included = set(
        re.findall(r'include "(components/[^"]+)"', "".join(path.read_text("utf-8") for path in sources))
    )

    assert len(included) >= 18
    for name in included:
        get_template(name)
