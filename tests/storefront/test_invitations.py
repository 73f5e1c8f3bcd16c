"""Pages of an invitation: link, code, in."""

import pytest
from django.urls import reverse

from notices.models import Notice
from people.models import OneTimeCode, User
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory
from vendors.models import Invitation, Membership
from vendors.services import invitations

pytestmark = pytest.mark.django_db
PHONE = "+97517123456"


@pytest.fixture
def invitation():
    chair = MembershipFactory(vendor__name="Khoma weavers")
    return invitations.invite(chair.vendor, PHONE, name="Pema", role="packer", actor=chair.user)


def link(invitation, page="invitation"):
    return reverse(page, args=[invitation.token])


def code_of(contact=PHONE):
    return Notice.objects.filter(kind="one_time_code", address=contact).latest("pk").context["code"]


def come_in(client, invitation):
    client.post(link(invitation))
    return client.post(
        link(invitation, "invitation-code"), {"code": code_of(invitation.contact)}, follow=True
    )


def test_the_link_leads_by_code_to_the_desk_of_the_group(client, invitation):
    page = client.get(link(invitation)).content.decode()
    assert "Khoma weavers" in page
    assert PHONE not in page

    answer = come_in(client, invitation)

    person = User.objects.get(phone=PHONE)
    assert answer.wsgi_request.user == person
    assert answer.redirect_chain[-1][0] == reverse("dashboard-home")
    assert "as packer" in answer.content.decode()
    assert link(invitation) in Notice.objects.get(kind="member_invited").context["link"]


@pytest.mark.parametrize("state", ["open", "accepted", "withdrawn"])
def test_whoever_holds_only_the_link_reads_no_name_and_no_contact_of_a_person(client, invitation, state):
    chair = invitation.invited_by
    # A chair without a name is called by the contact.
    User.objects.filter(pk=chair.pk).update(name="")
    if state == "accepted":
        invitations.accept(invitation, language="en")
    if state == "withdrawn":
        invitations.withdraw(invitation, actor=chair)

    page = client.get(link(invitation)).content.decode()

    assert "Khoma weavers" in page
    for secret in (invitation.name, chair.email, PHONE, PHONE[1:]):
        assert secret not in page


def test_who_works_elsewhere_comes_to_the_desk_of_the_new_group(client, invitation):
    person = PersonFactory(phone=PHONE, email=None)
    MembershipFactory(user=person, vendor__name="A first group")

    answer = come_in(client, invitation)

    assert answer.context["desk"].vendor == invitation.vendor


def test_the_page_of_the_code_is_the_same_for_a_known_and_an_unknown_number(client, invitation):
    unknown = client.post(link(invitation), follow=True)
    PersonFactory(phone="+97517999456", email=None)
    other = invitations.invite(
        invitation.vendor, "+97517999456", name="Pema", role="packer", actor=invitation.invited_by
    )
    known = client.post(link(other), follow=True)

    assert [known.status_code, known.templates[0].name] == [unknown.status_code, unknown.templates[0].name]
    assert known.context["contact"] == unknown.context["contact"] == "+975 … 456"


def test_a_wrong_code_and_a_code_for_something_else_let_nobody_in(client, invitation):
    client.post(link(invitation))
    wrong = f"{(int(code_of()) + 1) % 10**6:06d}"
    refused = client.post(link(invitation, "invitation-code"), {"code": wrong})
    assert refused.context["form"].errors["code"]

    fresh = type(client)()
    fresh.post(reverse("account-join"), {"contact": PHONE})
    assert fresh.post(link(invitation, "invitation-code"), {"code": "123456"}).url == link(invitation)

    assert not User.objects.filter(phone=PHONE).exists()
    assert Invitation.objects.get().state == "open"


def test_another_code_leads_back_to_the_page_of_the_invitation(client, invitation):
    client.post(link(invitation))

    answer = client.post(reverse("account-code-again"))

    assert answer.url == link(invitation, "invitation-code")


def test_a_link_that_is_over_says_what_to_do_and_a_forged_one_is_not_found(client, invitation):
    invitations.withdraw(invitation, actor=invitation.invited_by)

    over = client.post(link(invitation))

    assert over.status_code == 410
    assert "Ask the group to invite you again." in over.content.decode()
    assert not OneTimeCode.objects.exists()
    assert client.get(reverse("invitation", args=[f"{invitation.pk}.forged"])).status_code == 404


def test_staff_become_members_but_sign_in_with_their_password(client, invitation):
    PersonFactory(staff=True, phone=PHONE)

    answer = come_in(client, invitation)

    assert not answer.wsgi_request.user.is_authenticated
    assert Membership.objects.filter(vendor=invitation.vendor, user__phone=PHONE).exists()
