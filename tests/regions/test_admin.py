"""Places in Django admin: found by any name, codes kept, no query per row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regions.models import IdentifiedProduct, Region
from tests.factories.regions import (
    GeographicalIndicationFactory,
    IdentifiedProductFactory,
    RegionAliasFactory,
    RegionFactory,
    SchemeFactory,
)

pytestmark = pytest.mark.django_db

MAKERS = {
    "region": RegionFactory,
    "identifiedproduct": IdentifiedProductFactory,
    "geographicalindication": lambda: GeographicalIndicationFactory(regions=[RegionFactory(state=True)]),
    "scheme": lambda: SchemeFactory(code=f"S{RegionFactory().pk}", name="Scheme"),
}


def listed(client, kind, **query):
    return client.get(reverse(f"admin:regions_{kind}_changelist"), query)


@pytest.mark.parametrize("kind", MAKERS)
def test_lists_take_as_many_queries_for_twenty_rows_as_for_one(admin_client, kind):
    counts = []
    for rows in (1, 19):
        for _ in range(rows):
            MAKERS[kind]()
        with CaptureQueriesContext(connection) as queries:
            assert listed(admin_client, kind).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_place_is_found_by_its_other_name(admin_client):
    place = RegionFactory(name="Doga")
    RegionFactory(name="Naja")
    RegionAliasFactory(region=place, alias="Dogar")
    RegionAliasFactory(region=place, alias="Dogarr")

    found = listed(admin_client, "region", q="dogar").context["cl"].queryset

    assert list(found) == [place]


def test_a_name_may_be_corrected_and_the_code_may_not(admin_client):
    place = RegionFactory(name="Doga")
    form = {
        "name": "Dogar",
        "local_name": "",
        "local_language": "",
        "status_note": "",
        "latitude": "",
        "longitude": "",
        "code": "BT-99",
        "path": "BT/BT-99/",
        **{
            f"{rows}-{count}_FORMS": "0"
            for rows in ("aliases", "changes", "changes_into")
            for count in ("TOTAL", "INITIAL")
        },
    }

    answer = admin_client.post(reverse("admin:regions_region_change", args=[place.pk]), form)

    assert answer.status_code == 302
    changed = Region.objects.get(pk=place.pk)
    assert (changed.name, changed.code, changed.path) == ("Dogar", place.code, place.path)


def test_places_are_neither_added_nor_deleted_by_hand(admin_client):
    place = RegionFactory()

    added = admin_client.get(reverse("admin:regions_region_add"))
    deleted = admin_client.post(reverse("admin:regions_region_delete", args=[place.pk]), {"post": "yes"})

    assert (added.status_code, deleted.status_code) == (403, 403)
    assert Region.objects.filter(pk=place.pk).exists()


def test_an_officer_may_add_an_identified_product(admin_client):
    scheme, place = SchemeFactory(), RegionFactory()
    form = {
        "scheme": scheme.pk,
        "region": place.pk,
        "name": "Nettle soup",
        "category": "Food",
        "sector": "",
        "rank": "",
        "year_of_source": "",
        "note": "",
        "source": "letter of the dzongkhag",
    }

    answer = admin_client.post(reverse("admin:regions_identifiedproduct_add"), form)

    assert answer.status_code == 302
    assert IdentifiedProduct.objects.get().name == "Nettle soup"


def test_admin_is_closed_to_a_visitor(client):
    answer = listed(client, "region")

    assert answer.status_code == 302
