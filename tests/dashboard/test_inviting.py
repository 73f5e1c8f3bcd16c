"""The members page of a chair: inviting, sending again, withdrawing, and the question before somebody goes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.dashboard.given import member_of, queries_of
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.models import Invitation, MemberEvent, Membership
from vendors.services.invitations import expire

pytestmark = pytest.mark.django_db
PAGE = reverse("dashboard-members")


@pytest.fixture
def vendor():
    return VendorFactory()


@pytest.fixture
def desk(client, vendor):
    client.force_login(member_of(vendor))
    return client


def invite(client, **other):
    sent = {"name": "Pema", "contact": "17 12 34 56", "role": "packer", **other}
    return client.post(reverse("dashboard-invite"), sent)


def act(client, do):
    return client.post(reverse("dashboard-invitation", args=[Invitation.objects.get().pk]), {"do": do})


def test_a_chair_invites_by_phone_twice_and_withdraws(desk, vendor):
    assert [invite(desk).status_code, invite(desk).status_code] == [302, 302]
    assert "+97517123456" in desk.get(PAGE).content.decode()
    assert [act(desk, "resend").status_code, act(desk, "withdraw").status_code] == [302, 302]

    invitation = Invitation.objects.get()
    assert (invitation.vendor, invitation.sent_count, invitation.state) == (vendor, 1, "withdrawn")
    assert "+97517123456" not in desk.get(PAGE).content.decode()


@pytest.mark.parametrize("is_swept", [True, False])
def test_an_invitation_that_ran_out_is_shown_and_sent_anew_by_one_press(desk, vendor, is_swept):
    invite(desk)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    if is_swept:
        expire()

    page = desk.get(PAGE)
    assert [row.name for row in page.context["run_out"]] == ["Pema"]
    assert page.context["invitations"] == []

    invite(desk, contact="+97517123456")

    page = desk.get(PAGE)
    assert page.context["run_out"] == []
    assert [row.name for row in page.context["invitations"]] == ["Pema"]


@pytest.mark.parametrize(
    ("field", "typed"), [("contact", "12"), ("contact", "a@b"), ("name", ""), ("role", "king")]
)
def test_bad_input_invites_nobody_and_keeps_what_was_typed(desk, field, typed):
    answer = invite(desk, **{field: typed})

    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"][field].value() == typed
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["bookkeeper", "packer"])
def test_only_a_chair_invites_and_sees_who_is_invited(client, desk, vendor, role):
    invite(desk)
    client.force_login(member_of(vendor, role))

    assert invite(client, contact="17000000").status_code == 403
    assert act(client, "withdraw").status_code == 403
    page = client.get(PAGE).content.decode()
    assert "+97517123456" not in page
    assert reverse("dashboard-invite") not in page


def test_before_somebody_goes_the_page_asks_and_the_reason_is_kept(desk, vendor):
    packer = MembershipFactory(vendor=vendor, role="packer", user__name="Sonam")
    page = reverse("dashboard-member", args=[packer.pk])

    assert "Remove Sonam" in desk.get(page, {"do": "remove"}).content.decode()
    assert Membership.objects.filter(pk=packer.pk).exists()
    desk.post(page, {"do": "remove", "reason": "moved to Thimphu"})

    assert MemberEvent.objects.get().reason == "moved to Thimphu"
    assert "moved to Thimphu" in desk.get(PAGE).content.decode()


def test_the_page_takes_as_many_queries_for_many_members_as_for_one(desk, vendor):
    MembershipFactory(vendor=vendor, role="packer")
    invite(desk)
    desk.get(PAGE)
    one = queries_of(desk, PAGE)
    for number in range(5):
        packer = MembershipFactory(vendor=vendor, role="packer")
        desk.post(reverse("dashboard-member", args=[packer.pk]), {"role": "bookkeeper"})
        invite(desk, contact=f"1712350{number}")

    assert Invitation.objects.count() == 6
    assert queries_of(desk, PAGE) == one
