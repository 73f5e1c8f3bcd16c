"""Where the facts come from: requests, decisions, tasks, commands."""

import sys

import pytest
from django.urls import reverse

import manage
from audit.models import Change
from catalogue.models import Product
from catalogue.services import review
from marketplace.lib.audit import noting
from regions.models import Region
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Invitation
from vendors.services.applications import Beginning, begin_on_behalf
from vendors.tasks import end_old_invitations

pytestmark = pytest.mark.django_db


def last(row) -> Change:
    return Change.objects.filter(model=row._meta.label_lower, row=str(row.pk)).latest("pk")


def test_a_page_of_the_admin_says_who_by_which_page_and_why(client):
    # given
    boss, group = PersonFactory(superuser=True), VendorFactory(applied=True)
    client.force_login(boss)
    region = RegionFactory(name="Doga")
    inlines = ("aliases", "changes", "changes_into")
    counts = {f"{inline}-{count}_FORMS": 0 for inline in inlines for count in ("TOTAL", "INITIAL")}
    form = {"name": "Dogar", "_reason": " As spoken\0 ", **counts}
    page = reverse("admin:regions_region_change", args=[region.pk])
    assert 'name="_reason"' in client.get(page).content.decode()
    # when
    client.post(page, form)
    # then
    change = last(region)
    assert (change.person, change.via) == (boss, "POST admin:regions_region_change")
    assert change.reason == "As spoken"
    assert change.operation is not None
    assert last(group).person is None


def test_a_decision_gives_its_reason_to_all_that_it_writes(client):
    # given
    boss, group = PersonFactory(superuser=True), VendorFactory()
    client.force_login(boss)
    listing = ListingFactory(vendor=group)
    # when
    client.post(
        reverse("admin:partner_partner_decide", args=[group.pk]),
        {"decision": "suspend", "reason": "No licence"},
    )
    # then
    assert (last(group).after, last(group).reason) == ({"state": "suspended"}, "No licence")
    assert {change.reason for change in Change.objects.exclude(operation=None)} == {"No licence"}
    assert last(listing).reason == ""


def test_a_service_says_whom_it_acts_for_without_any_request():
    # given
    officer, listing = PersonFactory(), ListingFactory()
    # when
    review.withdraw(listing, officer, reason="Out of season", on_behalf_of="Weavers of Radi")
    # then
    change = last(listing)
    assert change.after["state"] == Product.State.WITHDRAWN
    assert (change.person, change.on_behalf_of, change.reason) == (
        officer,
        "Weavers of Radi",
        "Out of season",
    )


def test_an_officer_who_fills_in_an_application_acts_on_behalf_of_the_group(client):
    # given
    place = RegionFactory(dzongkhag=True)
    officer = PersonFactory(officer=True)
    group = VendorFactory(draft=True, name="Tang kitchen", home_region=place)
    client.force_login(officer)
    client.post(reverse("dashboard-on-behalf"), {"group": group.code})
    # when
    client.post(reverse("dashboard-story"), {"summary": "We cook.", "story": "For a hundred years."})
    # then
    change = last(group)
    assert change.after["summary"] == "We cook."
    assert (change.person, change.on_behalf_of) == (officer, "Tang kitchen")


def test_a_group_that_an_officer_begins_is_begun_on_behalf_of_its_chair():
    # given
    place = RegionFactory(dzongkhag=True)
    officer = PersonFactory(officer=True, place=place)
    beginning = Beginning(name="Tang kitchen", kind="cooperative", region=place, key="k")
    # when
    group = begin_on_behalf(beginning, officer=officer, chair_name="Karma", chair_contact="+97517112233")
    # then
    for row in (group, group.memberships.get(), group.memberships.get().user):
        assert (last(row).person, last(row).on_behalf_of) == (officer, "Karma")


def test_a_task_is_named():
    # given
    invitation = Invitation.objects.create(
        vendor=VendorFactory(),
        contact="a@example.org",
        role="packer",
        invited_by=PersonFactory(),
        expires_at="2020-01-01T00:00Z",
    )
    # when
    with noting(via="POST somewhere", person=PersonFactory().pk):
        end_old_invitations.apply()
        RegionFactory()
    # then
    assert last(invitation).via == "task vendors.end_old_invitations"
    assert Change.objects.latest("pk").via == "POST somewhere"


def test_a_command_is_named_and_migrations_are_left_alone(monkeypatch):
    # given
    seen = []
    monkeypatch.setattr(manage, "execute_from_command_line", lambda _argv: seen.append(RegionFactory().pk))
    # when
    for words in (["manage.py", "load_reference"], ["manage.py", "migrate"], ["manage.py"]):
        monkeypatch.setattr(sys, "argv", words)
        with noting():
            manage.main()
    # then
    assert [last(Region(pk=pk)).via for pk in seen] == ["command load_reference", "", "command "]
