"""Listings as a file: download, hand in, look, decide, correct."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalogue.models import ImportJob, Product
from catalogue.services import importing
from tests.dashboard.given import member_of, queries_of
from tests.factories.catalogue import ListingFactory
from vendors.models import Membership

pytestmark = pytest.mark.django_db
FILES = reverse("dashboard-file")
CONTENT = b"sku,title,price\nA,Tea,5\nB,,free\n"


def hand_in(client, content=CONTENT, form="t", name="list.csv"):
    return client.post(FILES, {"file": SimpleUploadedFile(name, content), "token": form})


def page_of(job):
    return reverse("dashboard-file-job", args=[job.pk])


@pytest.fixture
def job(desk):
    """A file with one good and one bad row, looked through."""
    hand_in(desk)
    found = ImportJob.objects.get()
    importing.run(found.pk)
    return found


def test_file_is_looked_through_decided_about_and_taken_over(desk, job):
    looked = desk.get(page_of(job)).content.decode()
    begun = [desk.post(page_of(job), {"do": "begin"}).status_code for _ in range(2)]
    working = desk.get(page_of(job))
    importing.run(job.pk)
    done = desk.get(page_of(job))

    assert "Take over the 1 good row" in looked
    assert "Row 3" in looked
    assert "Write the price in figures only" in looked
    assert begun == [302, 302]
    assert (working["Refresh"], done.headers.get("Refresh")) == ("3", None)
    assert Product.objects.get(title="Tea").state == "draft"
    assert "New listings are drafts." in done.content.decode()


def test_form_sent_twice_makes_one_file(desk):
    answers = [hand_in(desk).url for _ in range(2)]

    assert ImportJob.objects.count() == 1
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04zip", "choose Save as, then CSV UTF-8"),
        (b"colour\nred\n", "The first row must name the columns"),
        (b"sku\n" + b"A,\n" * 2_000_000, "The file is larger than 5 MB"),
    ],
)
def test_file_that_is_none_is_refused_with_words(desk, content, words):
    page = hand_in(desk, content)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not ImportJob.objects.exists()


def test_error_file_holds_the_bad_rows_with_the_reason(desk, job):
    answer = desk.get(reverse("dashboard-file-errors", args=[job.pk]))

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "sku,title,price,reason"
    assert lines[1].startswith("B,,free,")
    assert len(lines) == 2
    assert answer["Content-Disposition"].startswith("attachment")


def test_packer_takes_files_along_and_hands_none_in(client, listing, desk, job):
    client.force_login(member_of(listing.vendor, Membership.Role.PACKER))

    assert hand_in(client).status_code == 403
    assert client.post(page_of(job), {"do": "begin"}).status_code == 403
    assert client.get(reverse("dashboard-file-export")).status_code == 200
    job.refresh_from_db()
    assert job.state == "checked"


def test_stopped_file_cannot_be_taken_over(desk, job):
    desk.post(page_of(job), {"do": "stop"})
    page = desk.post(page_of(job), {"do": "begin"}, follow=True)

    assert "This was decided meanwhile." in page.content.decode()
    assert not Product.objects.filter(title="Tea").exists()


def test_template_handed_in_as_it_is_makes_one_draft_with_two_sizes(desk, listing):
    content = desk.get(reverse("dashboard-file-template")).content
    hand_in(desk, content)
    job = ImportJob.objects.get()
    importing.run(job.pk)

    assert list(job.rows.values_list("plan", "head")) == [("new", None), ("new", 2)]


def test_pages_take_as_many_queries_for_many_rows_as_for_one(desk, listing, job):
    export = reverse("dashboard-file-export")
    # The first page chooses the group, which is kept.
    desk.get(page_of(job))
    before = queries_of(desk, page_of(job)), queries_of(desk, FILES), queries_of(desk, export)
    hand_in(desk, b"sku\n" + b"\n".join(b"B%d" % n for n in range(20)), form="u")
    other = ImportJob.objects.latest("pk")
    importing.run(other.pk)
    for _ in range(5):
        ListingFactory(vendor=listing.vendor)

    assert (queries_of(desk, page_of(other)), queries_of(desk, FILES), queries_of(desk, export)) == before
