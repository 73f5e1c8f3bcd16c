"""The table of rights is the only place that says what a role may do."""

import pytest
from django.contrib.auth.models import AnonymousUser

from catalogue.models import Product
from catalogue.policies import can_work_on
from dashboard.desk import Desk
from orders.models import VendorOrder
from orders.policies import can_accept, can_ship
from payments.policies import can_collect_cash, can_give_payout_details
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.domain.rights import RIGHTS, Right, rights_of, roles_with
from vendors.models import Membership
from vendors.policies import can_count_stock, can_manage_members, has_right

pytestmark = pytest.mark.django_db

# A right, and the policies of all rooms that ask for it.
POLICIES = {
    Right.LIST_GOODS: lambda user, vendor: can_work_on(user, Product(vendor=vendor)),
    Right.COUNT_STOCK: can_count_stock,
    Right.CHANGE_BANK_DETAILS: can_give_payout_details,
    Right.MANAGE_MEMBERS: can_manage_members,
}
WORK = (can_accept, can_ship, can_collect_cash)


def test_the_table_names_every_role_and_no_other():
    assert set(RIGHTS) == set(Membership.Role.values)
    assert rights_of("king") == frozenset()


def test_the_chair_may_do_everything_and_the_packer_packs_and_counts():
    assert rights_of("chair") == frozenset(Right)
    assert rights_of("bookkeeper") == frozenset(Right) - {
        Right.MANAGE_MEMBERS,
        Right.CLOSE_SHOP,
        Right.GIVE_OFFERS,
    }
    assert rights_of("packer") == {Right.WORK_ON_ORDERS, Right.COUNT_STOCK}
    assert roles_with(Right.MANAGE_MEMBERS) == ("chair",)


@pytest.mark.parametrize("role", Membership.Role.values)
def test_policies_and_desk_say_what_the_table_says(role):
    membership = MembershipFactory(role=role)
    user, vendor = membership.user, membership.vendor
    desk = Desk(user, membership, [membership])

    for right in Right:
        expected = right in RIGHTS[role]
        assert has_right(user, vendor, right) is expected, right
        assert desk.may(right) is expected, right
        if right in POLICIES:
            assert POLICIES[right](user, vendor) is expected, right
    for policy in WORK:
        assert policy(user, VendorOrder(vendor=vendor)) is (Right.WORK_ON_ORDERS in RIGHTS[role])


@pytest.mark.parametrize("right", Right)
def test_nobody_else_has_any_right(right):
    membership = MembershipFactory()
    left = MembershipFactory(vendor=membership.vendor, user__is_active=False)

    assert not has_right(membership.user, VendorFactory(), right)
    assert not has_right(PersonFactory(superuser=True), membership.vendor, right)
    assert not has_right(left.user, membership.vendor, right)
    assert not has_right(AnonymousUser(), membership.vendor, right)
