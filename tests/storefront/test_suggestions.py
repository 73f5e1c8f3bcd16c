"""Suggestions while typing: what may be meant, in few queries, and nothing that nobody may see."""

import re

import pytest

from catalogue.services.vocabulary import refresh_vocabulary
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import RegionAliasFactory, RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db
TEA = {"hi": {"name": "चाय और कॉफ़ी"}, "dz": {"name": "ཇ་དང་ཀོ་ཕི"}}


def suggested(client, words):
    return answered(client, "/suggestions/", words)


def places_for(client, words):
    """The code and the words of each place that is offered for the filter."""
    html = answered(client, "/suggestions/places/", words)
    options = re.findall(r'role="option".*?data-value="([^"]*)"[^>]*>(.*?)</div>', html, re.DOTALL)
    return [(code, " ".join(re.sub("<[^>]+>", " ", words).split())) for code, words in options]


def answered(client, address, words):
    answer = client.get(address, {"q": words})
    assert answer.status_code == 200
    return answer.content.decode()


def test_listing_place_kind_and_group_are_offered_for_the_letters_that_begin_them(client, paro):
    CategoryFactory(name="Parasols", slug="parasols")
    VendorFactory(name="Paro weavers", code="paro-weavers")
    listing = ListingFactory(title="Parsley tea", region=paro.doga)

    html = suggested(client, "par")

    for address in (
        listing.get_absolute_url(),
        "/places/BT-11/",
        "/category/parasols/",
        "/groups/paro-weavers/",
    ):
        assert f'href="{address}"' in html


@pytest.mark.parametrize("typed", ["hal", "हल्दी", "turmeric pow", "tumer"])
def test_goods_are_offered_in_other_words_and_when_nearly_right(client, typed):
    ListingFactory(title="Lakadong turmeric powder")
    refresh_vocabulary()

    expected = "Lakadong turmeric powder"
    assert (expected in suggested(client, typed)) is (typed != "hal")


@pytest.mark.parametrize(
    ("page", "typed", "shown"),
    [
        ("", "tea", "<span>Tea and coffee</span>"),
        ("", "चाय", "<span>Tea and coffee</span>"),
        ("/hi", "चाय", "<span>चाय और कॉफ़ी</span>"),
        ("/hi", "कॉफ़ी", "<span>चाय और कॉफ़ी</span>"),
        ("/hi", "coffee", "<span>चाय और कॉफ़ी</span>"),
        ("/hi", "ཀོ་ཕི", "<span>चाय और कॉफ़ी</span>"),
        ("/dz", "ཇ་དང", "<span>ཇ་དང་ཀོ་ཕི</span>"),
        ("/dz", "ཀོ་ཕི", "<span>ཇ་དང་ཀོ་ཕི</span>"),
    ],
)
def test_kind_is_found_by_its_name_in_any_language_and_shown_in_that_of_the_page(client, page, typed, shown):
    CategoryFactory(name="Tea and coffee", slug="tea", translations=TEA)
    CategoryFactory(name="Hidden", slug="hidden", is_public=False, translations=TEA)

    html = answered(client, f"{page}/suggestions/", typed)

    assert f'href="{page}/category/tea/"' in html
    assert shown in html
    assert html.count("/category/") == 1


def test_kind_without_a_name_in_the_language_of_the_page_says_which_its_own_is(client):
    CategoryFactory(name="Tea and coffee", slug="tea", translations={"hi": {"name": "चाय और कॉफ़ी"}})

    assert '<span lang="en">Tea and coffee</span>' in answered(client, "/dz/suggestions/", "चाय")


@pytest.mark.parametrize(
    ("page", "shown"), [("", "Tea and coffee"), ("/hi", "चाय और कॉफ़ी"), ("/dz", "ཇ་དང་ཀོ་ཕི")]
)
@pytest.mark.parametrize("typed", ["coffee", "कॉफ़ी", "ཀོ་ཕི"])
def test_search_offers_the_kind_of_such_a_name_beside_what_it_finds(client, page, shown, typed):
    tea = CategoryFactory(name="Tea and coffee", slug="tea", translations=TEA)
    CategoryFactory(name="Hidden", slug="hidden", is_public=False, translations=TEA)
    ListingFactory(title="Leaves", categories=[tea])

    html = client.get(f"{page}/products/", {"q": typed}).content.decode()

    chips = re.findall(r'<a class="chip"\s+href="[^"]*/category/([\w-]+)/">.*?</svg>(.*?)</a>', html)
    assert chips == [("tea", shown)]


@pytest.mark.parametrize("trait", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_what_nobody_may_see_is_not_offered(client, trait):
    ListingFactory(title="Hidden honey", **{trait: True})
    ListingFactory(title="Hidden honey", vendor=VendorFactory(suspended=True, name="Hidden group"))
    CategoryFactory(name="Hidden kind", slug="hidden", is_public=False)

    assert "idden" not in suggested(client, "hidden").replace("aria-hidden", "")


@pytest.mark.parametrize("address", ["/suggestions/", "/suggestions/places/"])
@pytest.mark.parametrize("typed", ["", "a", " a "])
def test_too_few_letters_are_answered_by_nothing(client, address, typed):
    assert answered(client, address, typed).strip() == ""


@pytest.mark.parametrize("address", ["/suggestions/", "/suggestions/places/"])
@pytest.mark.parametrize("typed", ["\0\0", "%_", "':*", "zzzzzzzz", "x" * 5000])
def test_nothing_to_offer_is_said_and_offers_nothing(client, address, typed):
    html = answered(client, address, typed)

    assert re.sub("<[^>]+>", "", html).split() == ["No", "suggestions"]
    assert 'role="option"' not in html


def test_options_stand_in_named_groups_and_are_counted(client, paro):
    CategoryFactory(name="Parasols", slug="parasols")
    VendorFactory(name="Paro weavers", code="paro-weavers")
    ListingFactory(title="Parsley tea", region=paro.doga)

    html = suggested(client, "par")

    groups = re.findall(r'role="group" aria-labelledby="([^"]+)"', html)
    heads = re.findall(r'id="([^"]+)" class="suggested-head">\s*(.*?)\s*</p>', html)
    assert heads == list(zip(groups, ["Listings", "Places", "Kinds of goods", "Groups"], strict=True))
    assert html.count('role="option"') == html.count('aria-selected="false"') == 4
    assert re.search(r"<p data-said>\s*4 suggestions\s*</p>", html)


def test_one_suggestion_is_said_as_one(client):
    ListingFactory(title="Cliff honey")

    assert "1 suggestion\n" in suggested(client, "cliff")


def test_words_of_another_language_say_which_it_is(client, paro):
    VendorFactory(name="शहद समूह", code="honey-group")

    assert '<span lang="dz">སྤ་རོ</span>' in suggested(client, "paro")
    assert '<span lang="hi">शहद समूह</span>' in suggested(client, "शहद")
    assert '<span lang="hi">शहद समूह</span>' not in client.get("/hi/suggestions/", {"q": "शहद"}).text


def test_places_of_all_levels_are_offered_with_what_lies_above_and_what_is_on_sale(client, paro):
    RegionFactory(name="Parog", parent=paro)
    ListingFactory(region=paro.doga)

    found = places_for(client, "paro")

    assert found[0] == (paro.code, "Paro སྤ་རོ dzongkhag · Bhutan · 1 listing")
    assert found[1][1] == "Parog gewog · Paro · Bhutan · 0 listings"
    assert [words for code, words in places_for(client, "bhutan") if code == "BT"] == [
        "Bhutan country · 1 listing"
    ]


def test_a_place_is_found_by_its_other_name_which_is_said(client, paro):
    RegionAliasFactory(region=paro.doga, alias="डोगा")

    assert places_for(client, "डोगा") == [
        ("BT-11-DOGA", "Doga gewog · Paro · Bhutan · “ डोगा ” · 0 listings")
    ]


def test_places_take_few_queries_however_many_there_are(client, django_assert_max_num_queries):
    for number in range(20):
        RegionFactory(name=f"Dogar {number}")

    with django_assert_max_num_queries(3):
        assert len(places_for(client, "dogar")) == 8


def test_words_are_shown_as_typed_by_groups_and_never_as_html(client):
    ListingFactory(title="<b>Bold</b> honey")

    assert "<b>" not in suggested(client, "honey")


def test_part_takes_equally_many_queries_for_few_and_many(client, django_assert_max_num_queries):
    RegionFactory()
    for number in range(20):
        ListingFactory(title=f"Honey {number}")

    with django_assert_max_num_queries(8):
        suggested(client, "honey")


def test_links_are_in_the_language_of_the_page(client):
    listing = ListingFactory(title="Cliff honey")

    assert (
        f'href="/hi{listing.get_absolute_url()}"'
        in client.get("/hi/suggestions/", {"q": "hon"}).content.decode()
    )
