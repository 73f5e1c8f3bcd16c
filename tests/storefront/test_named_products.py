"""What the page of a place says of its products: since when, by which source, and what was named earlier."""

from datetime import date

import pytest

from catalogue.selectors.places import products_named_earlier
from regions.models import IdentifiedProduct
from storefront.rows import earlier_row, named_words
from tests.factories.nominations import NominationFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory, SchemeFactory

pytestmark = pytest.mark.django_db

FIRST, END = date(2024, 3, 1), date(2025, 3, 1)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"source": "Kuensel", "year_of_source": 2015, "listed_since": "OGOP"}, "source: Kuensel · 2015"),
        (
            {
                "source": "a copy",
                "year_of_source": 2026,
                "edition": "DPIIT ODOP list (V33, Feb 2026)",
                "listed_since": "DPIIT ODOP list (V32, Aug 2025)",
            },
            "DPIIT ODOP list (V32, Aug 2025) · source: a copy · 2026",
        ),
        ({"source": "office", "named_on": FIRST}, "since 1 March 2024 · source: office"),
    ],
    ids=["list", "edition", "staff"],
)
def test_a_product_says_since_when_and_by_which_source(about, words):
    assert named_words(IdentifiedProductFactory(**about)) == words


def test_what_was_nominated_says_who_approved_it():
    product = IdentifiedProductFactory(
        named_on=FIRST, nomination=NominationFactory(), source="Nomination 1, approved by Bhutan"
    )

    assert named_words(product) == "since 1 March 2024 · approved by the programme in Bhutan"


def test_the_page_shows_it_and_folds_what_was_named_earlier(client):
    place = RegionFactory()
    now = IdentifiedProductFactory(region=place, name="Cliff honey", named_on=END, source="office")
    IdentifiedProductFactory(
        region=place, name="Red rice", named_on=FIRST, ended_on=END, replaced_by=now, source="office"
    )

    page = client.get(f"/places/{place.parent.code}/")

    assert [row.named for row in page.context["known"]] == ["since 1 March 2025 · source: office"]
    assert [(row.name, row.days, row.instead) for row in page.context["earlier"]] == [
        ("Red rice", "1 March 2024 to 28 February 2025", "Cliff honey")
    ]
    said = page.content.decode()
    assert (
        said.index("Named earlier: 1 product")
        < said.index("Red rice")
        < said.index("Since then: Cliff honey")
    )


def test_an_end_without_a_beginning_or_a_successor(client):
    product = IdentifiedProductFactory(ended_on=END)

    row = earlier_row(products_named_earlier(product.region).get())

    assert (row.days, row.instead) == ("until 28 February 2025", "")
    page = client.get(f"/places/{product.region.code}/").content.decode()
    assert "No product is named for this place now." in page
    assert "No list that we know names a product" not in page


def test_the_latest_end_comes_first_and_the_page_costs_the_same(client, django_assert_num_queries):
    place, scheme = RegionFactory(), SchemeFactory()
    successor = IdentifiedProductFactory(region=place, scheme=scheme)
    IdentifiedProductFactory(region=place, scheme=scheme, ended_on=END, replaced_by=successor)
    for year in range(2001, 2021):
        IdentifiedProductFactory(
            region=place, scheme=scheme, ended_on=date(year, 1, 1), replaced_by=successor
        )

    with django_assert_num_queries(1):
        rows = [earlier_row(product) for product in products_named_earlier(place)[:20]]

    assert [row.days for row in rows[:2]] == ["until 28 February 2025", "until 31 December 2019"]
    assert len(rows) == 20
    assert IdentifiedProduct.objects.standing().get() == successor
