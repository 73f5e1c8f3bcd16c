"""Files that are no photos, sent through the form of a listing: each refused with words, none kept anywhere."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from catalogue.models import ListingChange, ProductImage, ProposedPhoto
from catalogue.services import changes
from tests.factories.catalogue import ListingFactory, PhotoFactory
from tests.support.hostile import HOSTILE, SCRIPT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Everything that is stored lies here."""
    settings.MEDIA_ROOT = tmp_path / "public"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private", "base_url": None},
        },
    }
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


def upload(hostile):
    return SimpleUploadedFile(hostile.name, hostile.make(), content_type=hostile.kind)


def sent(listing, hostile):
    return {
        "title": listing.title,
        "region": listing.region_id,
        "price": "250",
        "units": "10",
        "seen": "10",
        "photos": upload(hostile),
        "do": "save",
    }


@pytest.mark.parametrize("which", [name for name, each in HOSTILE.items() if each.words])
def test_it_is_refused_with_words_and_nothing_is_kept(desk, listing, folders, which):
    hostile = HOSTILE[which]
    draft = ListingFactory(draft=True, vendor=listing.vendor)
    PhotoFactory(product=listing)
    photos = ProductImage.objects.count()

    answers = [
        desk.post(reverse("dashboard-listing-detail", args=[row.pk]), sent(row, hostile))
        for row in (draft, listing)
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert hostile.words in answer.context["form"].errors["photos"][0]
    assert folders() == []
    assert ProductImage.objects.count() == photos
    assert not ProposedPhoto.objects.exists()
    assert not ListingChange.objects.exists()


@pytest.mark.parametrize("which", [name for name, each in HOSTILE.items() if not each.words])
def test_good_pixels_are_written_anew_and_nothing_else_is_kept(desk, listing, folders, which):
    hostile = HOSTILE[which]
    draft = ListingFactory(draft=True, vendor=listing.vendor)

    desk.post(reverse("dashboard-listing-detail", args=[draft.pk]), sent(draft, hostile))

    stored = draft.images.get()
    with default_storage.open(stored.original.name) as file:
        content = file.read()
        file.seek(0)
        with Image.open(file) as image:
            image.load()
            assert (image.format, image.size) == ("WEBP", (400, 300))
    assert SCRIPT not in content
    assert all(path.suffix == ".webp" and path.parent.parent.name == "photos" for path in folders())


def test_photo_of_a_change_is_written_anew_before_it_waits(desk, listing, folders):
    PhotoFactory(product=listing)

    hostile = HOSTILE["picture that is a page too"]
    desk.post(reverse("dashboard-listing-detail", args=[listing.pk]), sent(listing, hostile))

    change = ListingChange.objects.get()
    with changes.private_storage().open(change.photos.get().file) as file:
        assert SCRIPT not in file.read()
