"""Each test finds the database as the migrations left it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sites.models import Site
from oscar.core.loading import get_model

from tests.support import pristine

Country = get_model("address", "Country")


def everything():
    return {
        model: list(model.objects.order_by("pk").values_list())
        for model in (Country, Group, Permission, Site)
    }


@pytest.mark.django_db(transaction=True)
def test_rows_of_migrations_come_back_and_all_others_go():
    before = everything()
    Country.objects.filter(pk="IN").delete()
    Country.objects.filter(pk="BT").update(printable_name="Elsewhere")
    Group.objects.create(name="of this test")
    Site.objects.all().delete()

    pristine.restore()

    assert everything() == before
    assert Country.objects.filter(pk="IN").exists()


@pytest.mark.django_db(transaction=True)
def test_restoring_twice_changes_nothing():
    before = everything()

    pristine.restore()
    pristine.restore()

    assert everything() == before
    assert Site.objects.create(domain="new.example", name="new").pk not in {row[0] for row in before[Site]}
