"""What groups hear about money: every contact once, the account by its last digits."""

import pytest

from notices.models import Notice
from payments.models import Payout
from payments.services.group_notices import tell_of_payout, tell_vendor
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.payouts import bank_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    vendor = VendorFactory(name="Khoma weavers", email="khoma@example.org", phone="+97517000001")
    MembershipFactory(vendor=vendor, user=PersonFactory(email="chair@example.org", preferred_language="hi"))
    left = PersonFactory(email="left@example.org", is_active=False)
    MembershipFactory(vendor=vendor, user=left)
    return vendor


def test_group_and_its_active_members_are_told_once_in_their_language(group):
    for _ in range(2):
        tell_vendor(group, "event:1", "payout_details_withdrawn", context={"account": "5678"})

    told = Notice.objects.order_by("address").values_list("address", "language")
    assert list(told) == [("+97517000001", "en"), ("chair@example.org", "hi"), ("khoma@example.org", "en")]
    assert Notice.objects.first().context == {"vendor": "Khoma weavers", "account": "5678"}


def test_payout_is_named_by_amount_and_last_digits(group):
    payout = Payout.objects.create(
        vendor=group, account=bank_account(group), currency="INR", amount="1140.00", bank_reference="BOB-1"
    )
    payout.refresh_from_db()

    tell_of_payout(payout, "payout_returned", reason="account closed")

    context = Notice.objects.first().context
    assert (context["amount"], context["account"], context["reference"], context["reason"]) == (
        "₹1,140.00",
        "5678",
        "BOB-1",
        "account closed",
    )
    assert context["link"].endswith("/dashboard/")
    assert "0012345678" not in str(context)
