"""Invitations into a group: sent once, accepted once, never a way to lose or win rights unseen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Notice
from people.models import User
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.race import pausing, race
from vendors.errors import InvitationError, InvitationOver, NotNow
from vendors.models import Invitation, InvitationEvent, MemberEvent, Membership
from vendors.services import invitations, members
from vendors.tasks import end_old_invitations

pytestmark = pytest.mark.django_db
PHONE = "+97517123456"


@pytest.fixture
def chair():
    return MembershipFactory()


def invited(chair, contact=PHONE, role="packer"):
    return invitations.invite(chair.vendor, contact, name="Pema", role=role, actor=chair.user)


def sent(kind="member_invited"):
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("address", flat=True))


def accepted(invitation):
    return invitations.accept(invitation, language="dz")


def late(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    invitation.refresh_from_db()


def test_a_number_is_invited_once_and_its_owner_becomes_a_member_without_email_or_password(chair):
    first, again = invited(chair), invited(chair)
    assert first == again
    assert sent() == [PHONE]
    assert not User.objects.filter(phone=PHONE).exists()

    once, twice = accepted(first), accepted(first)

    person = User.objects.get(phone=PHONE)
    assert (person.name, person.email, person.has_usable_password()) == ("Pema", None, False)
    assert (once.person, once.role, once.was_member) == (person, "packer", False)
    assert (twice.person, twice.was_member) == (person, True)
    assert Membership.objects.filter(vendor=chair.vendor, user=person).count() == 1
    assert MemberEvent.objects.get().to_role == "packer"
    assert set(sent("member_joined")) == {PHONE, chair.user.email}


def test_the_same_is_sent_to_known_and_unknown_numbers_and_one_person_serves_several_groups(chair):
    known = PersonFactory(phone_only=True)
    MembershipFactory(user=known, role="chair")

    accepted(invited(chair, known.phone))
    invited(chair)

    assert sent() == [known.phone, PHONE]
    assert known.memberships.count() == 2


def test_a_member_is_not_invited_and_another_role_is_not_slipped_in(chair):
    member = MembershipFactory(vendor=chair.vendor, role="packer", user__phone="+97517000001")
    with pytest.raises(InvitationError) as refused:
        invited(chair, member.user.phone)
    assert refused.value.field == "contact"

    invited(chair)
    with pytest.raises(InvitationError) as other_role:
        invited(chair, role="chair")
    assert other_role.value.field == "role"
    assert sent() == [PHONE]


@pytest.mark.parametrize(
    ("has", "is_offered", "keeps"), [("chair", "packer", "chair"), ("packer", "bookkeeper", "bookkeeper")]
)
def test_accepting_raises_a_role_but_never_lowers_it(chair, has, is_offered, keeps):
    invitation = invited(chair, role=is_offered)
    member = MembershipFactory(vendor=chair.vendor, role=has, user__phone=PHONE)

    answer = accepted(invitation)

    member.refresh_from_db()
    assert (member.role, answer.role, answer.role_before) == (keeps, keeps, has)


def test_what_is_withdrawn_or_late_or_of_a_closed_group_lets_nobody_in(chair):
    withdrawn = invited(chair)
    assert invitations.withdraw(withdrawn, actor=chair.user)
    assert not invitations.withdraw(withdrawn, actor=chair.user)
    expired = invited(chair)
    late(expired)
    closed = invited(MembershipFactory(vendor=VendorFactory()), "+97517000002")
    type(closed.vendor).objects.filter(pk=closed.vendor.pk).update(state="closed")

    for invitation in (withdrawn, expired, closed):
        with pytest.raises(InvitationOver):
            accepted(invitation)
    with pytest.raises(NotNow):
        invitations.resend(expired)
    assert (end_old_invitations(), end_old_invitations()) == (1, 0)
    assert not User.objects.filter(phone=PHONE).exists()
    assert list(InvitationEvent.objects.values_list("to_state", flat=True)) == ["withdrawn", "expired"]


def test_who_was_removed_does_not_come_back_by_the_old_link(chair):
    invitation = invited(chair)
    person = accepted(invitation).person
    members.remove_member(chair.vendor, person, actor=chair.user, reason="moved away")

    with pytest.raises(InvitationOver):
        accepted(invitation)

    assert not person.memberships.exists()
    assert set(sent("member_left")) == {PHONE, chair.user.email}


def test_sending_again_is_rate_limited_and_lets_the_link_run_longer(chair, monkeypatch):
    invitation = invited(chair)
    with pytest.raises(InvitationError):
        invitations.resend(invitation)
    later = timezone.now() + timedelta(days=13)
    monkeypatch.setattr(timezone, "now", lambda: later)

    invitations.resend(invitation)

    invitation.refresh_from_db()
    assert (invitation.sent_count, invitation.expires_at) == (2, later + timedelta(days=14))
    assert sent() == [PHONE, PHONE]


def test_one_number_is_not_flooded_by_many_groups():
    for _each in range(5):
        invited(MembershipFactory())

    with pytest.raises(InvitationError):
        invited(MembershipFactory())

    assert len(sent()) == 5


@pytest.mark.parametrize(("guarded", "moves"), [(True, 1), (False, 2)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_devices_accept_at_once_and_it_is_written_once(chair, monkeypatch, guarded, moves):
    PersonFactory(phone=PHONE, email=None)
    invitation = invited(chair)
    monkeypatch.setattr(invitations, "join", pausing(invitations.join))
    if not guarded:
        monkeypatch.setattr(
            invitations, "_locked", lambda each: Invitation.objects.select_related("vendor").get(pk=each.pk)
        )

    outcomes = race(lambda: accepted(invitation), contenders=2)

    assert outcomes == [None, None]
    assert InvitationEvent.objects.count() == moves
    assert Membership.objects.filter(vendor=chair.vendor).count() == 2


@pytest.mark.parametrize(("guarded", "left"), [(True, 1), (False, 0)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_chairs_leave_at_once_and_one_stays(chair, monkeypatch, guarded, left):
    people = [chair.user, MembershipFactory(vendor=chair.vendor).user]
    monkeypatch.setattr(members, "_keep_a_chair", pausing(members._keep_a_chair))
    if not guarded:
        monkeypatch.setattr(members, "lock_group", lambda vendor: None)

    outcomes = race(lambda: members.remove_member(chair.vendor, people.pop()), contenders=2)

    assert Membership.objects.filter(vendor=chair.vendor, role="chair").count() == left
    assert outcomes.count(None) == 2 - left


@pytest.mark.parametrize(("guarded", "left"), [(True, 1), (False, 0)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_chairs_take_each_others_role_at_once_and_one_stays(chair, monkeypatch, guarded, left):
    people = [chair.user, MembershipFactory(vendor=chair.vendor).user]
    monkeypatch.setattr(members, "_keep_a_chair", pausing(members._keep_a_chair))
    if not guarded:
        monkeypatch.setattr(members, "lock_group", lambda vendor: None)

    outcomes = race(lambda: members.set_member(chair.vendor, people.pop(), role="packer"), contenders=2)

    assert Membership.objects.filter(vendor=chair.vendor, role="chair").count() == left
    assert Membership.objects.filter(vendor=chair.vendor).count() == 2
    assert MemberEvent.objects.count() == outcomes.count(None) == 2 - left
