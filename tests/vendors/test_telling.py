"""Members of a group are told in their own language, and only those who have the right where one is asked for."""

import pytest

from notices.models import Notice
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.services.telling import tell_members

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    vendor = VendorFactory(name="Khoma weavers", email="khoma@example.org", phone="", language="dz")
    chair = PersonFactory(email="chair@example.org", preferred_language="hi")
    packer = PersonFactory(email=None, phone="+97517123456", preferred_language="en")
    MembershipFactory(vendor=vendor, user=chair, role="chair")
    MembershipFactory(vendor=vendor, user=packer, role="packer")
    MembershipFactory(vendor=vendor, user=PersonFactory(email="left@example.org", is_active=False))
    return vendor


def told():
    return sorted(Notice.objects.values_list("address", "language"))


def test_each_member_hears_in_the_own_language_and_the_groups_contacts_in_the_groups(group):
    for note in ("More light.", "Again."):
        context = {"listing": "Rice", "note": note, "link": "/"}
        tell_members(group, "listing_returned", key="listing-event:1", context=context)

    assert told() == [("+97517123456", "en"), ("chair@example.org", "hi"), ("khoma@example.org", "dz")]
    assert Notice.objects.first().context == {
        "vendor": "Khoma weavers",
        "listing": "Rice",
        "note": "More light.",
        "link": "/",
    }


def test_where_a_right_is_asked_for_only_those_who_have_it_are_told_and_not_the_groups_own_contacts(group):
    tell_members(
        group,
        "payout_details_given",
        key="account:1",
        right=lambda membership: membership.role == "chair",
        context={"account": "1234"},
    )

    assert told() == [("chair@example.org", "hi")]
