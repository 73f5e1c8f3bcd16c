"""The history behind the button of every page of the admin."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from audit.models import Change
from audit.selectors.history import entries_of
from audit.tracked import TRACKED
from marketplace.lib.audit import noting
from regions.models import Region
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.routes.world import build_world
from tests.support.sale import fake_provider, placed_order
from vendors.models import Membership, Partner
from vendors.services import decisions

__all__ = ["fake_provider"]

Country = get_model("address", "Country")

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    person = PersonFactory(superuser=True, name="Dechen")
    client.force_login(person)
    return person


def address(row) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[row.pk])


def entries(client, row, **query):
    answer = client.get(address(row), query)
    assert answer.status_code == 200
    return answer.context["history"].entries


def said(entry):
    return {line.label: (line.before, line.after) for line in entry.lines}


def test_choices_keys_and_truths_are_told_in_words(client, boss):
    # given
    place, other = RegionFactory(name="Radi"), RegionFactory(name="Phongmey")
    group = VendorFactory(home_region=place, is_example=False)
    # when
    with noting(person=boss.pk, on_behalf_of="The group", reason="They have moved"):
        Partner.objects.filter(pk=group.pk).update(
            home_region=other, kind=Partner.Kind.COOPERATIVE, is_example=True
        )
    # then
    newest = entries(client, group)[0]
    assert (newest.person, newest.on_behalf_of, newest.reason) == ("Dechen", "The group", "They have moved")
    told = said(newest)
    assert told["Home place"] == ("Radi", "Phongmey")
    assert told["Kind"][1] == str(Partner.Kind.COOPERATIVE.label)
    assert told["Example"] == ("no", "yes")
    page = client.get(address(group)).content.decode()
    assert "They have moved" in page
    assert "on behalf of The group" in " ".join(page.split())


def test_what_belongs_to_a_row_stands_in_its_history(client, boss):
    # given
    membership = MembershipFactory(user=PersonFactory(name="Karma"), role=Membership.Role.PACKER)
    # when
    membership.delete()
    # then
    gone, made = entries(client, membership.vendor)[:2]
    assert (gone.action, made.action) == ("deleted", "added")
    assert said(gone)["Person"] == ("Karma", "")
    assert said(made)["Role"] == ("", str(Membership.Role.PACKER.label))


def test_history_outlives_the_account_of_who_made_it(client, boss):
    # given
    gone, region = PersonFactory(name="Karma"), RegionFactory()
    with noting(person=gone.pk):
        Region.objects.filter(pk=region.pk).update(name="Radi")
    key = gone.pk
    # when
    gone.delete()
    # then
    assert entries(client, region)[0].person == f"no. {key}, no longer there"


def test_people_are_not_called_by_their_contacts(client, boss):
    # given
    nameless = PersonFactory(name="", email="karma@example.org")
    membership = MembershipFactory(user=nameless)
    with noting(person=nameless.pk):
        Partner.objects.filter(pk=membership.vendor_id).update(summary="We weave.")
    PersonFactory(name="Sonam", email="sonam@example.org")
    # when
    pages = [address(membership.vendor), address(nameless), reverse("admin:audit_change_changelist")]
    words = "".join(client.get(page).content.decode().partition('id="content-main"')[2] for page in pages)
    # then
    assert "example.org" not in words
    assert "Sonam" not in words
    assert entries(client, membership.vendor)[0].person == f"no. {nameless.pk}"


def test_a_long_text_is_folded(client, boss):
    # given
    group = VendorFactory()
    # when
    Partner.objects.filter(pk=group.pk).update(story="Wool. " * 60)
    # then
    page = client.get(address(group)).content.decode()
    assert '<details class="audit__long">' in page


def test_moves_of_what_is_not_tracked_are_its_history(client, boss, fake_provider):
    # given
    order = placed_order()
    order.events.create(from_state="pending", to_state="cancelled", actor=boss, reason="Twice the same")
    # then
    newest = entries(client, order)[0]
    assert (newest.person, newest.reason) == ("Dechen", "Twice the same")
    assert said(newest)["State"][1].lower() == "cancelled"
    assert "Not tracked in the audit" in client.get(address(order)).content.decode()


def test_moves_from_before_a_row_was_tracked_are_told_once(client, boss):
    # given
    group = VendorFactory(applied=True)
    decisions.return_with_remarks(group, actor=boss, reason="No papers")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_change")
        cursor.execute("SET LOCAL session_replication_role = origin")
    # when
    Partner.objects.filter(pk=group.pk).update(name="Weavers")
    # then
    renamed, returned = entries(client, group)
    assert said(renamed)["Name"][1] == "Weavers"
    assert (returned.reason, returned.person) == ("No papers", "Dechen")


def test_notes_of_the_admin_are_the_history_of_what_has_no_other(client, boss):
    # given
    country = Country.objects.first()
    LogEntry.objects.log_actions(boss.pk, [country], CHANGE, "Changed name.", single_object=True)
    # then
    (entry,) = entries(client, country)
    assert (entry.person, entry.action) == ("Dechen", "Changed name.")


@pytest.mark.isolation
def test_an_officer_of_another_place_finds_no_history(client):
    # given
    here, there = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    group = VendorFactory(home_region=here)
    client.force_login(PersonFactory(officer=True, place=there))
    # then
    assert client.get(address(group)).status_code == 404
    client.force_login(PersonFactory(officer=True, place=here))
    assert client.get(address(group)).status_code == 200


@pytest.mark.isolation
def test_parts_whose_page_a_person_may_not_see_are_not_in_the_history(client):
    # given
    group = VendorFactory()
    change = {
        "at": "2026-01-01T00:00Z",
        "action": "added",
        "about_model": "partner.partner",
        "about_row": str(group.pk),
        "row": "7",
    }
    Change.objects.create(model="payments.payoutaccount", after={"bank_name": "BoB"}, **change)
    Change.objects.create(model="partner.groupphoto", after={"alt_text": "Loom"}, **change)
    client.force_login(PersonFactory(officer=True))
    # when
    found = {entry.model for entry in entries(client, group)}
    # then
    assert found == {"partner.partner", "partner.groupphoto"}


def test_history_takes_as_many_queries_for_forty_changes_as_for_four(client, boss):
    # given
    group = VendorFactory()
    counts = []
    # when
    for rounds in (2, 18):
        for _ in range(rounds):
            Partner.objects.filter(pk=group.pk).update(home_region=RegionFactory())
            MembershipFactory(vendor=group)
        with CaptureQueriesContext(connection) as queries:
            entries(client, group)
        counts.append(len(queries))
    # then
    assert counts[0] == counts[1]


def test_history_goes_on_page_by_page_and_loses_nothing(client, boss):
    # given
    region = RegionFactory(name="0")
    for number in range(1, 120):
        Region.objects.filter(pk=region.pk).update(name=str(number))
    # when
    seen, until = [], ""
    while until is not None:
        history = client.get(address(region), {"until": until} if until else {}).context["history"]
        seen += [said(entry)["Name"][1] for entry in history.entries]
        until = history.older.isoformat() if history.older else None
    # then
    assert seen == [str(number) for number in reversed(range(120))]


@pytest.mark.parametrize("until", ["yesterday", "2026-99-99T00:00Z", "99999-01-01T00:00Z"])
def test_a_moment_that_is_none_is_not_found(client, boss, until):
    assert client.get(address(RegionFactory()), {"until": until}).status_code == 404


def test_what_is_gone_or_has_no_page_has_no_history(client, boss):
    # given
    region = RegionFactory()
    # then
    assert client.get(address(region).replace(str(region.pk), "0", 1)).status_code in (302, 404)
    assert client.get("/admin/partner/membership/1/history/").status_code == 404


def test_thousands_of_changes_of_one_row_among_others_are_read_by_the_index(client, boss):
    # given
    group = VendorFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_change (at, model, row, action, before, after, about_model, about_row,"
            " on_behalf_of, reason, via) SELECT now() - n * interval '1 minute', 'partner.partner',"
            " CASE WHEN n %% 20 = 0 THEN %s ELSE %s END, 'changed', '{}', '{}', '', '', '', '', ''"
            " FROM generate_series(1, 40000) AS n",
            [str(group.pk), f"other than {group.pk}"],
        )
        cursor.execute("ANALYZE audit_change")
    rows = Change.objects.filter(model="partner.partner", row=str(group.pk)).order_by("-at", "-pk")[:51]
    # then
    assert "change_of_row" in rows.explain()
    assert "Sort" not in rows.explain()
    assert len(entries(client, group)) == 50


def test_every_kind_that_is_tracked_can_be_told():
    for each in TRACKED:
        # given
        values = {field.column: None for field in each.fields()}
        change = Change(
            at="2026-01-01T00:00Z", model=each.model._meta.label_lower, row="0", before=values, after=values
        )
        # then
        (entry,) = entries_of([change])
        assert len(entry.lines) == len(values)
        assert entry.subject


def test_whatever_happened_is_told_with_one_query_for_each_kind_of_row(fake_provider):
    # given
    build_world(fake_provider)
    changes = list(Change.objects.select_related("person"))
    # when
    with CaptureQueriesContext(connection) as queries:
        found = entries_of(changes)
    # then
    tables = [query["sql"].partition(' FROM "')[2].partition('"')[0] for query in queries]
    assert sorted(tables) == sorted(set(tables))
    assert {change.model for change in changes} >= {
        "catalogue.category",
        "order.return",
        "partner.certificate",
    }
    assert not [entry.subject for entry in found if "object (" in entry.subject or "<" in entry.subject]
