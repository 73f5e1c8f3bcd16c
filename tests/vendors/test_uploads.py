"""Papers, photos and portraits of a group: hostile until written anew; what is refused leaves nothing."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from marketplace.lib.photos import PictureRefused
from marketplace.lib.uploads import private_storage
from tests.catalogue.test_photos import moving, noise, picture, png_saying
from tests.factories.people import PersonFactory
from tests.factories.vendors import GroupDocumentFactory, GroupPhotoFactory, VendorFactory
from tests.support.race import race
from vendors.errors import ApplicationError, NotNow
from vendors.models import GroupDocument, GroupPerson, GroupPhoto
from vendors.services import documents, story

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
HOSTILE = {
    "empty": b"",
    "text": b"plain words",
    "html": b"<html><img src=x onerror=alert(1)></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "pdf": PDF,
    "pdf behind blanks": b"\n\n" + PDF,
    "zip": b"PK\x03\x04" + b"\0" * 200,
    "program": b"MZ" + b"\0" * 200,
    "broken gif": b"GIF89a" + b"\0" * 200,
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "eps": picture("EPS"),
    "cut jpeg": noise()[:9000],
    "cut png": picture("PNG")[:200],
    "cut webp": picture("WEBP")[:60],
    "144 megapixels": png_saying(12_000, 12_000),
    "png without pixels": png_saying(2000, 2000),
    "sliver": picture(size=(600, 20)),
    "moving png": moving("PNG"),
    "moving webp": moving("WEBP"),
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Both storages of one test, empty at the start."""
    private = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "private"},
    }
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {**settings.STORAGES, "private": private}
    return tmp_path


@pytest.fixture
def vendor():
    return VendorFactory(draft=True)


def upload(content, name="paper.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def files(media):
    return [path for path in media.rglob("*") if path.is_file()]


def add_paper(vendor, content):
    return documents.add_document(vendor, upload(content), kind="identity", number="1", actor=PersonFactory())


def add_person(vendor, content, key="k"):
    return story.save_person(
        vendor,
        None,
        form_key=key,
        name="Yangzom",
        work="",
        has_consent=True,
        portrait=upload(content),
        actor=PersonFactory(),
    )


@pytest.mark.parametrize(
    "door",
    [add_paper, lambda vendor, content: story.add_photo(vendor, upload(content)), add_person],
    ids=["paper", "photo", "portrait"],
)
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_picture_is_refused_with_a_reason_and_nothing_is_kept(media, vendor, door, content):
    with pytest.raises(PictureRefused) as refused:
        door(vendor, content)

    assert str(refused.value.message).endswith(".")
    assert not GroupDocument.objects.exists()
    assert not GroupPhoto.objects.exists()
    assert not GroupPerson.objects.exists()
    assert files(media) == []


def test_paper_is_written_anew_where_no_address_leads(media, vendor):
    content = picture(comment=b"taken at home") + b"<script>alert(1)</script>"

    paper = add_paper(vendor, content)

    raw = private_storage().open(paper.name).read()
    assert paper.name.startswith("papers/")
    assert (b"script" in raw, b"at home" in raw) == (False, False)
    assert Image.open(io.BytesIO(raw)).format == "WEBP"
    assert not default_storage.exists(paper.name)


def test_portrait_is_cut_square_and_the_old_one_goes(media, vendor):
    person = add_person(vendor, picture(size=(900, 600)))
    old = person.portrait
    with default_storage.open(old) as file, Image.open(file) as image:
        assert image.size == (story.PORTRAIT_EDGE, story.PORTRAIT_EDGE)

    add_person(vendor, picture(size=(600, 900)))

    person.refresh_from_db()
    assert person.portrait != old
    assert not default_storage.exists(old)
    assert len(files(media)) == 1


@pytest.mark.django_db(transaction=True)
def test_page_sent_four_times_at_once_is_kept_once(media):
    vendor, actor, content = VendorFactory(draft=True), PersonFactory(), picture()

    outcomes = race(
        lambda: documents.add_document(vendor, upload(content), kind="identity", number="1", actor=actor),
        contenders=4,
    )

    assert outcomes == [None] * 4
    assert GroupDocument.objects.count() == 1
    assert len(files(media)) == 1


def test_too_many_are_refused_and_leave_no_file(media, vendor):
    GroupPhotoFactory.create_batch(story.MOST_PHOTOS, vendor=vendor)
    GroupDocumentFactory.create_batch(documents.MOST_DOCUMENTS, vendor=vendor)

    with pytest.raises(ApplicationError, match="at most 8"):
        story.add_photo(vendor, upload(picture()))
    with pytest.raises(ApplicationError, match="At most 20"):
        add_paper(vendor, picture())

    assert GroupPhoto.objects.count() == story.MOST_PHOTOS
    assert GroupDocument.objects.count() == documents.MOST_DOCUMENTS
    assert files(media) == []


def test_closed_group_takes_nothing_in(media):
    closed = VendorFactory(closed=True)

    for door in (add_paper, add_person):
        with pytest.raises(NotNow):
            door(closed, picture())

    assert files(media) == []


def test_renditions_are_made_once_and_go_with_the_photo(media, vendor):
    photo = story.add_photo(vendor, upload(picture(size=(2000, 1000))))
    assert photo.srcset == ""

    assert story.make_renditions(photo.pk)
    assert not story.make_renditions(photo.pk)
    photo.refresh_from_db()
    assert len(files(media)) == 4
    assert "-320.webp 320w" in photo.srcset

    story.remove_photo(photo)
    story.remove_photo(photo)
    assert files(media) == []


def test_picture_that_a_group_only_shares_stays(media, vendor):
    name = default_storage.save("photos/drawn-1280.webp", upload(picture()))
    photo = GroupPhotoFactory(vendor=vendor, original="photos/drawn.webp")

    story.remove_photo(photo)

    assert default_storage.exists(name)
