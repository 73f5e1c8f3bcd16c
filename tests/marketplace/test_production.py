"""Settings for real use, read in a process of their own."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
SECRETS = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "SITE_URL": "https://shop.example",
    "ALLOWED_HOSTS": "shop.example",
    "STRIPE_API_KEY": "sk_test_none",
    "STRIPE_WEBHOOK_SECRETS": "whsec_none",
    "DJANGO_SETTINGS_MODULE": "marketplace.settings.production",
}
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.core.files.storage import default_storage
sources = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]
print(json.dumps({"photo": default_storage.url("photos/ab12.webp"), "sources": [str(each) for each in sources]}))
"""


def started(**settings):
    environment = {"PATH": os.environ["PATH"], **SECRETS, **settings}
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        ({"S3_PUBLIC_DOMAIN": "media.example"}, "https://media.example"),
        ({"S3_ENDPOINT_URL": "https://s3.example:9000/"}, "https://s3.example:9000"),
        ({}, "https://photos.s3.amazonaws.com"),
    ],
)
def test_photos_of_the_object_storage_may_be_shown(settings, origin):
    bucket = {"S3_BUCKET": "photos", "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}

    answer = json.loads(started(**bucket, **settings).stdout)

    assert answer["photo"].startswith(f"{origin}/")
    assert answer["sources"] == ["'self'", "data:", origin]


def test_without_object_storage_only_our_own_pictures_are_shown(tmp_path):
    answer = json.loads(started(VAR_DIR=str(tmp_path)).stdout)

    assert answer == {"photo": "/media/photos/ab12.webp", "sources": ["'self'", "data:"]}


@pytest.mark.parametrize("name", sorted(set(SECRETS) - {"DJANGO_SETTINGS_MODULE"}))
def test_it_does_not_start_without_its_secrets(name):
    answer = started(**{name: ""})

    assert answer.returncode != 0
    assert name in answer.stderr


def test_the_access_log_holds_no_query():
    # It holds the key of a guest's link to an order.
    written = runpy.run_path(str(PROJECT / "deploy" / "gunicorn.conf.py"))["access_log_format"]

    assert "%(U)s" in written
    assert not [part for part in ("%(r)s", "%(q)s", "%(f)s", "%({raw_uri}e)s") if part in written]
