"""Fixtures of the catalogue's tests."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


@pytest.fixture
def files(settings, tmp_path):
    """Photos of a test lie in its own folders; names of what is stored in the public and the private one."""
    public, private = tmp_path / "public", tmp_path / "private"
    settings.MEDIA_ROOT = public
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": private, "base_url": None},
        },
    }

    def stored(folder):
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    return lambda: (stored(public), stored(private))


@pytest.fixture
def photo():
    """Makes an upload that is a photo, of one colour."""

    def make(colour="firebrick"):
        out = BytesIO()
        Image.new("RGB", (400, 300), colour).save(out, "JPEG")
        return SimpleUploadedFile("photo.jpg", out.getvalue(), content_type="image/jpeg")

    return make
