"""Account details: the first at once, others after a delay in which everybody hears of them, none ever edited."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notices.models import Notice
from payments.models import PayoutAccount
from payments.payout_errors import AccountServiceBusy, DetailsIncomplete
from payments.providers.base import AccountRestricted, ProviderUnavailable
from payments.selectors.rails import accounts_in_force
from payments.services.payout_accounts import (
    BankDetails,
    give_details,
    onboard,
    refresh_account,
    refresh_restricted,
    withdraw_details,
)
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.race import race
from vendors.models import Partner

pytestmark = pytest.mark.django_db

LINKS = {"return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}


def details(**changes):
    fields = {
        "holder": "Khoma weavers",
        "bank_name": "Bank of Bhutan",
        "bank_code": "BHUBBTBT",
        "account_number": "0012345678",
    }
    return BankDetails(**{**fields, **changes})


def in_force(vendor, days=0):
    return accounts_in_force(timezone.now() + timedelta(days=days), [vendor.pk]).get(vendor.pk)


@pytest.fixture
def group():
    """A group with a contact of its own, a member with e-mail and one with a phone only."""
    vendor = VendorFactory(email="khoma@example.org", phone="+97517000001")
    MembershipFactory(vendor=vendor, user=PersonFactory(email="chair@example.org"))
    MembershipFactory(vendor=vendor, user=PersonFactory(phone_only=True, phone="+97517000002"))
    return vendor


def chair_of(group):
    return group.memberships.order_by("pk").first().user


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("address", flat=True))


def test_first_details_count_at_once_and_are_stored_without_blanks(group):
    account = give_details(
        group,
        details(account_number=" 0012 345 678 ", bank_code="bhub btbt", holder="Khoma  weavers"),
        actor=PersonFactory(),
    )

    assert in_force(group) == account
    assert (account.account_number, account.bank_code, account.holder) == (
        "0012345678",
        "BHUBBTBT",
        "Khoma weavers",
    )
    assert told("payout_details_given") == []


def test_later_details_count_after_three_days_and_every_old_contact_is_told(group):
    old = give_details(group, details(), actor=chair_of(group))

    new = give_details(group, details(account_number="9998887776"), actor=chair_of(group))

    assert [in_force(group, days=days) for days in (0, 2, 4)] == [old, old, new]
    assert told("payout_details_given") == [
        "+97517000001",
        "+97517000002",
        "chair@example.org",
        "khoma@example.org",
    ]
    context = Notice.objects.filter(kind="payout_details_given").first().context
    assert context["account"] == "7776"
    assert "9998887776" not in str(context)


def test_who_could_be_reached_before_is_told_though_contacts_and_members_were_changed_first(group):
    giver = MembershipFactory(vendor=group, user=PersonFactory(email="books@example.org")).user
    give_details(group, details(), actor=giver)
    group.memberships.exclude(user__email="chair@example.org").delete()
    Partner.objects.filter(pk=group.pk).update(email="thief@example.org", phone="+97517999999")
    thief = group.memberships.get().user

    first = give_details(group, details(account_number="9998887776"), actor=thief)
    Notice.objects.all().delete()
    second = give_details(group, details(account_number="5556667778"), actor=thief)

    everybody = [
        "+97517000001",
        "+97517999999",
        "books@example.org",
        "chair@example.org",
        "khoma@example.org",
        "thief@example.org",
    ]
    assert told("payout_details_given") == everybody
    assert (first.group_email, second.group_phone) == ("thief@example.org", "+97517999999")
    withdraw_details(second, actor=thief)
    assert told("payout_details_withdrawn") == everybody


def test_same_details_given_twice_change_nothing(group):
    once = give_details(group, details(), actor=PersonFactory())
    again = give_details(group, details(account_number="0012 345678"), actor=PersonFactory())

    assert once == again
    assert PayoutAccount.objects.count() == 1


def test_withdrawn_details_never_count_and_the_old_ones_go_on(group):
    old = give_details(group, details(), actor=chair_of(group))
    new = give_details(group, details(account_number="9998887776"), actor=chair_of(group))
    chair = chair_of(group)

    assert withdraw_details(new, actor=chair)
    assert not withdraw_details(new, actor=PersonFactory())

    new.refresh_from_db()
    assert (in_force(group, days=10), new.cancelled_by) == (old, chair)
    assert len(told("payout_details_withdrawn")) == 4


def test_first_details_after_all_were_withdrawn_wait_too(group):
    withdraw_details(give_details(group, details(), actor=PersonFactory()), actor=PersonFactory())

    new = give_details(group, details(account_number="9998887776"), actor=PersonFactory())

    assert (in_force(group), in_force(group, days=4)) == (None, new)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"holder": " "}, "holder"),
        ({"holder": "x" * 121}, "holder"),
        ({"holder": "Khoma\nweavers\u0007"}, "holder"),
        ({"bank_name": ""}, "bank_name"),
        ({"bank_code": "=1+1"}, "bank_code"),
        ({"account_number": "=cmd|' /C calc'!A0"}, "account_number"),
        ({"account_number": "123"}, "account_number"),
        ({"account_number": "-12345678"}, "account_number"),
        ({"account_number": "1" * 35}, "account_number"),
        ({"account_number": "١٢٣٤٥"}, "account_number"),
        ({"minimum": Decimal("-1")}, "minimum"),
    ],
)
def test_details_with_which_nobody_could_be_paid_are_refused(group, changes, field):
    with pytest.raises(DetailsIncomplete) as refusal:
        give_details(group, details(**changes), actor=PersonFactory())

    assert refusal.value.field == field
    assert not PayoutAccount.objects.exists()


def test_database_refuses_to_edit_details(group):
    account = give_details(group, details(), actor=PersonFactory())
    later = timezone.now() + timedelta(days=9)

    for changes in (
        {"account_number": "1111111111"},
        {"holder": "Somebody"},
        {"active_from": account.active_from - timedelta(days=1)},
        {"rail": "stripe_transfer", "stripe_account_id": "acct_1"},
        {"group_phone": "+97517999999"},
        {"group_email": "thief@example.org"},
    ):
        with pytest.raises(IntegrityError, match="is replaced, not edited"), transaction.atomic():
            PayoutAccount.objects.update(**changes)
    PayoutAccount.objects.update(cancelled_at=later)
    with pytest.raises(IntegrityError, match="is replaced, not edited"), transaction.atomic():
        PayoutAccount.objects.update(cancelled_at=None)

    account.refresh_from_db()
    assert (account.account_number, account.cancelled_at) == ("0012345678", later)


def test_account_is_named_by_its_last_digits(group, caplog):
    caplog.set_level(logging.DEBUG)

    account = give_details(group, details(), actor=PersonFactory())

    assert str(account).endswith(" 5678")
    assert "0012345678" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_first_details_at_once_do_not_both_count_at_once(group):
    numbers = ["1111111111", "2222222222"]
    actor = PersonFactory()

    outcomes = race(
        lambda: give_details(group, details(account_number=numbers.pop()), actor=actor), contenders=2
    )

    assert outcomes == [None, None]
    waits = [
        account.active_from > timezone.now() for account in PayoutAccount.objects.order_by("active_from")
    ]
    assert waits == [False, True]


def test_onboarding_opens_one_account_that_is_restricted_until_it_is_done(fake_provider, group):
    first = onboard(group, actor=PersonFactory(), **LINKS)
    second = onboard(group, actor=PersonFactory(), **LINKS)

    account = PayoutAccount.objects.get()
    assert first == second == f"https://connect.example/{account.stripe_account_id}"
    assert (account.rail, account.restriction) == ("stripe_transfer", "requirements.past_due")
    assert len(fake_provider.accounts) == 1

    fake_provider.onboard(account.stripe_account_id)
    assert refresh_account(account.stripe_account_id)
    assert not refresh_account(account.stripe_account_id)

    account.refresh_from_db()
    assert account.restriction == ""


def test_onboarding_after_a_lost_answer_finds_the_same_account(fake_provider, group):
    fake_provider.fail_next("create_account", ProviderUnavailable("gone"), after_success=True)

    with pytest.raises(AccountServiceBusy):
        onboard(group, actor=PersonFactory(), **LINKS)
    nothing = PayoutAccount.objects.count()
    onboard(group, actor=PersonFactory(), **LINKS)

    assert (nothing, PayoutAccount.objects.count(), len(fake_provider.accounts)) == (0, 1, 1)


def test_change_to_the_other_rail_waits_like_any_other(fake_provider, group):
    old = give_details(group, details(), actor=chair_of(group))

    onboard(group, actor=chair_of(group), **LINKS)

    assert (in_force(group), in_force(group, days=4).rail) == (old, "stripe_transfer")
    assert len(told("payout_details_given")) == 4


def test_restriction_is_noted_and_officers_are_told_once(fake_provider, group):
    PersonFactory(finance=True)
    onboard(group, actor=PersonFactory(), **LINKS)
    account = PayoutAccount.objects.get()
    fake_provider.onboard(account.stripe_account_id)
    refresh_account(account.stripe_account_id)
    fake_provider.restrict(account.stripe_account_id, "rejected.fraud")

    refresh_account(account.stripe_account_id)
    refresh_account(account.stripe_account_id)

    account.refresh_from_db()
    assert account.restriction == "rejected.fraud"
    assert Notice.objects.filter(kind="staff_alert").count() == 1


def test_account_that_cut_its_tie_may_receive_nothing(fake_provider, group):
    onboard(group, actor=PersonFactory(), **LINKS)
    account = PayoutAccount.objects.get()
    fake_provider.onboard(account.stripe_account_id)
    refresh_account(account.stripe_account_id)
    fake_provider.fail_next("retrieve_account", AccountRestricted("no access", code="account_invalid"))

    refresh_account(account.stripe_account_id)

    account.refresh_from_db()
    assert account.restriction == "account_invalid"


def test_account_that_is_ready_again_is_found_without_an_event(fake_provider, group):
    onboard(group, actor=PersonFactory(), **LINKS)
    fake_provider.onboard(PayoutAccount.objects.get().stripe_account_id)

    assert refresh_restricted() == 1
    assert refresh_restricted() == 0
    assert PayoutAccount.objects.get().restriction == ""


def test_account_of_somebody_else_changes_nothing(fake_provider):
    assert not refresh_account("acct_unknown")
    assert fake_provider.calls == []
