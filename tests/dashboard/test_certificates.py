"""Certificates at the desk: handed in with a photo, given up with a reason, decided about in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.dashboard.given import member_of, no_photo, photo, queries_of
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory, IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import CertificateFactory, MembershipFactory, VendorFactory
from vendors.models import Certificate, GroupDocument

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("dashboard-certificates"), reverse("dashboard-certificate-create")
ADMIN = "admin:partner_certificate"


@pytest.fixture
def vendor():
    return VendorFactory(home_region=RegionFactory(district=True))


@pytest.fixture
def desk(client, vendor):
    client.force_login(member_of(vendor))
    return client


def typed(vendor, **changes):
    return {
        "kind": "fssai",
        "number": "10012345678901",
        "holder": "Laskein group",
        "goods": "",
        "region": vendor.home_region_id,
        "valid_from": vendor.today.isoformat(),
        "valid_until": (vendor.today + timedelta(days=300)).isoformat(),
        "paper": photo(),
        "form_key": "key-1",
        **changes,
    }


def test_member_hands_in_a_certificate_and_the_form_sent_twice_is_one(desk, vendor):
    answers = [desk.post(NEW, typed(vendor), follow=True) for _ in range(2)]

    row = Certificate.objects.get()
    assert (row.vendor, row.state, row.number) == (vendor, "submitted", "10012345678901")
    assert row.document.kind == GroupDocument.Kind.CERTIFICATE
    assert all("The office looks at it" in answer.content.decode() for answer in answers)
    assert "with the office" in desk.get(LIST).content.decode()


def test_protected_names_of_the_groups_places_are_offered_and_no_others(desk, vendor):
    own = GeographicalIndicationFactory(name="Lakadong Turmeric", regions=[vendor.home_region.parent])
    GeographicalIndicationFactory(name="Darjeeling Tea", regions=[RegionFactory(state=True)])

    offered = desk.get(NEW).context["form"].fields["gi"].queryset
    desk.post(NEW, typed(vendor, kind="gi", gi=own.pk, goods="turmeric, haldi"))

    assert list(offered) == [own]
    assert Certificate.objects.get().gi == own


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"valid_until": "2020-01-01"}, "The last day lies before the first day."),
        ({"kind": "organic"}, "Say for which goods it is"),
        ({"number": ""}, "Write the number as printed on the paper."),
        ({"paper": ""}, "Choose a photo of the paper."),
        ({"paper": "text"}, "photo"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk, vendor, wrong, words):
    wrong = {name: no_photo() if value == "text" else value for name, value in wrong.items()}

    page = desk.post(NEW, typed(vendor, holder="Laskein women", **wrong))

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Laskein women" in page.content.decode()
    assert not Certificate.objects.exists()


def test_group_gives_a_certificate_up_with_a_reason(desk, vendor):
    row = CertificateFactory(vendor=vendor)
    address = reverse("dashboard-certificate", args=[row.pk])

    without = desk.post(address, {"reason": " ", "version": 1})
    row.refresh_from_db()
    assert (without.status_code, row.state) == (200, "verified")

    desk.post(address, {"reason": "We stopped keeping bees", "version": 1})
    desk.post(address, {"reason": "Again", "version": 1})
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert "We stopped keeping bees" in desk.get(address).content.decode()
    assert row.events.count() == 1


@pytest.mark.isolation
def test_packer_has_no_certificates_page(client, vendor):
    client.force_login(member_of(vendor, "packer"))

    assert {client.get(address).status_code for address in (LIST, NEW)} == {404}


def test_list_shows_what_each_certificate_covers_and_from_where(desk, vendor):
    honey = IdentifiedProductFactory(name="Highland honey")
    CertificateFactory(vendor=vendor, goods="wax", products=[honey])
    CertificateFactory(vendor=vendor, food=True)

    page = desk.get(LIST).content.decode()

    assert f"Highland honey, wax, {vendor.home_region.name}" in page
    assert f"all food of the group, {vendor.home_region.name}" in page


def test_gewogs_of_a_groups_dzongkhag_are_offered_and_no_other_places(desk, vendor):
    gewog = RegionFactory(parent=vendor.home_region)
    ended = RegionFactory(parent=vendor.home_region, ended_on=vendor.today)
    elsewhere = RegionFactory()

    offered = set(desk.get(NEW).context["form"].fields["region"].queryset)

    assert {gewog, vendor.home_region, *vendor.home_region.ancestors()} == offered
    assert not {ended, elsewhere} & offered


def test_photo_is_to_be_chosen_again_when_something_else_was_wrong(desk, vendor):
    page = desk.post(NEW, typed(vendor, number=""))

    assert "Choose the photo again." in page.content.decode()


def test_list_and_home_cost_as_many_queries_for_twenty_as_for_one(desk, vendor):
    soon = vendor.today + timedelta(days=20)
    CertificateFactory(vendor=vendor, valid_until=soon, products=[IdentifiedProductFactory()])
    one = [queries_of(desk, address) for address in (LIST, reverse("dashboard-home"))]
    CertificateFactory.create_batch(19, vendor=vendor, valid_until=soon)

    assert [queries_of(desk, address) for address in (LIST, reverse("dashboard-home"))] == one
    assert "Certificates running out" in desk.get(reverse("dashboard-home")).content.decode()


def test_officer_verifies_in_the_own_place_and_not_elsewhere(client):
    row = CertificateFactory(submitted=True)
    address = reverse(f"{ADMIN}_decide", args=[row.pk])

    client.force_login(PersonFactory(officer=True, place=RegionFactory(state=True)))
    elsewhere = client.post(address, {"decision": "verify"})
    client.force_login(PersonFactory(officer=True))
    page = client.get(reverse(f"{ADMIN}_change", args=[row.pk]))
    client.post(address, {"decision": "verify"})

    row.refresh_from_db()
    assert elsewhere.status_code == 404
    assert row.number in page.content.decode()
    assert row.state == "verified"


def test_refusal_without_a_reason_and_verifying_for_the_own_group_are_told_and_change_nothing(client):
    row = CertificateFactory(submitted=True)
    own = MembershipFactory(vendor=row.vendor, user__moderator=True).user
    address = reverse(f"{ADMIN}_decide", args=[row.pk])

    client.force_login(own)
    mine = client.post(address, {"decision": "verify"}, follow=True)
    client.force_login(PersonFactory(moderator=True))
    silent = client.post(address, {"decision": "refuse", "reason": ""}, follow=True)

    row.refresh_from_db()
    assert "You are a member of this group" in mine.content.decode()
    assert "needs a reason" in silent.content.decode()
    assert row.state == "submitted"


def test_staff_find_what_ends_soon_in_a_constant_number_of_queries(client):
    client.force_login(PersonFactory(moderator=True))
    address = reverse(f"{ADMIN}_changelist")
    soon = CertificateFactory(number="SOON", valid_until=VendorFactory().today + timedelta(days=6))
    CertificateFactory(number="LATER")

    def listed(ends):
        page = client.get(address, {"state": "all", "ends": ends})
        return [row.number for row in page.context["cl"].result_list]

    assert {ends: listed(ends) for ends in ("7", "60", "ended", "x")} == {
        "7": [soon.number],
        "60": [soon.number],
        "ended": [],
        "x": [],
    }
    few = queries_of(client, f"{address}?state=all")
    CertificateFactory.create_batch(19, products=[IdentifiedProductFactory()])
    assert queries_of(client, f"{address}?state=all") == few
