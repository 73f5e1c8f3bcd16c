"""Members of a group."""

import pytest

from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.errors import LastChair
from vendors.models import Membership
from vendors.policies import can_manage_members
from vendors.services.members import remove_member, set_member

pytestmark = pytest.mark.django_db


def test_role_is_given_and_changed():
    chair = MembershipFactory()
    person = PersonFactory()

    set_member(chair.vendor, person, role="packer")
    set_member(chair.vendor, person, role="bookkeeper")

    assert chair.vendor.memberships.get(user=person).role == "bookkeeper"


def test_only_chair_stays():
    chair = MembershipFactory()

    with pytest.raises(LastChair):
        set_member(chair.vendor, chair.user, role="packer")
    with pytest.raises(LastChair):
        remove_member(chair.vendor, chair.user)

    assert Membership.objects.get().role == "chair"


def test_chair_leaves_when_another_has_come():
    chair = MembershipFactory()
    set_member(chair.vendor, PersonFactory(), role="chair")

    assert remove_member(chair.vendor, chair.user)
    assert not remove_member(chair.vendor, chair.user)


def test_a_chair_who_cannot_sign_in_does_not_keep_the_group():
    chair = MembershipFactory()
    gone = MembershipFactory(vendor=chair.vendor, user__is_active=False)

    with pytest.raises(LastChair):
        remove_member(chair.vendor, chair.user)
    with pytest.raises(LastChair):
        set_member(chair.vendor, chair.user, role="packer")

    assert remove_member(chair.vendor, gone.user)
    assert list(chair.vendor.memberships.values_list("user", "role")) == [(chair.user.pk, "chair")]


def test_unknown_role_is_refused():
    with pytest.raises(ValueError, match="no such role"):
        set_member(VendorFactory(), PersonFactory(), role="king")

    assert not Membership.objects.exists()


def test_who_manages_members():
    chair = MembershipFactory()
    packer = MembershipFactory(vendor=chair.vendor, role="packer")

    assert can_manage_members(chair.user, chair.vendor)
    assert not can_manage_members(packer.user, chair.vendor)
    assert not can_manage_members(chair.user, VendorFactory())
    assert can_manage_members(PersonFactory(moderator=True), chair.vendor)
