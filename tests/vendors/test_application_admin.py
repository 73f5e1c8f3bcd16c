"""What staff look at and say before they decide about a group."""

import pytest
from django.urls import reverse

from notices.models import Notice
from tests.dashboard.given import photo
from tests.factories.people import PersonFactory
from tests.factories.vendors import (
    GroupPersonFactory,
    GroupPhotoFactory,
    MembershipFactory,
    RequirementFactory,
    VendorFactory,
)
from tests.vendors.test_admin import change_url, decide, said
from vendors.models import Requirement, RequirementMark
from vendors.services import requirements
from vendors.services.documents import add_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return VendorFactory(applied=True, summary="")


@pytest.fixture
def paper(group):
    return add_document(group, photo(), kind="identity", number="114", actor=PersonFactory())


def say(client, group, requirement, do, **more):
    url = reverse("admin:partner_partner_requirement", args=[group.pk])
    return client.post(url, {"requirement": requirement.pk, "do": do, **more}, follow=True)


def signed_in(client, **trait):
    person = PersonFactory(**trait)
    client.force_login(person)
    return person


def test_page_shows_checklist_papers_photos_people_and_what_decisions_mean(client, group, paper):
    RequirementFactory(verified=True)
    GroupPhotoFactory(vendor=group, alt_text="A loom")
    GroupPersonFactory(vendor=group, name="Yangzom")
    signed_in(client, moderator=True)

    page = client.get(change_url(group)).content.decode()

    for words in (
        "Identity card of the chair",
        "A loom",
        "Yangzom",
        "What “Approve” means",
        "I have looked at it",
    ):
        assert words in page
    assert reverse("admin:partner_partner_paper", args=[group.pk, paper.pk]) in page


def test_approval_waits_until_what_is_needed_was_checked_or_waived(client, group, paper):
    identity, summary = RequirementFactory(verified=True), RequirementFactory()
    moderator = signed_in(client, moderator=True)

    refused = decide(client, group, "approve")
    assert "Identity card of the chair; One line about your group" in said(refused)[0]
    say(client, group, identity, "verify")
    assert said(say(client, group, summary, "waive"))[0] == "Write why it is not needed of this group."
    for _ in range(2):
        say(client, group, summary, "waive", reason="It is written by the office.")
    decide(client, group, "approve")

    group.refresh_from_db()
    assert group.state == "approved"
    assert list(RequirementMark.objects.values_list("action", "actor", "reason")) == [
        ("verified", moderator.pk, ""),
        ("waived", moderator.pk, "It is written by the office."),
    ]


def test_nobody_decides_about_the_own_group(client, group, paper):
    identity, summary = RequirementFactory(verified=True), RequirementFactory()
    moderator = signed_in(client, moderator=True)
    MembershipFactory(vendor=group, user=moderator)
    own = "You are a member of this group. Another person must decide about it."

    answers = [
        say(client, group, identity, "verify"),
        say(client, group, summary, "waive", reason="Known."),
        decide(client, group, "approve"),
    ]

    assert [said(answer)[0].endswith(own) for answer in answers] == [True] * 3
    group.refresh_from_db()
    assert group.state == "applied"
    assert not RequirementMark.objects.exists()


def test_officer_verifies_and_does_not_waive(client, group, paper):
    asked = RequirementFactory(verified=True)
    officer = signed_in(client, officer=True)

    assert say(client, group, asked, "waive", reason="x").status_code == 403
    say(client, group, asked, "verify")

    assert RequirementMark.objects.get().actor == officer


def test_what_was_waived_is_taken_back_by_those_who_may_waive_only(client, group):
    asked = RequirementFactory()
    requirements.waive(group, asked, actor=PersonFactory(), reason="A school without a phone.")
    signed_in(client, officer=True)

    assert say(client, group, asked, "take_back").status_code == 403
    assert RequirementMark.objects.get().action == "waived"

    signed_in(client, moderator=True)
    say(client, group, asked, "take_back")
    assert RequirementMark.objects.latest("pk").action == "taken_back"


@pytest.mark.parametrize("trait", [{"finance": True}, {"staff": True}])
def test_other_staff_neither_verify_nor_see_papers(client, group, paper, trait):
    asked = RequirementFactory(verified=True)
    signed_in(client, **trait)

    assert say(client, group, asked, "verify").status_code == 403
    assert client.get(reverse("admin:partner_partner_paper", args=[group.pk, paper.pk])).status_code == 403
    assert not RequirementMark.objects.exists()


@pytest.mark.isolation
def test_paper_is_found_under_its_own_group_only(client, group, paper):
    signed_in(client, moderator=True)

    def status(vendor):
        return client.get(reverse("admin:partner_partner_paper", args=[vendor.pk, paper.pk])).status_code

    assert (status(group), status(VendorFactory())) == (200, 404)


@pytest.mark.parametrize(("do", "status"), [("fly", 404), ("", 404)])
def test_word_that_there_is_not_is_not_found(client, group, do, status):
    asked = RequirementFactory()
    signed_in(client, moderator=True)

    assert say(client, group, asked, do).status_code == status


def test_requirement_of_another_kind_of_group_is_not_found(client, group):
    asked = RequirementFactory(kinds=["cooperative"])
    signed_in(client, moderator=True)

    assert say(client, group, asked, "waive", reason="x").status_code == 404


def test_group_is_told_of_each_decision_in_its_language_with_the_remark(client, group):
    MembershipFactory(vendor=group, user__phone="+97517123456", user__preferred_language="hi")
    signed_in(client, moderator=True)

    decide(client, group, "return_with_remarks", "Please add a photo.")

    notices = Notice.objects.filter(kind="group_returned")
    assert {(each.channel, each.language) for each in notices} == {("email", "hi"), ("sms", "hi")}
    assert {each.context["note"] for each in notices} == {"Please add a photo."}


def test_programme_changes_its_checklist(client):
    signed_in(client, moderator=True)
    add = reverse("admin:partner_requirement_add")
    line = {"basis": "computed", "check_name": "photos", "number": 3, "kinds": ["artisan"], "position": 5}

    refused = client.post(add, line | {"check_name": "own_make"})
    assert "Choose what is counted." in refused.content.decode()
    client.post(add, line | {"is_required": "on", "is_active": "on"})

    row = Requirement.objects.get()
    assert (row.check_name, row.number, row.kinds, row.is_required) == ("photos", 3, ["artisan"], True)
    assert (
        "3 photos of your group"
        in client.get(reverse("admin:partner_requirement_changelist")).content.decode()
    )


@pytest.mark.parametrize("state", ["draft", "applied", "returned"])
def test_officer_takes_up_an_application_from_its_page_and_puts_it_down(client, state):
    group = VendorFactory(**{state: True}, name="Tang kitchen")
    signed_in(client, officer=True)
    assert "Fill in on behalf of the group" in client.get(change_url(group)).content.decode()

    taken = client.post(reverse("dashboard-on-behalf"), {"group": group.code}, follow=True)
    assert "Tang kitchen" in taken.content.decode()
    client.post(reverse("dashboard-on-behalf"))

    assert client.get(reverse("dashboard-application")).status_code == 404


def test_group_that_was_decided_about_is_not_taken_up(client):
    group = VendorFactory()
    signed_in(client, officer=True)

    assert client.post(reverse("dashboard-on-behalf"), {"group": group.code}).status_code == 404
    assert "Fill in on behalf" not in client.get(change_url(group)).content.decode()
