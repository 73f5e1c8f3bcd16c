"""Uploads are hostile until decoded, measured and written anew."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalogue.errors import ListingLocked, PhotoRefused
from catalogue.models import ProductImage
from catalogue.services import photos
from catalogue.services.photos import add_photo, remove_photo
from tests.factories.catalogue import ListingFactory, PhotoFactory

pytestmark = pytest.mark.django_db
RED, BLUE = (200, 30, 30), (20, 40, 200)
EXIF_ORIENTATION, EXIF_GPS = 0x0112, 0x8825


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def listing():
    return ListingFactory(draft=True)


def picture(form="JPEG", size=(600, 400), colour=RED, mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, form, **options)
    return out.getvalue()


def noise(size=(600, 400)):
    out = BytesIO()
    Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3)).save(out, "JPEG")
    return out.getvalue()


def upload(content, name="photo.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, kind)


def stored(photo):
    with default_storage.open(photo.original.name) as file, Image.open(file) as image:
        image.load()
        return image


def png_saying(width, height):
    """A PNG whose header claims these measures, with next to nothing inside."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def moving(form):
    out = BytesIO()
    first, second = (Image.new("RGB", (200, 200), colour) for colour in (RED, BLUE))
    first.save(out, form, save_all=True, append_images=[second], duration=80)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_photo_is_written_anew_as_webp(listing, form, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(photos, "enqueue", lambda task, **keys: sent.append((task, keys)))

    photo = add_photo(listing, upload(picture(form), name="../../etc/passwd.php"), alt_text=" A jar ")

    image = stored(photo)
    assert (image.format, image.size, (photo.width, photo.height)) == ("WEBP", (600, 400), (600, 400))
    assert photo.original.name.startswith("photos/")
    assert "passwd" not in photo.original.name
    assert (photo.alt_text, photo.display_order, photo.has_renditions) == ("A jar", 0, False)
    assert sent == [("catalogue.make_renditions", {"photo_pk": photo.pk})]


def test_photos_stand_in_the_order_they_came(listing):
    orders = [add_photo(listing, upload(picture())).display_order for _ in range(3)]

    assert orders == [0, 1, 2]


def test_place_where_it_was_taken_is_forgotten(listing):
    exif = Image.Exif()
    exif[EXIF_GPS] = {1: "N", 2: (27.0, 28.0, 0.0), 3: "E", 4: (89.0, 38.0, 0.0)}
    exif[0x010F] = "A phone of somebody"
    content = picture(exif=exif, comment=b"taken at home")
    assert b"somebody" in content

    photo = add_photo(listing, upload(content))

    image = stored(photo)
    raw = default_storage.open(photo.original.name).read()
    assert not image.getexif()
    assert "exif" not in image.info
    assert b"somebody" not in raw
    assert b"at home" not in raw


def test_photo_taken_sideways_is_turned_upright(listing):
    half = Image.new("RGB", (400, 200), RED)
    half.paste(BLUE, (200, 0, 400, 200))
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    out = BytesIO()
    half.save(out, "JPEG", exif=exif, quality=95)

    image = stored(add_photo(listing, upload(out.getvalue())))

    assert image.size == (200, 400)
    assert image.getpixel((100, 20))[0] > 150
    assert image.getpixel((100, 380))[2] > 150


def test_transparent_parts_become_white(listing):
    image = stored(add_photo(listing, upload(picture("PNG", colour=(0, 0, 0, 0), mode="RGBA"))))

    assert min(image.getpixel((300, 200))) > 250


@pytest.mark.parametrize(("mode", "colour"), [("CMYK", (0, 0, 0, 255)), ("L", 12)])
def test_other_colour_models_become_rgb(listing, mode, colour):
    image = stored(add_photo(listing, upload(picture(mode=mode, colour=colour))))

    assert image.mode == "RGB"


def test_large_photo_is_made_smaller(listing):
    photo = add_photo(listing, upload(picture(size=(4000, 3000))))

    assert (photo.width, photo.height) == (2560, 1920)


def test_page_hidden_behind_a_picture_is_gone(listing):
    polyglot = picture(comment=b"<script>alert(1)</script>") + b"<html><script>alert(2)</script></html>"

    photo = add_photo(listing, upload(polyglot, name="x.html", kind="text/html"))

    assert b"<script" not in default_storage.open(photo.original.name).read()
    assert photo.original.name.endswith(".webp")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"plain words", "cannot be read"),
        (b"<html><img src=x onerror=alert(1)></html>", "cannot be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "cannot be read"),
        (b"GIF89a" + b"\0" * 200, "cannot be read"),
        (picture("TIFF"), "cannot be read"),
        (picture("BMP"), "cannot be read"),
        (picture("EPS"), "cannot be read"),
        (picture("GIF", mode="L", colour=9), "cannot be read"),
        (noise()[:9000], "cannot be read"),
        (picture("PNG")[:200], "cannot be read"),
        (picture("WEBP")[:60], "cannot be read"),
        (png_saying(12_000, 12_000), "million pixels"),
        (png_saying(40_000, 40_000), "million pixels"),
        (png_saying(2000, 2000), "cannot be read"),
        (picture(size=(600, 20)), "too small"),
        (moving("PNG"), "moves"),
        (moving("WEBP"), "moves"),
    ],
    ids=[
        "empty", "text", "html", "svg", "broken-gif", "tiff", "bmp", "eps", "gif", "cut-jpeg", "cut-png", "cut-webp",
        "144-megapixels", "1600-megapixels", "png-without-pixels", "sliver", "moving-png", "moving-webp",
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_and_nothing_kept(listing, media, content, words):
    with pytest.raises(PhotoRefused, match=words):
        add_photo(listing, upload(content))

    assert not ProductImage.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_large_file_is_refused_unread(listing, settings):
    settings.PHOTO_MAX_BYTES = 1024 * 1024
    file = upload(picture() + b"\0" * settings.PHOTO_MAX_BYTES)

    with pytest.raises(PhotoRefused, match="larger than 1 MB"):
        add_photo(listing, file)

    assert not ProductImage.objects.exists()


def test_ninth_photo_is_refused(listing):
    PhotoFactory.create_batch(photos.MOST_PHOTOS, product=listing)

    with pytest.raises(PhotoRefused, match="at most 8"):
        add_photo(listing, upload(picture()))

    assert listing.images.count() == photos.MOST_PHOTOS


@pytest.mark.parametrize("trait", ["submitted", None])
def test_photos_stay_while_a_moderator_or_shoppers_look_at_them(trait):
    listing = ListingFactory(**({trait: True} if trait else {}))
    before = listing.images.count()

    with pytest.raises(ListingLocked):
        add_photo(listing, upload(picture()))

    assert listing.images.count() == before


def test_file_goes_when_the_row_cannot_be_written(listing, media, monkeypatch):
    def broken(*_args, **_keys):
        raise RuntimeError("database gone")

    monkeypatch.setattr(photos, "_write_row", broken)

    with pytest.raises(RuntimeError):
        add_photo(listing, upload(picture()))

    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_removed_photo_leaves_no_file(listing, media):
    photo = add_photo(listing, upload(picture()))

    remove_photo(photo)

    assert not ProductImage.objects.exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []
