"""Smaller copies of photos, made by the worker."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from catalogue import tasks
from catalogue.models import ProductImage
from catalogue.services.renditions import GRACE, make_renditions
from marketplace.lib.photos import rendition_name
from tests.factories.catalogue import PhotoFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo_of(size=(1600, 1200), name="photos/ab/ab12.webp"):
    out = BytesIO()
    Image.new("RGB", size, (90, 60, 30)).save(out, "WEBP")
    default_storage.save(name, ContentFile(out.getvalue()))
    return PhotoFactory(original=name, has_renditions=False)


def sizes(photo):
    found = []
    for width in (320, 640, 1280):
        with default_storage.open(photo.rendition_name(width)) as file, Image.open(file) as image:
            found.append((image.format, image.size))
    return found


def files(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def test_three_sizes_are_made():
    photo = photo_of()
    assert photo.rendition_name(320) == "photos/ab/ab12.webp"

    tasks.make_renditions(photo.pk)

    photo.refresh_from_db()
    assert (
        photo.rendition_name(320) == rendition_name("photos/ab/ab12.webp", 320) == "photos/ab/ab12-320.webp"
    )
    assert sizes(photo) == [("WEBP", (320, 240)), ("WEBP", (640, 480)), ("WEBP", (1280, 960))]


def test_again_changes_nothing(media):
    photo = photo_of()

    assert [make_renditions(photo.pk), make_renditions(photo.pk)] == [True, False]

    assert len(files(media)) == 4


def test_after_a_worker_that_died_midway(media):
    photo = photo_of()
    make_renditions(photo.pk)
    ProductImage.objects.update(has_renditions=False)

    assert make_renditions(photo.pk)

    assert files(media) == ["ab12-1280.webp", "ab12-320.webp", "ab12-640.webp", "ab12.webp"]


def test_small_photo_is_not_blown_up():
    photo = photo_of(size=(500, 400))

    make_renditions(photo.pk)

    photo.refresh_from_db()
    assert [size for _form, size in sizes(photo)] == [(320, 256), (500, 400), (500, 400)]


def test_photo_that_is_gone_is_passed_over():
    assert not make_renditions(4711)


def test_lost_tasks_are_made_up_for_and_one_lost_file_holds_up_nobody():
    lost = PhotoFactory(original="photos/zz/gone.webp", has_renditions=False)
    photo, fresh = photo_of(), photo_of(name="photos/cd/cd34.webp")
    before = timezone.now() - 2 * GRACE
    ProductImage.objects.filter(pk__in=(lost.pk, photo.pk)).update(date_created=before)

    assert tasks.make_missing_renditions() == 1

    made = ProductImage.objects.filter(has_renditions=True)
    assert list(made) == [photo]
    assert fresh not in made
