"""Words in another language than the page's are marked, inside texts and messages too; countries have the names of the page."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from marketplace.lib.translated import Said
from storefront.foreign import filled, foreign_language, marked
from tests.demo.reading import Reader
from tests.factories.catalogue import ListingFactory
from tests.factories.regions import CountryFactory, RegionFactory
from tests.support.sale import open_shop

NAMES = {"en": "Bhutan", "hi": "भूटान", "dz": "འབྲུག"}


@pytest.mark.parametrize(
    ("page", "words", "language"),
    [
        ("en", "Red rice", ""),
        ("en", "लाल चावल", "hi"),
        ("hi", "Red rice", "en"),
        ("hi", "लाल चावल", ""),
        ("dz", "Red rice", "en"),
        ("dz", "500", ""),
        ("hi", Said("Red rice"), ""),
        ("hi", Said("Red rice", "en"), "en"),
        ("en", Said("Ema datshi", "dz"), "dz"),
    ],
)
def test_language_of_words_is_told_where_it_is_not_the_pages(page, words, language):
    with translation.override(page):
        assert foreign_language(words) == language


def test_marked_words_are_escaped():
    with translation.override("hi"):
        assert marked("Rice & <b>more</b>") == '<span lang="en">Rice &amp; &lt;b&gt;more&lt;/b&gt;</span>'
        assert marked("चावल <b>") == "चावल &lt;b&gt;"


def test_gaps_of_a_text_are_marked_and_nothing_in_it_is_taken_for_html():
    with translation.override("hi"):
        said = filled("टोकरी में %(title)s: %(count)d <i>", title="<b>Rice", count=2)

    assert said == 'टोकरी में <span lang="en">&lt;b&gt;Rice</span>: 2 &lt;i&gt;'


def test_name_inside_a_translated_text_is_marked():
    page = Template(
        "{% load i18n shop %}{% blocktrans with name=n|foreign %}Follow {{ name }}{% endblocktrans %}"
    )

    with translation.override("dz"):
        said = page.render(Context({"n": "Khoma Weavers"}))

    assert '<span lang="en">Khoma Weavers</span>' in said
    assert "Follow" not in said


@pytest.mark.django_db
def test_message_marks_the_title_in_it(client):
    open_shop()
    listing = ListingFactory(title="Red rice & more")

    answer = client.post("/hi/basket/add/", {"product": listing.pk, "quantity": 1}, follow=True)

    note = re.search(r'role="status">.*?<p>(.*?)</p>', answer.content.decode(), re.DOTALL)[1]
    assert '<span lang="en">Red rice &amp; more</span>' in note


@pytest.mark.django_db
@pytest.mark.parametrize("language", NAMES)
def test_country_has_its_name_in_the_language_of_the_page(client, language):
    CountryFactory()
    ListingFactory(region=RegionFactory(dzongkhag=True, code="BT-11", name="Paro"))
    start = "" if language == "en" else f"/{language}"

    for address in ("/places/", "/places/BT/", "/places/BT-11/", "/products/", "/products/?place=BT"):
        texts = [words for words, _language in Reader(client.get(start + address).content.decode()).texts]

        assert any(NAMES[language] in words for words in texts), address
        assert not any(
            NAMES[other] in words for words in texts for other in NAMES.keys() - {language, "dz"}
        ), address
