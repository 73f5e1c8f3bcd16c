"""Every page of a shopper keeps its budget of bytes and requests, in every language."""

import gzip

import pytest
from django.conf import settings
from django.test import Client

from marketplace.lib.addresses import in_language
from storefront.recently_seen import SHOWN
from tests.browser.town import PAGES, build_town
from tests.support import weight
from tests.support.weight import Weight, weigh

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SHOPPERS = {"visitor", "buyer", "shopper", "regular", "newcomer", "keeper", "mistaken"}
# Their pages end with what was looked at last, as large as it can be.
WITH_SEEN = {"listing", "listing in sizes", "empty basket", "account"}


def pages_of(town):
    """Each page of a shopper in each language: its name and HTML."""
    for name, shown in PAGES.items():
        if shown.who not in SHOPPERS or shown.address(town).startswith("/language/"):
            continue
        for language in LANGUAGES:
            client = Client()
            for key, value in town.cookies[shown.who].items():
                client.cookies[key] = value
            if name in WITH_SEEN:
                client.cookies[settings.SEEN_COOKIE_NAME] = ".".join(
                    str(row.pk) for row in town.listings[4:12]
                )
            answer = client.get(in_language(shown.address(town), language))
            assert answer.status_code == shown.status, (name, language)
            assert name not in WITH_SEEN or len(answer.context["seen"]) == SHOWN, (name, language)
            yield f"{name}, {language}", answer.content.decode()


@pytest.mark.django_db
def test_no_page_outgrows_its_budget(tmp_path):
    pages = dict(pages_of(build_town(tmp_path)))
    weights = {name: weigh(html) for name, html in pages.items()}

    assert len(weights) >= 60 * len(LANGUAGES)
    assert {name: found.overruns for name, found in weights.items() if found.overruns} == {}
    # A page that seems to have no style or script was not read rightly.
    assert all(found.css > 1024 for found in weights.values())
    assert all(found.js > 256 for name, found in weights.items() if '<script type="module"' in pages[name])
    assert sum(found.js > 256 for found in weights.values()) > 20 * len(LANGUAGES)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Weight(weight.HTML, weight.CSS, weight.JS, weight.REQUESTS), []),
        (Weight(weight.HTML + 1, 0, 0, 1), ["html 20481 > 20480"]),
        (Weight(0, weight.CSS + 1, 0, 1), ["css 20481 > 20480"]),
        (Weight(0, 0, weight.JS + 1, 1), ["js 25601 > 25600"]),
        (Weight(0, 0, 0, 11), ["requests 11 > 10"]),
    ],
)
def test_what_is_one_over_the_budget_is_named(found, words):
    assert found.overruns == words


def test_scripts_sheets_and_fonts_of_a_page_are_counted():
    html = '<link rel="stylesheet" href="/static/css/site.css"><script type="module" src="/static/js/shop.js"></script>'

    plain, dzongkha = weigh(html), weigh(f"{html}<p>འབྲུག</p>")

    script = gzip.compress((settings.BASE_DIR / "static/js/shop.js").read_bytes(), weight.LEVEL)
    assert (plain.js, plain.requests, dzongkha.requests) == (len(script), 3, 5)
    assert plain.css > 10_000
