"""Old files with listings and photos of refused changes: cleared after their time, never while in use."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue import tasks
from catalogue.models import ImportJob, ImportRow, ListingChange, Product, ProposedPhoto
from catalogue.services import change_review, cleaning, importing
from catalogue.services.changes import SHOWN_WIDTH, private_storage, withdraw
from marketplace.lib.photos import rendition_name
from tests.catalogue.given_files import Shop, file_of
from tests.factories.catalogue import ListingChangeFactory, ProposedPhotoFactory

pytestmark = pytest.mark.django_db
COLUMNS = ("sku", "title", "price")


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def later(monkeypatch):
    """Move the clock on by so many days from now."""
    now = timezone.now()
    return lambda **by: monkeypatch.setattr(timezone, "now", lambda: now + timedelta(**by))


def file_with(sku):
    return file_of({"sku": sku, "title": "Tea", "price": "5"}, columns=COLUMNS)


def test_old_files_go_and_what_they_made_stays(shop, later):
    for take in (shop.take_over, shop.upload):
        take(file_with(f"S{shop.files}"))
    under_way = shop.upload(file_with("BUSY"))
    importing.begin(under_way, shop.person)

    later(days=89)
    assert cleaning.clear_imports() == 0
    later(days=91)
    counts = [cleaning.clear_imports() for _ in range(2)]

    assert counts == [2, 0]
    assert list(ImportJob.objects.all()) == [under_way]
    assert ImportRow.objects.count() == 1
    assert Product.objects.filter(vendor=shop.vendor).count() == 1


def test_file_that_is_begun_beside_the_cleaning_stays(shop, later, monkeypatch):
    job = shop.upload(file_with("A"))
    later(days=91)
    found = cleaning._old_imports

    def begun_meanwhile():
        rows = found()
        list(rows)
        importing.begin(job, shop.person)
        return ImportJob.objects.filter(pk=job.pk)

    monkeypatch.setattr(cleaning, "_old_imports", begun_meanwhile)

    assert cleaning.clear_imports() == 0
    assert ImportJob.objects.get().state == "importing"


def files_of(photo):
    return [private_storage().exists(name) for name in (photo.file, rendition_name(photo.file, SHOWN_WIDTH))]


def test_photos_of_changes_that_ended_go_after_their_time_and_others_stay(shop, later, settings, tmp_path):
    ended, given_up, waiting = (ProposedPhotoFactory(change=ListingChangeFactory()) for _ in range(3))
    change_review.reject(ended.change, shop.person, "Blurred.", version=ended.change.version)
    withdraw(given_up.change, shop.person)

    later(days=29)
    assert cleaning.clear_photos() == 0
    later(days=31)
    counts = [tasks.clear_old_files() for _ in range(2)]

    assert counts == [2, 0]
    assert [files_of(photo) for photo in (ended, given_up, waiting)] == [[False] * 2, [False] * 2, [True] * 2]
    assert list(ProposedPhoto.objects.all()) == [waiting]
    assert set(ListingChange.objects.values_list("state", flat=True)) == {
        "rejected",
        "withdrawn",
        "submitted",
    }


def test_run_that_was_killed_between_file_and_row_is_finished_by_the_next(shop, later):
    photo = ProposedPhotoFactory(change=ListingChangeFactory())
    change_review.reject(photo.change, shop.person, "Blurred.", version=photo.change.version)
    private_storage().delete(photo.file)
    later(days=31)

    assert cleaning.clear_photos() == 1
    assert files_of(photo) == [False, False]
