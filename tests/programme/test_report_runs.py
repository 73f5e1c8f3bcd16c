"""The worker's part of a report: twins, killed workers, tries, progress, files that appear whole and are removed in time."""

import errno
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.models import ReportRun
from programme.services import report_runs
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.reports import ReportRunFactory
from tests.factories.vendors import VendorFactory
from tests.programme.given_reports import files_of, rows_of, run_of, text_of
from tests.support.race import pause, race

pytestmark = pytest.mark.django_db

State = ReportRun.State


class Died(BaseException):
    """As when a worker is killed: nothing catches it."""


def dies(*_args, **_values):
    raise Died


def later(monkeypatch, span):
    """Move the clock."""
    now = timezone.now() + span
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_run_goes_from_queued_to_done_and_says_how_much_it_holds():
    listing = ListingFactory(title="Red rice")

    run = run_of()

    assert (run.state, run.row_count, run.rows_done, run.rows_expected, run.tries) == ("done", 1, 1, 1, 1)
    assert [row["Listing number"] for row in rows_of(run)] == [str(listing.pk)]
    assert run.size == len(text_of(run).encode())
    assert text_of(run).startswith("\ufeffListing number,Listing,State,")
    assert run.expires_at - run.finished_at == timedelta(days=7)
    assert files_of(run) == [f"{run.pk}-1.csv"]


def test_made_twice_it_is_made_once():
    run = run_of()

    assert report_runs.make(run.pk) is False
    assert report_runs.make_waiting() == 0
    run.refresh_from_db()
    assert run.tries == 1


def unguarded_claim(seen, now):
    ReportRun.objects.filter(pk=seen.pk).update(
        state=State.RUNNING, tries=seen.tries + 1, lease_until=now + report_runs.LEASE
    )
    return True


@pytest.mark.parametrize(("guarded", "written"), [(True, 1), (False, 4)], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_twins_write_a_run_once(guarded, written, monkeypatch):
    ListingFactory()
    run = ReportRunFactory()
    writes = []
    write, claim = report_runs._write, report_runs._claim if guarded else unguarded_claim

    def claim_together(seen, now):
        # All have seen that it waits before the first takes it.
        pause()
        return claim(seen, now)

    monkeypatch.setattr(report_runs, "_claim", claim_together)
    monkeypatch.setattr(report_runs, "_write", lambda taken: (writes.append(taken.tries), write(taken)))

    outcomes = race(lambda: report_runs.make(run.pk), contenders=4)

    run.refresh_from_db()
    assert outcomes == [None] * 4
    assert len(writes) == written
    assert run.state == "done"
    assert len(files_of(run)) == 1


def test_a_worker_killed_in_the_middle_leaves_no_file_and_its_run_is_made_after_the_lease(monkeypatch):
    ListingFactory.create_batch(3)
    monkeypatch.setattr(report_runs, "CHUNK", 2)
    run = ReportRunFactory()
    with monkeypatch.context() as patch:
        patch.setattr(report_runs, "_attach", dies)
        with pytest.raises(Died):
            report_runs.make(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_done, run.rows_expected, run.file) == ("running", 3, 3, "")
    assert files_of(run) == []

    # The broker hands the message out again at once; the lease still holds.
    assert report_runs.make(run.pk) is False
    later(monkeypatch, report_runs.LEASE + timedelta(seconds=1))
    assert report_runs.make_waiting() == 1

    run.refresh_from_db()
    assert (run.state, run.tries, run.row_count) == ("done", 2, 3)


def test_a_file_stored_by_a_worker_that_died_before_naming_it_is_removed_by_the_next(monkeypatch):
    run = ReportRunFactory()
    report_runs.report_storage().save(f"reports/{run.pk}-1.csv", ContentFile(b"half"))
    now = timezone.now()
    ReportRun.objects.filter(pk=run.pk).update(state="running", tries=1, lease_until=now)

    assert report_runs.make_waiting() == 1

    assert files_of(run) == [f"{run.pk}-2.csv"]


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(monkeypatch):
    ListingFactory()
    run = ReportRunFactory()
    go_on, calls = report_runs._go_on, []

    def overtaken(held, **progress):
        if not calls:
            calls.append(progress)
            # Meanwhile the lease ran out, and a second worker has taken and made it.
            ReportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())
            assert report_runs.make(run.pk) is True
        go_on(held, **progress)

    monkeypatch.setattr(report_runs, "_go_on", overtaken)

    assert report_runs.make(run.pk) is False
    run.refresh_from_db()
    assert (run.state, run.tries, run.row_count) == ("done", 2, 1)
    assert files_of(run) == [f"{run.pk}-2.csv"]


def test_a_stopped_run_is_given_up_by_its_worker_and_leaves_no_file(monkeypatch):
    ListingFactory()
    run = ReportRunFactory()
    attach = report_runs._attach

    def stopped_before(held, *args, **values):
        assert report_runs.end(run, actor=run.asked_by) is True
        attach(held, *args, **values)

    monkeypatch.setattr(report_runs, "_attach", stopped_before)

    assert report_runs.make(run.pk) is False
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", f"Stopped by {run.asked_by}.")
    assert files_of(run) == []


def test_a_run_that_is_stopped_after_the_disk_was_full_leaves_no_half_of_a_file(monkeypatch):
    ListingFactory()
    run, storage = ReportRunFactory(), report_runs.report_storage()

    def is_full(name, _content):
        storage.save(name, ContentFile(b"half"))
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(
            report_runs, "report_storage", lambda: SimpleNamespace(save=is_full, delete=storage.delete)
        )
        assert report_runs.make(run.pk) is False
    assert files_of(run) == [f"{run.pk}-1.csv"]

    assert report_runs.end(run, actor=run.asked_by)

    run.refresh_from_db()
    assert (run.state, files_of(run)) == ("failed", [])


def test_after_three_tries_it_fails_and_says_so(monkeypatch):
    run = ReportRunFactory()
    monkeypatch.setattr(report_runs, "_write", lambda _run: 1 / 0)

    assert [report_runs.make_waiting() for _try in range(4)] == [0, 0, 0, 0]

    run.refresh_from_db()
    assert (run.state, run.tries) == ("failed", 3)
    assert run.error.startswith("It could not be made, though it was tried 3 times. Narrow it")


def test_more_rows_than_fit_are_refused_in_words(monkeypatch):
    ListingFactory.create_batch(2)
    monkeypatch.setattr(report_runs, "MOST_ROWS", 1)

    run = run_of()

    assert run.error == "The report would have 2 rows, and at most 1 fit. Choose a place or more filters."


def test_progress_is_said_between_chunks(monkeypatch):
    ListingFactory.create_batch(5)
    monkeypatch.setattr(report_runs, "CHUNK", 2)
    go_on, seen = report_runs._go_on, []

    def noted(run, **progress):
        go_on(run, **progress)
        seen.append(ReportRun.objects.get(pk=run.pk).percent)

    monkeypatch.setattr(report_runs, "_go_on", noted)
    run = run_of()

    assert seen == [0, 40, 80, 100]
    assert len(rows_of(run)) == 5


def test_files_are_removed_in_time_and_rows_stay(monkeypatch):
    run = run_of()
    assert report_runs.expire(timezone.now()) == 0

    later(monkeypatch, timedelta(days=7, seconds=1))

    assert [report_runs.expire(timezone.now()) for _ in "ab"] == [1, 0]
    run.refresh_from_db()
    assert (run.state, run.file, run.row_count) == ("expired", "", 0)
    assert files_of(run) == []


def test_the_database_refuses_a_run_that_is_done_without_a_file():
    run = ReportRunFactory()

    with pytest.raises(IntegrityError, match="report_run_done_has_file"):
        ReportRun.objects.filter(pk=run.pk).update(state="done")


@pytest.mark.isolation
def test_rows_are_those_of_the_places_of_whoever_asked_at_that_moment():
    here, there = RegionFactory(), RegionFactory()
    ListingFactory(title="Here", vendor=VendorFactory(home_region=here))
    ListingFactory(title="There", vendor=VendorFactory(home_region=there))
    officer = PersonFactory(officer=True, place=here.parent)
    nobody = PersonFactory(officer=True, place=False)

    runs = [run_of(asked_by=person) for person in (officer, PersonFactory(moderator=True), nobody)]
    narrowed = run_of(region=there)
    foreign = run_of(asked_by=officer, region=there)

    assert [row["Listing"] for row in rows_of(runs[0])] == ["Here"]
    assert [run.places for run in (*runs[:2], narrowed)] == [[here.parent.path], [""], [there.path]]
    assert [row["Listing"] for row in rows_of(runs[1])] == ["Here", "There"]
    assert [row["Listing"] for row in rows_of(narrowed)] == ["There"]
    assert {run.error for run in (runs[2], foreign)} == {
        "You do not work in the place of this report (any more)."
    }


@pytest.mark.isolation
def test_a_right_that_was_taken_away_before_the_run_makes_no_file():
    person = PersonFactory(officer=True)
    run = ReportRunFactory(report__owner=person)
    person.groups.clear()

    report_runs.make(run.pk)

    run.refresh_from_db()
    assert run.error == "You may not have such a report made (any more)."
    assert files_of(run) == []


def test_a_place_that_has_ended_fails_the_run_instead_of_widening_it():
    place = RegionFactory(name="Khoma")
    ListingFactory(vendor=VendorFactory(home_region=place))
    place.ended_on = timezone.localdate()
    place.save()

    run = run_of(region=place)

    assert run.error.startswith("The place Khoma of this report ended on ")


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"product": "987654"}, "Product that the place is known for: No list of the programme has such a"),
        ({"category": "987654"}, "Kind of goods: This kind of goods is not there any more."),
        ({"state": "sold"}, "State of the listing: Select a valid choice."),
        ({"colour": "red"}, "There is no filter “colour” any more."),
    ],
)
def test_a_filter_whose_thing_is_gone_fails_the_run_instead_of_widening_it(filters, said):
    ListingFactory()

    run = run_of(filters=filters)

    assert run.state == "failed"
    assert said in run.error
    assert run.error.endswith("Change the report, then run it again.")


def test_every_chunk_takes_equally_many_queries(monkeypatch):
    monkeypatch.setattr(report_runs, "CHUNK", 2)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            run_of()
        return len(found)

    ListingFactory.create_batch(2)
    queries()
    two = queries()
    ListingFactory.create_batch(2)
    four = queries()
    ListingFactory.create_batch(2)

    assert queries() - four == four - two == 3
