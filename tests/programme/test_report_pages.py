"""Reports in the admin: kept, shared, run once, taken away by whoever may have the rows today."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Change
from programme.models import ReportDownload, ReportRun, SavedReport
from programme.services import report_runs
from regions.models import RegionRole
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.reports import ReportRunFactory, SavedReportFactory
from tests.factories.vendors import VendorFactory
from tests.programme.given_reports import run_of

pytestmark = pytest.mark.django_db

ADD = reverse("admin:programme_savedreport_add")


def page(name, row):
    return reverse(f"admin:programme_{name}", args=[row.pk])


def at_work(client, **who):
    person = PersonFactory(**(who or {"moderator": True}))
    client.force_login(person)
    return person


def sent(**changes):
    return {"key": "k1", "name": "Rice of Paro", "region": "", "filter-state": "live", **changes}


def test_a_report_is_kept_once_however_often_its_form_is_sent(client):
    person = at_work(client)

    for _twice in "ab":
        client.post(f"{ADD}?kind=listings", sent())

    report = SavedReport.objects.get()
    assert (report.name, report.filters, report.owner) == ("Rice of Paro", {"state": "live"}, person)


def test_a_form_with_faults_keeps_what_was_typed_and_saves_nothing(client):
    at_work(client, officer=True, place=RegionFactory(dzongkhag=True))
    elsewhere = RegionFactory(code="XX-1", name="Elsewhere")

    wrong = sent(region=elsewhere.code, **{"filter-product": "no such"})
    answer = client.post(f"{ADD}?kind=listings", wrong).content.decode()

    assert "You do not work in this place. Choose one of yours." in answer
    assert "No list of the programme has such a product" in answer
    assert 'value="Rice of Paro"' in answer
    assert not SavedReport.objects.exists()


@pytest.mark.isolation
def test_an_officer_shares_about_own_places_only(client):
    place = RegionFactory(dzongkhag=True)
    at_work(client, officer=True, place=place)

    refused = client.post(f"{ADD}?kind=listings", sent(is_shared="on")).content.decode()
    client.post(f"{ADD}?kind=listings", sent(is_shared="on", region=place.code))

    assert "To share it, choose one of your places" in refused
    assert SavedReport.objects.get().region == place


def test_run_now_sent_twice_is_one_run_and_a_second_press_leads_to_it(client, monkeypatch):
    report = SavedReportFactory(owner=at_work(client))
    address = page("savedreport_run", report)

    answers = [client.post(address, {"key": key}) for key in ("a", "a", "b")]

    run = ReportRun.objects.get()
    assert {answer.url for answer in answers} == {page("reportrun_change", run)}
    assert client.get(page("reportrun_change", run))["Refresh"] == "5"
    report_runs.make(run.pk)
    assert client.post(address, {"key": "a"}).url == page("reportrun_change", run)
    assert "Refresh" not in client.get(page("reportrun_change", run))


def test_nobody_has_more_than_three_runs_at_once(client):
    person = at_work(client)
    for number in range(3):
        ReportRunFactory(report=SavedReportFactory(owner=person, name=str(number)))

    report = SavedReportFactory(owner=person)
    answer = client.post(page("savedreport_run", report), {"key": "a"}, follow=True)

    assert "3 of your reports are still being made." in answer.content.decode()
    assert ReportRun.objects.count() == 3


def test_a_file_is_taken_away_and_each_time_is_written_down(client):
    person = at_work(client)
    run = run_of(asked_by=person)

    answer = client.get(page("reportrun_file", run))

    assert b"".join(answer.streaming_content).startswith("\ufeffListing number".encode())
    assert answer["Content-Disposition"] == f'attachment; filename="listings-{run.pk}.csv"'
    assert answer["Cache-Control"].startswith("private, no-store")
    assert ReportDownload.objects.get().person == person
    noted = Change.objects.get(model="programme.reportdownload")
    assert noted.person_id == person.pk


def test_the_end_of_a_file_is_said_by_its_page_and_its_address_is_gone(client):
    run = run_of(asked_by=at_work(client))

    for _twice in "ab":
        client.post(page("reportrun_end", run))

    run.refresh_from_db()
    assert (run.state, run.file) == ("expired", "")
    assert "Its file was removed." in client.get(page("reportrun_change", run)).content.decode()
    assert client.get(page("reportrun_file", run)).status_code == 404


@pytest.mark.isolation
def test_an_officer_whose_place_was_moved_since_must_run_it_again(client):
    here, there = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    officer = at_work(client, officer=True, place=here)
    run = run_of(asked_by=officer)
    assert client.get(page("reportrun_file", run)).status_code == 200

    RegionRole.objects.filter(person=officer).update(region=there)

    assert client.get(page("reportrun_file", run)).status_code == 404
    assert "Run it again for those of yours." in client.get(page("reportrun_change", run)).content.decode()
    officer.groups.clear()
    assert client.get(page("reportrun_file", run)).status_code in (403, 404)
    assert ReportDownload.objects.count() == 1


@pytest.mark.isolation
@pytest.mark.parametrize(
    ("is_shared", "is_within", "status"), [(False, True, 404), (True, False, 404), (True, True, 200)]
)
def test_what_another_person_asked_for_is_there_only_if_shared_and_within_reach(
    client, is_shared, is_within, status
):
    here, there = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    ListingFactory(vendor=VendorFactory(home_region=here))
    run = run_of(region=here)
    SavedReport.objects.update(is_shared=is_shared)
    at_work(client, officer=True, place=here if is_within else there)

    addresses = [
        page("savedreport_change", run.report),
        page("reportrun_change", run),
        page("reportrun_file", run),
    ]

    assert [client.get(address).status_code for address in addresses] == [status] * 3
    assert client.post(page("reportrun_end", run)).status_code in (403, 404)
    assert client.post(page("savedreport_change", run.report), sent()).status_code in (403, 404)
    run.refresh_from_db()
    assert run.state == "done"


@pytest.mark.isolation
def test_payouts_are_for_finance_officers_only(client):
    run = run_of("payouts", asked_by=PersonFactory(finance=True))
    SavedReport.objects.update(is_shared=True)
    at_work(client, moderator=True)

    assert run.state == "done"
    assert client.get(page("reportrun_file", run)).status_code == 404
    assert client.get(page("savedreport_change", run.report)).status_code == 404
    assert "kind=payouts" not in client.get(ADD).content.decode()
    client.post(f"{ADD}?kind=payouts", sent())
    assert SavedReport.objects.count() == 1


def test_a_deleted_report_leaves_its_runs(client):
    run = run_of(asked_by=at_work(client))

    client.post(page("savedreport_delete", run.report), {"post": "yes", "_reason": "Asked twice"})

    run.refresh_from_db()
    assert (run.report, run.state) == (None, "done")
    assert client.get(page("reportrun_file", run)).status_code == 200


@pytest.mark.parametrize("name", ["savedreport", "reportrun"])
def test_lists_take_equally_many_queries(client, name):
    person = at_work(client)
    address = reverse(f"admin:programme_{name}_changelist")

    def queries():
        ReportRunFactory.create_batch(5, report__owner=person)
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    assert queries() == queries()
