"""The tab *Group* leads to everything that is not an order, a listing or money."""

import pytest
from django.urls import reverse

from tests.factories.vendors import MembershipFactory
from vendors.models import Partner

pytestmark = pytest.mark.django_db


def test_a_member_finds_the_public_page_and_the_own_account(client):
    membership = MembershipFactory(vendor__state=Partner.State.APPROVED)
    client.force_login(membership.user)

    page = client.get(reverse("dashboard-our-group")).content.decode()

    assert membership.vendor.get_absolute_url() in page
    assert reverse("account-home") in page


def test_a_group_that_shoppers_may_not_see_looks_at_its_page_alone(client):
    membership = MembershipFactory(vendor__state=Partner.State.APPLIED, vendor__approved_at=None)
    url = membership.vendor.get_absolute_url()
    assert client.get(url).status_code == 404
    client.force_login(membership.user)

    page = client.get(reverse("dashboard-our-group")).content.decode()

    assert url in page
    assert client.get(url).status_code == 200
