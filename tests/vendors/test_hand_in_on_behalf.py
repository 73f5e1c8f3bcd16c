"""An officer hands in a certificate on behalf of a group in the shop; the group is told, and another person verifies it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Change
from notices.models import Notice
from tests.dashboard.given import no_photo, photo
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import CertificateFactory, MembershipFactory, VendorFactory
from tests.support.hostile import HOSTILE, SCRIPT
from tests.support.race import race
from vendors.errors import CertificateError
from vendors.models import Certificate, CertificateEvent, GroupDocument, Partner
from vendors.services import certificates
from vendors.services.certificates import CertificateData

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor():
    found = VendorFactory(name="Khoma weavers", home_region=RegionFactory(district=True))
    MembershipFactory(vendor=found, user__email="chair@example.org", user__preferred_language="en")
    return found


@pytest.fixture
def officer(vendor):
    return PersonFactory(officer=True, place=vendor.home_region, name="Tashi")


def test_what_is_typed_into_a_form_that_was_sent_is_not_lost(client, vendor, officer):
    client.force_login(officer)
    client.post(page_of(vendor), typed(vendor))

    page = client.post(page_of(vendor), typed(vendor, number="ORG 8", paper=photo(colour="navy")))

    assert "This form was sent before, with other words." in page.text
    assert Certificate.objects.count() == 1
    again = typed(
        vendor, number="ORG 8", paper=photo(colour="navy"), form_key=page.context["form"]["form_key"].value()
    )
    assert client.post(page_of(vendor), again).status_code == 302
    assert [row.number for row in Certificate.objects.order_by("pk")] == ["ORG 7", "ORG 8"]


def page_of(vendor):
    return reverse("admin:partner_partner_hand_in", args=[vendor.pk])


def typed(vendor, **changes):
    return {
        "kind": "organic",
        "number": "ORG 7",
        "holder": "Khoma farmers",
        "goods": "honey",
        "region": vendor.home_region_id,
        "valid_from": vendor.today.isoformat(),
        "valid_until": (vendor.today + timedelta(days=300)).isoformat(),
        "paper": photo(),
        "form_key": "key-1",
        **changes,
    }


def test_officer_hands_in_for_the_group_which_is_told_once_although_the_form_came_twice(
    client, vendor, officer
):
    client.force_login(officer)
    group = client.get(reverse("admin:partner_partner_change", args=[vendor.pk]))

    answers = [client.post(page_of(vendor), typed(vendor), follow=True) for _ in range(2)]

    row = Certificate.objects.get()
    event = CertificateEvent.objects.get()
    assert page_of(vendor) in group.content.decode()
    assert all("Another person verifies it." in answer.content.decode() for answer in answers)
    assert (row.vendor, row.state, row.number) == (vendor, "submitted", "ORG 7")
    assert (event.actor, event.on_behalf_of) == (officer, "Khoma weavers")
    notice = Notice.objects.get(address="chair@example.org")
    assert notice.kind == "certificate_handed_in"
    assert (notice.context["by"], notice.context["certificate"]) == ("Tashi", "organic ORG 7")


def test_audit_says_on_whose_behalf_paper_and_certificate_were_written(client, vendor, officer):
    client.force_login(officer)

    client.post(page_of(vendor), typed(vendor))

    rows = Change.objects.filter(model__in=("partner.certificate", "partner.groupdocument"))
    assert {(row.model, row.person_id, row.on_behalf_of) for row in rows} == {
        ("partner.certificate", officer.pk, "Khoma weavers"),
        ("partner.groupdocument", officer.pk, "Khoma weavers"),
    }


def test_who_handed_it_in_does_not_verify_it_and_another_person_does(client, vendor, officer):
    client.force_login(officer)
    client.post(page_of(vendor), typed(vendor))
    row = Certificate.objects.get()
    decide = reverse("admin:partner_certificate_decide", args=[row.pk])

    own = client.post(decide, {"decision": "verify"}, follow=True)
    row.refresh_from_db()
    assert "Another person must look at it" in own.content.decode()
    assert (row.state, row.verified_by) == ("submitted", None)
    item = client.get(reverse("admin:programme_claim_item", args=["certificate", row.pk])).content.decode()
    assert "You have handed it in yourself" in item
    assert "Tashi, on behalf of Khoma weavers" in item

    other = PersonFactory(moderator=True)
    assert certificates.verify(row, actor=other)
    row.refresh_from_db()
    assert (row.state, row.verified_by) == ("verified", other)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"goods": ""}, "Say for which goods it is"),
        ({"valid_until": "2020-01-01"}, "The last day lies before the first day."),
        ({"number": ""}, "Write the number as printed on the paper."),
        ({"form_key": ""}, "required"),
        ({"number": "ORG\x007"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_with_the_photo_to_choose_again_and_nothing_typed_is_lost(
    client, vendor, officer, wrong, words
):
    client.force_login(officer)

    page = client.post(page_of(vendor), typed(vendor, holder="Laskein women", **wrong)).content.decode()

    assert words in page
    assert "Choose the photo again." in page
    assert "Laskein women" in page
    assert not Certificate.objects.exists()
    assert not GroupDocument.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("paper", ["", no_photo()], ids=["none", "text"])
def test_without_a_photo_nothing_is_handed_in(client, vendor, officer, paper):
    client.force_login(officer)

    page = client.post(page_of(vendor), typed(vendor, paper=paper)).content.decode()

    assert "Khoma farmers" in page
    assert "Choose the photo again." not in page
    assert not Certificate.objects.exists()


@pytest.fixture
def folder(settings, tmp_path):
    """Where papers lie."""
    where = {"location": tmp_path, "base_url": None}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "private": {"BACKEND": backend, "OPTIONS": where}}
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("which", [name for name, each in HOSTILE.items() if each.words])
def test_file_that_is_no_photo_is_refused_with_words_and_nothing_is_kept(
    client, vendor, officer, folder, which
):
    client.force_login(officer)
    hostile = HOSTILE[which]
    paper = SimpleUploadedFile(hostile.name, hostile.make(), content_type=hostile.kind)

    page = client.post(page_of(vendor), typed(vendor, paper=paper))

    assert page.status_code == 200
    said = "This is a PDF" if which == "PDF renamed" else hostile.words
    assert said in page.context["form"].errors["paper"][0]
    assert folder() == []
    assert not GroupDocument.objects.exists()
    assert not Certificate.objects.exists()


def test_photo_that_is_a_page_too_is_written_anew_and_others_do_not_find_it(client, vendor, officer, folder):
    client.force_login(officer)
    hostile = HOSTILE["picture that is a page too"]
    paper = SimpleUploadedFile(hostile.name, hostile.make(), content_type=hostile.kind)
    client.post(page_of(vendor), typed(vendor, paper=paper))
    document = Certificate.objects.get().document
    assert [SCRIPT in path.read_bytes() for path in folder()] == [False]

    found = {}
    for name, person in {
        "officer": officer,
        "elsewhere": PersonFactory(officer=True, place=RegionFactory(state=True)),
        "finance": PersonFactory(finance=True),
    }.items():
        client.force_login(person)
        address = reverse("admin:partner_partner_paper", args=[vendor.pk, document.pk])
        found[name] = client.get(address).status_code
    for name, member in {"own": vendor.memberships.get(), "other": MembershipFactory()}.items():
        client.force_login(member.user)
        found[name] = client.get(reverse("dashboard-group-paper", args=[document.pk])).status_code

    assert found == {"officer": 200, "elsewhere": 404, "finance": 403, "own": 200, "other": 404}


@pytest.mark.isolation
def test_officer_of_another_place_finds_no_such_group_and_staff_without_the_right_are_refused(client, vendor):
    outcomes = {}
    for name, person in {
        "elsewhere": PersonFactory(officer=True, place=RegionFactory(state=True)),
        "finance": PersonFactory(finance=True),
        "moderator": PersonFactory(moderator=True),
    }.items():
        client.force_login(person)
        get = client.get(page_of(vendor)).status_code
        outcomes[name] = (get, client.post(page_of(vendor), typed(vendor, form_key=name)).status_code)

    assert outcomes == {"elsewhere": (404, 404), "finance": (403, 403), "moderator": (200, 302)}
    assert Certificate.objects.count() == 1


def test_member_of_the_group_who_is_staff_too_is_sent_to_the_desk(client, vendor, officer):
    MembershipFactory(vendor=vendor, user=officer, role="packer")
    client.force_login(officer)

    page = client.post(page_of(vendor), typed(vendor))

    assert "You are a member of this group." in page.content.decode()
    assert not Certificate.objects.exists()


def test_for_a_group_that_was_closed_meanwhile_it_is_refused_in_words(client, vendor, officer):
    client.force_login(officer)
    Partner.objects.filter(pk=vendor.pk).update(state=Partner.State.CLOSED)

    page = client.post(page_of(vendor), typed(vendor))

    assert (page.status_code, Certificate.objects.exists()) == (200, False)
    assert "This cannot be done any more." in page.content.decode()


def test_link_is_offered_where_the_application_is_no_desk_any_more(client, officer, vendor):
    client.force_login(officer)
    offered = {}
    for state in ("draft", "approved", "suspended", "closed"):
        Partner.objects.filter(pk=vendor.pk).update(state=state)
        page = client.get(reverse("admin:partner_partner_change", args=[vendor.pk])).content.decode()
        offered[state] = page_of(vendor) in page

    assert offered == {"draft": False, "approved": True, "suspended": True, "closed": False}


def test_member_who_handed_it_in_does_not_verify_it_after_leaving_the_group(vendor):
    moderator = PersonFactory(moderator=True)
    row = CertificateFactory(vendor=vendor, submitted=True)
    CertificateEvent.objects.create(certificate=row, from_state="", to_state="submitted", actor=moderator)

    with pytest.raises(CertificateError, match="Another person"):
        certificates.verify(row, actor=moderator)


@pytest.mark.django_db(transaction=True)
def test_form_that_comes_four_times_at_once_hands_in_one_and_tells_once():
    vendor, officer = VendorFactory(email="group@example.org", phone=""), PersonFactory()
    last = vendor.today + timedelta(days=9)
    data = CertificateData(
        "organic", "ORG 7", "Khoma farmers", vendor.home_region, vendor.today, last, goods="honey"
    )

    outcomes = race(
        lambda: certificates.hand_in_on_behalf(vendor, data, officer=officer, form_key="k", paper=photo()),
        contenders=4,
    )

    assert outcomes == [None] * 4
    assert Certificate.objects.count() == CertificateEvent.objects.count() == Notice.objects.count() == 1
    assert GroupDocument.objects.count() == 1
