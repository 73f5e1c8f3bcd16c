"""Suggestions while typing: what may be meant, in few queries, and nothing that nobody may see."""

import pytest

from catalogue.services.vocabulary import refresh_vocabulary
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db


def suggested(client, words):
    answer = client.get("/suggestions/", {"q": words})
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


@pytest.mark.parametrize("trait", ["draft", "submitted", "returned", "rejected", "withdrawn"])
def test_what_nobody_may_see_is_not_offered(client, trait):
    ListingFactory(title="Hidden honey", **{trait: True})
    ListingFactory(title="Hidden honey", vendor=VendorFactory(suspended=True, name="Hidden group"))
    CategoryFactory(name="Hidden kind", slug="hidden", is_public=False)

    assert "idden" not in suggested(client, "hidden").replace("aria-hidden", "")


@pytest.mark.parametrize("typed", ["", "a", "\0\0", "%_", "':*", "zzzzzzzz", "x" * 5000])
def test_nothing_to_offer_is_an_empty_part(client, typed):
    assert suggested(client, typed).strip() == ""


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
