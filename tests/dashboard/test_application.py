"""The pages of an application: filled in with gaps, nothing typed lost, handed in once; by a member or an officer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from people.models import User
from tests.dashboard.given import member_of, no_photo, photo, queries_of
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import (
    GroupDocumentFactory,
    GroupPhotoFactory,
    RequirementFactory,
    VendorFactory,
)
from vendors.models import GroupDocument, GroupPerson, GroupPhoto, Partner, RequirementMark
from vendors.services import decisions, requirements

pytestmark = pytest.mark.django_db
APPLICATION = "dashboard-application"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def group():
    return VendorFactory(draft=True, name="Khoma weavers", home_region=RegionFactory(name="Khoma"))


@pytest.fixture
def desk(client, group):
    client.force_login(member_of(group, name="Sangay"))
    return client


def facts(**changes):
    return {"name": "Khoma weavers", "kind": "producer_group"} | changes


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_what_is_missing_leads_to_where_it_is_put_right(desk):
    for name in ("summary", "photos", "members", "payout_details"):
        RequirementFactory(check_name=name)
    RequirementFactory(verified=True)

    page = desk.get(reverse(APPLICATION)).content.decode()

    for route in ("story", "group-photos", "group-facts", "payout-account"):
        assert f'href="{reverse(f"dashboard-{route}")}"' in page
    assert f"{reverse('dashboard-group-papers')}?kind=identity" in page
    assert "One line about your group" in page


def test_handing_in_twice_is_done_once_and_told(desk, group):
    for expected in ("Handed in.", "with the office already"):
        response = desk.post(reverse(APPLICATION), {"do": "submit"}, follow=True)
        assert expected in said(response)[0]

    group.refresh_from_db()
    assert group.state == "applied"
    assert group.events.count() == 1


def test_handing_in_names_what_is_missing(desk, group):
    RequirementFactory()

    response = desk.post(reverse(APPLICATION), {"do": "submit"}, follow=True)

    assert said(response) == ["Not handed in yet. Still missing: One line about your group."]
    group.refresh_from_db()
    assert group.state == "draft"


def test_saying_so_twice_is_noted_once_by_name(desk, group):
    asked = RequirementFactory(attested=True)

    for _ in range(2):
        desk.post(reverse(APPLICATION), {"do": "attest", "requirement": asked.pk, "name": "Sangay Dema"})

    assert RequirementMark.objects.get().name == "Sangay Dema"
    assert "Said by Sangay Dema" in desk.get(reverse(APPLICATION)).content.decode()


@pytest.mark.parametrize("pk", ["", "0", "x", "9" * 30])
def test_requirement_that_there_is_not_is_not_found(desk, pk):
    sent = {"do": "attest", "requirement": pk, "name": "Sangay"}

    assert desk.post(reverse(APPLICATION), sent).status_code == 404


def test_returned_application_shows_the_words_of_the_office(desk, group):
    group.state = Partner.State.APPLIED
    group.save()
    decisions.return_with_remarks(group, actor=PersonFactory(), reason="Please add a photo of the loom.")

    page = desk.get(reverse(APPLICATION)).content.decode()

    assert "Please add a photo of the loom." in page
    assert "Hand in again" in page


def test_first_page_says_that_the_application_waits_or_came_back(desk, group):
    home = reverse("dashboard-home")
    assert "Finish your application" in desk.get(home).content.decode()
    decisions.submit(group, actor=PersonFactory())
    assert "Finish your application" not in desk.get(home).content.decode()
    decisions.return_with_remarks(group, actor=PersonFactory(), reason="A photo of the loom, please.")

    page = desk.get(home).content.decode()

    assert "Your application came back" in page
    assert "A photo of the loom, please." in page


def test_facts_are_saved_with_gaps(desk, group):
    response = desk.post(reverse("dashboard-group-facts"), facts(member_count="24", phone="17 12 34 56"))

    assert response.url == reverse(APPLICATION)
    group.refresh_from_db()
    assert (group.member_count, group.phone, group.address) == (24, "+97517123456", "")


def test_wrong_fact_loses_nothing_typed(desk, group):
    sent = facts(member_count="many", address="Khoma, below the school")

    page = desk.post(reverse("dashboard-group-facts"), sent).content.decode()

    assert "Write the number in figures" in page
    assert "Khoma, below the school" in page
    assert 'value="many"' in page
    group.refresh_from_db()
    assert group.address == ""


def test_name_is_not_changed_while_the_office_has_it(desk, group):
    decisions.submit(group, actor=PersonFactory())

    desk.post(reverse("dashboard-group-facts"), facts(name="Other name", address="Khoma"))

    group.refresh_from_db()
    assert (group.name, group.address) == ("Khoma weavers", "Khoma")


def test_place_is_looked_up_and_chosen(desk, group):
    tang = RegionFactory(name="Tang")
    url = reverse("dashboard-group-place")

    found = desk.post(url, {"region_words": "tang", "do": "find"}).content.decode()
    assert f'value="{tang.pk}"' in found
    group.refresh_from_db()
    assert group.home_region.name == "Khoma"
    desk.post(url, {"region": tang.pk, "region_words": "tang", "region_for": "tang"})

    group.refresh_from_db()
    assert group.home_region == tang


@pytest.mark.parametrize("words", ["", "nowhere at all", "\0"])
def test_place_that_nobody_knows_changes_nothing(desk, group, words):
    response = desk.post(reverse("dashboard-group-place"), {"region_words": words})

    assert response.status_code == 200
    assert "region" in response.context["form"].errors
    group.refresh_from_db()
    assert group.home_region.name == "Khoma"


def test_story_is_saved(desk, group):
    desk.post(reverse("dashboard-story"), {"summary": "We weave  silk.", "story": "It began.\n\nWe went on."})

    group.refresh_from_db()
    assert (group.summary, group.story) == ("We weave silk.", "It began.\n\nWe went on.")


def test_photos_are_added_once_described_put_first_and_removed(desk, group):
    url = reverse("dashboard-group-photos")
    for _ in range(2):
        desk.post(url, {"photos": [photo(colour="red"), photo(colour="blue")]})
    first, second = GroupPhoto.objects.all()

    desk.post(url, {f"alt-{first.pk}": "A loom", f"alt-{second.pk}": "Two women", "first": second.pk})
    assert list(GroupPhoto.objects.values_list("pk", "alt_text")) == [
        (second.pk, "Two women"),
        (first.pk, "A loom"),
    ]
    for _ in range(2):
        desk.post(url, {"remove": second.pk})

    assert GroupPhoto.objects.get() == first


def test_photo_goes_one_place_forward(desk, group):
    pks = [GroupPhotoFactory(vendor=group, display_order=place).pk for place in range(3)]
    url = reverse("dashboard-group-photos")

    desk.post(url, {"earlier": pks[2]})
    assert list(GroupPhoto.objects.values_list("pk", flat=True)) == [pks[0], pks[2], pks[1]]
    desk.post(url, {"earlier": pks[0]})

    assert list(GroupPhoto.objects.values_list("pk", flat=True)) == [pks[0], pks[2], pks[1]]


def test_what_is_no_photo_is_refused_and_words_typed_beside_it_are_kept(desk, group):
    kept = GroupPhotoFactory(vendor=group, alt_text="")

    page = desk.post(
        reverse("dashboard-group-photos"), {f"alt-{kept.pk}": "A loom", "photos": no_photo()}
    ).content.decode()

    assert "cannot be read as a photo" in page
    assert 'value="A loom"' in page
    assert GroupPhoto.objects.get() == kept


@pytest.mark.parametrize("do", ["first", "remove"])
def test_photo_of_another_group_stays(desk, group, do):
    foreign = GroupPhotoFactory(display_order=3, alt_text="Theirs")

    desk.post(reverse("dashboard-group-photos"), {do: foreign.pk, f"alt-{foreign.pk}": "Mine"})

    foreign.refresh_from_db()
    assert (foreign.display_order, foreign.alt_text) == (3, "Theirs")


def test_person_is_added_once_and_shown_only_with_consent(desk, group):
    url = reverse("dashboard-group-people")
    sent = {"form_key": "abc", "name": "Yangzom", "work": "dyes the silk"}
    for _ in range(2):
        desk.post(url, sent | {"portrait": photo()})
    person = GroupPerson.objects.get()
    assert person.consented_at is None
    assert person.portrait

    desk.post(reverse("dashboard-group-person", args=[person.pk]), sent | {"has_consent": "on"})
    person.refresh_from_db()
    assert person.consented_at is not None
    assert "Yangzom" in desk.get(group.get_absolute_url()).content.decode()

    desk.post(reverse("dashboard-group-person", args=[person.pk]), {"do": "remove"})
    assert not GroupPerson.objects.exists()


def test_portrait_that_is_none_is_refused_and_the_name_stays_typed(desk, group):
    sent = {"form_key": "abc", "name": "Yangzom", "portrait": no_photo()}

    page = desk.post(reverse("dashboard-group-people"), sent).content.decode()

    assert "cannot be read as a photo" in page
    assert 'value="Yangzom"' in page
    assert not GroupPerson.objects.exists()


def test_paper_is_kept_privately_and_seen_by_the_group(desk, group):
    for _ in range(2):
        desk.post(reverse("dashboard-group-papers"), {"kind": "identity", "number": "114", "pages": photo()})
    paper = GroupDocument.objects.get()
    assert (paper.number, paper.kind) == ("114", "identity")

    picture = desk.get(reverse("dashboard-group-paper", args=[paper.pk]))

    assert picture.headers["Content-Type"] == "image/webp"
    assert "no-store" in picture.headers["Cache-Control"]
    assert desk.get(f"/media/{paper.name}").status_code == 404


def test_pdf_is_refused_with_what_to_do_instead(desk):
    pdf = SimpleUploadedFile("licence.pdf", b"%PDF-1.7\n1 0 obj", content_type="application/pdf")

    page = desk.post(reverse("dashboard-group-papers"), {"kind": "identity", "pages": pdf}).content.decode()

    assert "This is a PDF" in page
    assert not GroupDocument.objects.exists()


def test_paper_that_was_checked_is_not_removed(desk, group):
    asked = RequirementFactory(verified=True)
    checked, other = GroupDocumentFactory.create_batch(2, vendor=group)
    requirements.verify(group, asked, actor=PersonFactory(), document=checked)

    for paper in (checked, other):
        desk.post(reverse("dashboard-group-papers"), {"remove": paper.pk})

    assert GroupDocument.objects.get() == checked


def test_draft_is_given_up_once_and_what_was_handed_in_is_not(desk, group):
    other = VendorFactory(applied=True)
    for _ in range(2):
        desk.post(reverse(APPLICATION), {"do": "give_up"})
    desk.force_login(member_of(other))
    said_no = desk.post(reverse(APPLICATION), {"do": "give_up"}, follow=True)

    group.refresh_from_db()
    other.refresh_from_db()
    assert (group.state, group.events.count(), other.state) == ("closed", 1, "applied")
    assert "It has been handed in" in said(said_no)[-1]


def test_packer_does_not_write_the_application(client, group):
    client.force_login(member_of(group, "packer"))

    assert client.get(reverse(APPLICATION)).status_code == 404
    assert client.post(reverse("dashboard-story"), {"story": "x"}).status_code == 404
    assert reverse(APPLICATION) not in client.get(reverse("dashboard-our-group")).content.decode()


def test_application_takes_as_many_queries_for_many_requirements(desk):
    RequirementFactory()
    few = queries_of(desk, reverse(APPLICATION))

    RequirementFactory.create_batch(9, attested=True)

    assert queries_of(desk, reverse(APPLICATION)) == few


def begun_by_officer(client, **changes):
    client.force_login(PersonFactory(officer=True, name="Tshering"))
    tang = RegionFactory(name="Tang")
    sent = {
        "key": "k",
        "name": "Tang kitchen",
        "kind": "self_help_group",
        "region": tang.pk,
        "chair_name": "Karma",
        "chair_contact": "17112233",
    }
    return client.post(reverse("sell-begin"), sent | changes)


def test_officer_fills_in_an_application_on_behalf_of_a_group(client):
    asked = RequirementFactory(attested=True)
    assert begun_by_officer(client).url == reverse(APPLICATION)
    group = Partner.objects.get(name="Tang kitchen")

    page = client.get(reverse(APPLICATION)).content.decode()
    assert "Tshering, on behalf of the group" in page
    assert 'class="tabbar"' not in page
    client.post(reverse("dashboard-story"), {"summary": "We cook.", "story": ""})
    client.post(reverse(APPLICATION), {"do": "attest", "requirement": asked.pk, "name": "Karma"})
    client.post(reverse(APPLICATION), {"do": "submit"})

    group.refresh_from_db()
    assert (group.state, group.summary) == ("applied", "We cook.")
    assert RequirementMark.objects.get().on_behalf_of == "Tang kitchen"
    assert list(group.events.values_list("actor__name", "on_behalf_of")) == [
        ("Tshering", "Karma"),
        ("Tshering", "Tang kitchen"),
    ]
    assert group.memberships.get().user.phone == "+97517112233"


def test_officer_gives_the_account_details_that_the_group_has_named(client):
    begun_by_officer(client)
    group = Partner.objects.get(name="Tang kitchen")
    details = {
        "holder": "Tang kitchen",
        "bank_name": "Bank of Bhutan",
        "bank_code": "BHUBBTBT",
        "account_number": "0012345678",
        "again": "0012345678",
        "group": group.code,
    }

    answer = client.post(reverse("dashboard-payout-account"), details)

    assert answer.url == reverse(APPLICATION)
    account = group.payout_accounts.get()
    assert (account.account_number, account.requested_by.name) == ("0012345678", "Tshering")


@pytest.mark.parametrize(
    "route", ["dashboard-home", "dashboard-order-list", "dashboard-money", "dashboard-listing-list"]
)
def test_officer_on_behalf_sees_nothing_but_the_application(client, route):
    begun_by_officer(client)

    assert client.get(reverse(route)).status_code == 404


def test_officer_is_out_once_the_group_is_approved(client):
    begun_by_officer(client)
    Partner.objects.update(state=Partner.State.APPROVED, approved_at="2026-01-01T00:00:00Z")

    assert client.get(reverse(APPLICATION)).status_code == 404


def test_right_that_was_taken_away_closes_the_desk(client):
    begun_by_officer(client)
    User.objects.get(name="Tshering").groups.clear()

    assert client.get(reverse(APPLICATION)).status_code == 404


@pytest.mark.parametrize("trait", ["suspended", "closed"])
def test_every_page_says_that_the_group_does_not_sell_now(client, trait):
    group = VendorFactory(**{trait: True})
    client.force_login(member_of(group))

    for route in ("dashboard-home", "dashboard-listing-list", "dashboard-order-list", "dashboard-money"):
        page = client.get(reverse(route)).content.decode()
        assert "What this means" in page

    page = client.get(reverse(APPLICATION)).content.decode()
    assert "How your group stands" in page
    assert "Hand in" not in page
