"""The pages of impact: the public one hides what could be worked out, that of staff shows the own places whole."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from programme.services.impact_publishing import publish_closed_months
from regions.models import Region
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import cash_order, sent

pytestmark = pytest.mark.django_db
PAGE, FILE = reverse("impact"), reverse("impact-file")


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def told(world):
    """The year of the month before this one, in which all of the world happened and which was published."""
    day = timezone.now().date().replace(day=1) - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_ledgerposting DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_ledgerposting SET posted_at = %s", [day])
        cursor.execute("ALTER TABLE payments_ledgerposting ENABLE TRIGGER USER")
        cursor.execute("UPDATE order_vendororder SET released_at = %s", [day])
    publish_closed_months()
    return day.year


def rows(answer):
    return list(csv.reader(StringIO(answer.content.decode())))


def test_the_public_page_and_its_file_hide_the_same_rows(client, told):
    page, file = client.get(PAGE, {"year": told}), client.get(FILE, {"year": told})

    assert [row.is_hidden for row in page.context["table"].rows] == [True, True]
    assert page.content.decode().count("too few groups to be shown") == 2
    assert [row[:5] for row in rows(file)[1:3]] == [["Haa", *"****"], ["Paro", *"****"]]
    assert rows(file)[3][0] == "all"
    assert rows(file)[3][4] != "*"


@pytest.mark.parametrize(
    "asked",
    [{"by": "x"}, {"country": "XX"}, {"year": "1999"}, {"year": "9" * 40}, {"year": "२०२६"}, {"year": "-1"}],
)
def test_nonsense_is_not_found(client, world, asked):
    assert [client.get(address, asked).status_code for address in (PAGE, FILE)] == [404, 404]


def test_a_visitor_asks_the_database_for_no_money(client, told, django_assert_max_num_queries):
    client.get(PAGE)

    with django_assert_max_num_queries(7) as asked:
        client.get(PAGE, {"by": "goods"})

    assert not any("payments_ledger" in query["sql"] for query in asked.captured_queries)


@pytest.mark.parametrize("by", ["place", "month", "goods", "kind"])
def test_staff_see_every_row_of_their_places(client, world, houses, by):
    bhutan = Region.objects.get(code="BT")
    page = reverse("admin:programme_countryimpact_change", args=[bhutan.pk])
    file = reverse("admin:programme_countryimpact_csv", args=[bhutan.pk])

    def total(person):
        client.force_login(person)
        answer = client.get(page, {"by": by})
        assert not any(row.is_hidden for row in answer.context["table"].rows)
        shown = answer.context["table"].total
        assert rows(client.get(file, {"by": by}))[-1][1:6] == [
            str(value) for value in (shown.groups, shown.households, shown.orders, shown.paid, shown.cash)
        ]
        return shown

    everywhere, paro = (
        total(PersonFactory(moderator=True)),
        total(PersonFactory(officer=True, place=houses[1])),
    )
    assert (everywhere.groups, paro.groups) == (5, 2)
    assert paro.paid < everywhere.paid


def test_a_country_without_sales_has_an_empty_table(client, db):
    RegionFactory(dzongkhag=True)
    sent(cash_order().vendor_orders.get())
    VendorFactory()

    assert client.get(PAGE, {"year": "2020"}).context["table"].rows == []
