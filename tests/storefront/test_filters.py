"""Filters combine, survive paging and another language, say what to take off where nothing fits, and refuse nonsense kindly."""

import re

import pytest
from django.utils import timezone

from catalogue.domain.seasons import read_season, season_of, seasons_with
from catalogue.selectors import facets
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


def page(client, query, path="/products/"):
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    return answer


def titles(client, query):
    return [card.title for card in page(client, query).context["listings"]]


@pytest.fixture
def this_month():
    return timezone.localdate().month


@pytest.fixture
def seasonal(this_month):
    other = this_month % 12 + 1
    ListingFactory(title="Mandarins", season=f"{this_month}-{this_month}")
    ListingFactory(title="Peaches", season=f"{other}-{other}")
    ListingFactory(title="Salt")


def test_in_season_is_what_is_harvested_this_month(client, seasonal):
    assert titles(client, "season=1") == ["Mandarins"]
    assert page(client, "").context["narrowers"].in_season == 1


@pytest.mark.parametrize(
    ("written", "kept"),
    [("6-9", "6-9"), (" 06 - 9 ", "6-9"), ("11-2", "11-2"), ("5", "5-5"), ("", ""), ("6 to 9", "6-9")],
)
def test_seasons_are_read_as_people_write_them(written, kept):
    assert read_season(written) == kept


@pytest.mark.parametrize("written", ["0-3", "6-13", "June", "6-", "-", "6-7-8", "6.5"])
def test_what_is_no_season_is_refused(written):
    with pytest.raises(ValueError, match="no season"):
        read_season(written)


def test_a_season_over_the_new_year_holds_january():
    assert "11-2" in seasons_with(1)
    assert "11-2" in seasons_with(11)
    assert "11-2" not in seasons_with(6)
    assert (season_of(6, None), season_of(None, None), season_of(6, 9)) == ("6-6", "", "6-9")


def test_filters_combine(client, paro):
    food = CategoryFactory(name="Food", slug="food")
    group = VendorFactory(kind="cooperative", food_licence="BFDA 1")
    maker = {"vendor": group, "categories": [food], "region": paro.doga}
    ListingFactory(title="Honey", stock__price="500.00", **maker)
    ListingFactory(title="Dear honey", stock__price="900.00", **maker)
    ListingFactory(title="Cheap honey", stock__price="500.00", sold_out=True, **maker)
    ListingFactory(title="Honey of elsewhere", stock__price="500.00")

    query = "q=honey&place=BT-11&category=food&kind=cooperative&price_min=100&price_max=600&in_stock=1"

    assert titles(client, query) == ["Honey"]
    assert len(page(client, query).context["chips"]) == 7


def test_filters_stay_through_pages_sorting_and_another_language(client):
    for number in range(30):
        ListingFactory(title=f"Honey {number}", stock__price="100.00")

    first = page(client, "q=honey&price_max=200&sort=cheap&page=1").content.decode()

    assert re.search(r'href="\?q=honey&amp;price_max=200&amp;sort=cheap&amp;page=2"', first)
    assert "next=%2Fproducts%2F%3Fq%3Dhoney%26price_max%3D200%26sort%3Dcheap" in first
    assert '<input type="hidden" name="price_max" value="200">' in first


def test_pages_neither_repeat_nor_lose_a_listing(client):
    many = VendorFactory()
    for number in range(40):
        ListingFactory(title=f"Honey {number}", vendor=many)
    for number in range(10):
        ListingFactory(title=f"Honey of one {number}")

    seen = [title for number in (1, 2, 3) for title in titles(client, f"q=honey&page={number}")]

    assert len(seen) == len(set(seen)) == 50
    assert sum("of one" in title for title in seen[:11]) == 10


def test_where_nothing_fits_the_page_says_which_filter_to_take_off(client, paro):
    ListingFactory(title="Honey", region=paro.doga, stock__price="500.00")

    answer = page(client, "q=honey&place=BT-11&price_max=10")

    assert [(way.chip.name, way.listings) for way in answer.context["ways_out"]] == [("price_max", 1)]
    assert 'href="?q=honey&amp;place=BT-11"' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "price_min=abc&price_max=-5",
        "price_min=NaN",
        "price_min=1e400",
        "season=%00",
        "certificate=all",
        "category=no-such-kind",
        "place=%00%00",
        "kind=%F0%9F%8D%AF",
        "page=-1",
        "page=99999999999999999999",
        "page=1.5",
        "known=abc",
        "sort=%27--",
        "q=a&q=b&place=x&place=y",
        "price_min=500&price_max=100",
    ],
)
def test_bad_values_are_passed_over_and_never_break_the_page(client, query):
    ListingFactory(title="Honey")

    page(client, query)


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 5000,
        "\u202e\u200fhoney",
        "!!!",
        "🍯🍯",
        "honey\u0000",
        "'; DROP TABLE catalogue_product; --",
        "%",
        "\\",
        "\ud7ff",
        "((((",
        "honey & | ! <-> :*",
    ],
)
def test_what_was_typed_stays_in_the_box_and_breaks_nothing(client, typed):
    ListingFactory(title="Honey")

    answer = client.get("/products/", {"q": typed})
    part = client.get("/suggestions/", {"q": typed})

    assert (answer.status_code, part.status_code) == (200, 200)
    assert 'name="q"' in answer.content.decode()


def test_a_word_between_unseen_signs_is_found(client):
    ListingFactory(title="Honey")

    assert titles(client, "q=%E2%80%AEhoney%00") == ["Honey"]


@pytest.mark.parametrize(
    ("query", "is_kept_out"), [("", False), ("q=honey", True), ("place=BT-11", True), ("sort=cheap", True)]
)
def test_narrowed_lists_are_kept_out_of_search_engines(client, paro, query, is_kept_out):
    html = page(client, query).content.decode()

    assert ('content="noindex, follow"' in html) is is_kept_out
    assert ('rel="canonical"' in html) is not is_kept_out


def test_what_is_not_understood_is_shown_short_and_without_signs_that_nobody_sees(client):
    problems = page(client, "price_min=%00%E2%80%AE" + "a" * 3000).context["problems"]

    assert [problem.words for problem in problems] == ["a" * 59 + "…: Enter a number."]


def test_a_typed_name_of_several_places_is_taken_for_the_larger_one_and_the_others_are_offered(client, paro):
    other = RegionFactory(name="Paro", code="BT-99-PARO")
    ListingFactory(title="Of the dzongkhag", region=paro.doga)
    ListingFactory(title="Of the gewog", region=other)

    answer = page(client, "place=paro")

    assert [card.title for card in answer.context["listings"]] == ["Of the dzongkhag"]
    assert "Several places have this name; this is Paro (dzongkhag)." in answer.text
    assert f'href="?place={other.code}"' in answer.text
    assert f"Paro, {other.parent.name}" in answer.text


def test_a_chosen_place_is_no_question_and_is_shown_by_its_name(client, paro):
    RegionFactory(name="Paro")

    answer = page(client, "place=BT-11")

    assert "Several places" not in answer.text
    assert 'data-value="BT-11" data-shown="Paro"' in answer.text


def test_a_typed_place_that_nobody_knows_is_said_and_stays_typed(client, paro):
    answer = page(client, "place=Parro+town")

    assert "We do not know a place called “Parro town”." in answer.text
    assert 'value="Parro town"' in answer.text
    assert "data-shown" not in answer.text
    assert 'href="?place=BT-11"' in answer.text


def test_a_choice_that_is_none_is_named_and_left_out(client):
    listing = ListingFactory()

    answer = page(client, "sort=price")

    assert [problem.words for problem in answer.context["problems"]] == [
        "We do not know “price” here and leave it out."
    ]
    assert [card.title for card in answer.context["listings"]] == [listing.title]


def test_what_is_counted_up_to_a_limit_says_that_there_is_more(client, monkeypatch):
    monkeypatch.setattr(facets, "MOST_COUNTED", 2)
    counts = []
    for _ in range(3):
        ListingFactory()
        page = client.get("/products/").content.decode()
        counts.append(re.search(r'Ready to send<span class="num">([^<]*)', page).group(1))

    assert counts == ["1", "2+", "2+"]


def test_what_is_wrong_about_a_filter_is_said_beside_it_and_on_top_with_a_link(client, paro):
    html = " ".join(page(client, "price_min=cheap&price_max=-1&place=Nowhere").text.split())

    for field, words in (
        ("f-min", "cheap: Enter a number."),
        ("f-max", "-1: Ensure this value is greater than or equal to 0."),
        ("f-place", "We do not know a place called “Nowhere”."),
    ):
        assert f'<a href="#{field}">{words}</a>' in html
        assert f'id="{field}" aria-invalid="true" aria-describedby="{field}_error"' in html
        assert html.count(words) == 2
    assert 'value="cheap"' in html


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "season=1",
        "q=mandarins",
        "q=nothing+at+all",
        "price_max=x",
        "place=Nowhere",
        "in_stock=1",
        "category=food",
    ],
)
def test_button_says_how_many_listings_there_will_be(client, seasonal, asked):
    CategoryFactory(name="Food", slug="food").product_set.add(ListingFactory(title="Rice"))
    total = page(client, asked).context["total"]

    said = client.get(f"/products/count/?{asked}", headers={"X-Live": "yes"}).content.decode().strip()

    words = {0: "Nothing fits all of this", 1: "Show 1 listing"}
    assert said == words.get(total, f"Show {total} listings")


def test_button_counts_within_the_kind_of_goods_of_its_page(client, seasonal):
    CategoryFactory(name="Food", slug="food").product_set.add(ListingFactory(title="Rice"))
    found = page(client, "", "/category/food/").content.decode()

    assert 'data-live="/products/count/?category=food"' in found
