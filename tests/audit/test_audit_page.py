"""The page and the file of all that happened."""

import csv
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.admin import audit as page
from audit.models import Change
from marketplace.lib.audit import noting
from regions.models import Region
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory

pytestmark = pytest.mark.django_db

LIST = "admin:audit_change_changelist"


@pytest.fixture
def moderator(client):
    person = PersonFactory(moderator=True, name="Dechen")
    client.force_login(person)
    return person


def listed(client, **query):
    answer = client.get(reverse(LIST), query)
    assert answer.status_code == 200
    return [(entry.model, entry.row) for entry in answer.context["entries"]]


def file_lines(client, **query):
    answer = client.get(reverse("admin:audit_change_csv"), query)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(content.splitlines()))


def by(person, row, name, day=1):
    """A change of a place's name by a person, on a day of January."""
    fields = {
        "model": "regions.region",
        "row": str(row.pk),
        "action": "changed",
        "place": row,
        "person": person,
    }
    return Change.objects.create(
        at=datetime(2026, 1, day, 12, tzinfo=UTC), before={"name": row.name}, after={"name": name}, **fields
    )


def test_what_happened_is_found_by_person_kind_day_and_place(client, moderator):
    # given
    dzongkhag = RegionFactory(dzongkhag=True)
    here, there = RegionFactory(parent=dzongkhag, name="Radi"), RegionFactory(name="Naja")
    karma = PersonFactory(name="Karma", email="karma@example.org")
    by(karma, here, "One", day=3)
    by(moderator, there, "Two", day=5)
    asked = {"kind": "regions.region", "since": "2026-01-01", "to": "2026-01-31"}
    # then
    assert listed(client, **asked) == [("regions.region", str(there.pk)), ("regions.region", str(here.pk))]
    assert listed(client, **asked, person="karma@example.org") == [("regions.region", str(here.pk))]
    assert listed(client, **asked, place=dzongkhag.code) == [("regions.region", str(here.pk))]
    assert listed(client, **asked, place="naja") == [("regions.region", str(there.pk))]
    assert listed(client, **{**asked, "since": "2026-01-04"}) == [("regions.region", str(there.pk))]
    assert listed(client, **{**asked, "to": "2026-01-03"}) == [("regions.region", str(here.pk))]
    assert listed(client, **{**asked, "kind": "people.user"}) == []
    assert listed(client, **asked, place="nowhere") == []


def test_all_of_one_operation_is_found(client, moderator):
    # given
    with noting(via="POST somewhere"):
        one, two = RegionFactory(), RegionFactory()
    RegionFactory()
    operation = Change.objects.filter(row=str(one.pk), model="regions.region").latest("pk").operation
    # then
    found = listed(client, operation=str(operation), kind="regions.region")
    assert {("regions.region", str(one.pk)), ("regions.region", str(two.pk))} <= set(found)
    assert {change.operation for change in Change.objects.filter(via="POST somewhere")} == {operation}


def test_one_row_and_what_belongs_to_it_is_found(client, moderator):
    # given
    group, other = VendorFactory(), VendorFactory()
    person = group.people.create(name="Sangay", work="weaver")
    # then
    asked = {"kind": "partner.partner", "row": str(group.pk)}
    assert listed(client, **asked) == [
        ("partner.groupperson", str(person.pk)),
        ("partner.partner", str(group.pk)),
    ]
    history = client.get(reverse("admin:partner_partner_history", args=[group.pk])).content.decode()
    assert f"?kind=partner.partner&amp;row={group.pk}" in history
    assert ("partner.partner", str(other.pk)) in listed(client, kind="partner.partner")


@pytest.mark.parametrize(
    "query", [{"since": "32.13.2026"}, {"kind": "secrets"}, {"operation": "x"}, {"until": "soon"}]
)
def test_a_question_that_cannot_be_read_lists_nothing_and_gives_no_file(client, moderator, query):
    assert listed(client, **query) == []
    assert client.get(reverse("admin:audit_change_csv"), query).status_code == 404


def test_the_first_and_the_last_day_that_there_are_can_be_asked_for(client, moderator):
    # given
    region = RegionFactory()
    # then
    asked = {"since": "0001-01-01", "to": "9999-12-31", "kind": "regions.region", "row": str(region.pk)}
    assert ("regions.region", str(region.pk)) in listed(client, **asked)
    assert listed(client, since="9999-12-31") == []
    assert listed(client, to="0001-01-01") == []


def test_the_file_holds_a_line_for_each_value_and_no_formula(client, moderator):
    # given
    region = RegionFactory(name="Radi")
    with noting(person=moderator.pk, reason="@SUM(A1)"):
        Region.objects.filter(pk=region.pk).update(name='=HYPERLINK("http://x")', status_note="-1")
    # when
    heads, *lines = file_lines(client, kind="regions.region", person="Dechen")
    # then
    assert heads[:3] == ["When", "By", "On behalf of"]
    assert [line[6:10] for line in lines] == [
        ["Name", "Radi", '\'=HYPERLINK("http://x")', "'@SUM(A1)"],
        ["Remark on its status", "", "'-1", "'@SUM(A1)"],
    ]


def test_a_file_that_is_too_large_says_so_at_its_end(client, moderator, monkeypatch):
    # given
    monkeypatch.setattr(page, "MOST_IN_FILE", 5)
    monkeypatch.setattr(page, "ASKED_AT_ONCE", 2)
    region = RegionFactory()
    for number in range(8):
        Region.objects.filter(pk=region.pk).update(name=f"Name {number}")
    # when
    lines = file_lines(client, kind="regions.region")
    # then
    assert [line[8] for line in lines[1:6]] == [f"Name {number}" for number in (7, 6, 5, 4, 3)]
    assert lines[6] == ["These are the newest 5; narrow the question for others."]


def test_the_page_takes_as_many_queries_for_forty_changes_as_for_four(client, moderator):
    # given
    counts = []
    for rounds in (2, 19):
        for number in range(rounds):
            group = VendorFactory()
            with noting(person=PersonFactory().pk):
                Region.objects.filter(pk=group.home_region_id).update(name=f"Place {number}")
        # when
        with CaptureQueriesContext(connection) as queries:
            listed(client, kind="regions.region")
        counts.append(len(queries))
    # then
    assert counts[0] == counts[1]


@pytest.mark.isolation
def test_an_officer_of_some_places_does_not_read_the_audit_even_with_the_right(client):
    # given
    officer = PersonFactory(officer=True)
    officer.user_permissions.add(Permission.objects.get(codename="view_change"))
    client.force_login(officer)
    # then
    for route in (LIST, "admin:audit_change_csv"):
        assert client.get(reverse(route)).status_code == 403
    assert (
        client.get(reverse("admin:audit_change_change", args=[Change.objects.latest("pk").pk])).status_code
        == 403
    )


def test_nothing_in_the_admin_edits_the_audit(client):
    # given
    client.force_login(PersonFactory(superuser=True))
    change = by(None, RegionFactory(), "x")
    # then
    for route, args in (("add", []), ("delete", [change.pk]), ("change", [change.pk])):
        answer = client.post(
            reverse(f"admin:audit_change_{route}", args=args), {"reason": "Mine", "post": "yes"}
        )
        assert answer.status_code == 403
    change.refresh_from_db()
    assert change.reason == ""
