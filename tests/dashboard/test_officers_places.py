"""An officer whose places change while an application is taken up: what lies outside is not there."""

import pytest
from django.urls import reverse

from regions.models import RegionRole
from tests.dashboard.test_application import APPLICATION, begun_by_officer
from tests.factories.regions import RegionFactory
from tests.factories.vendors import RequirementFactory
from vendors.models import Partner, RequirementMark

pytestmark = [pytest.mark.django_db, pytest.mark.isolation]


def test_officer_whose_place_was_changed_finds_nothing_of_the_group_any_more(client):
    begun_by_officer(client)
    group = Partner.objects.get(name="Tang kitchen")
    asked = RequirementFactory(attested=True)
    RegionRole.objects.update(region=RegionFactory(name="Haa"))
    admin = [reverse(f"admin:partner_partner_{page}", args=[group.pk]) for page in ("change", "requirement")]

    answers = [
        client.get(reverse(APPLICATION)),
        client.post(reverse(APPLICATION), {"do": "attest", "requirement": asked.pk, "name": "Karma"}),
        client.post(reverse("dashboard-story"), {"summary": "x", "story": ""}),
        client.post(reverse("dashboard-payout-account"), {}),
        client.post(reverse("dashboard-on-behalf"), {"group": group.code}),
        client.get(admin[0]),
        client.post(admin[1], {"requirement": asked.pk, "do": "verify"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7
    assert not RequirementMark.objects.exists()
    assert group.events.count() == 1
