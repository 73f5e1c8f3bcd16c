"""What groups hear about money: every contact once, the account by its last digits."""

from decimal import Decimal

import pytest

from marketplace.lib.money import format_money
from notices.models import Notice
from payments.models import Dispute, Payout
from payments.services.disputes import look_at_dispute, name_disputed_lines
from payments.services.group_notices import tell_of_payout, tell_vendor
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.payouts import bank_account
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing

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


@pytest.mark.parametrize(("won", "end"), [(True, "dispute_free"), (False, "dispute_lost")])
def test_each_group_hears_what_a_dispute_holds_of_its_share_and_how_it_ends(fake_provider, group, won, end):
    other = VendorFactory(email="other@example.org", commission_rate=Decimal("0.1000"))
    order, attempt = paid_order(
        fake_provider, (a_listing("100.00", vendor=group), 1), (a_listing("200.00", vendor=other), 1)
    )
    Notice.objects.all().delete()

    remote = fake_provider.open_dispute(attempt.payment_intent_id, None)
    for _twice in range(2):
        look_at_dispute("stripe", remote.id)
    fake_provider.close_dispute(remote.id, won=won)
    for _twice in range(2):
        look_at_dispute("stripe", remote.id)

    parts = {part.vendor_id: part for part in parts_of(order)}
    told = Notice.objects.filter(address__in=["khoma@example.org", "other@example.org"]).order_by("pk")
    assert [(row.kind, row.context["number"], row.context["amount"]) for row in told] == [
        (kind, parts[vendor.pk].number, format_money(parts[vendor.pk].share, "INR"))
        for kind in ("dispute_held", end)
        for vendor in (group, other)
    ]


def test_naming_what_a_dispute_is_about_frees_the_other_group_and_tells_it(fake_provider, group):
    other = VendorFactory(email="other@example.org")
    order, attempt = paid_order(
        fake_provider, (a_listing("100.00", vendor=group), 1), (a_listing("200.00", vendor=other), 1)
    )
    remote = fake_provider.open_dispute(attempt.payment_intent_id, None)
    look_at_dispute("stripe", remote.id)
    mine = next(part for part in parts_of(order) if part.vendor_id == group.pk)

    name_disputed_lines(
        Dispute.objects.get(), Asked({mine.lines.get().pk: 1}, ()), actor=PersonFactory(finance=True)
    )

    freed = Notice.objects.filter(kind="dispute_free").values_list("address", flat=True)
    assert list(freed) == ["other@example.org"]
