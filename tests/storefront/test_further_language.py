"""A further language is one line of the settings: pages, forms and snapshots follow (docs/languages.md)."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as project

from marketplace.lib.translated import clean_translations
from tests.factories.catalogue import ListingFactory

# What a module computes when it is read is asked in a process of its own.
ASKED = """
import marketplace.settings.base as base
base.LANGUAGES.append(("th", "Thai"))
import django
django.setup()
from catalogue.imports.columns import NAMES
from catalogue.selectors.snapshots import FIELDS
from dashboard.group_forms import StoryForm
from django.core.management import call_command
from vendors.selectors.group_changes import WORDS
call_command("check")
assert "title_th" in NAMES, NAMES
assert str(FIELDS["title:th"]) == "name (Thai)", FIELDS
assert "story:th" in WORDS and "story:th" in StoryForm().fields
"""


@pytest.mark.django_db
def test_pages_open_in_a_language_that_only_the_settings_name(client, settings):
    settings.LANGUAGES = [*project.LANGUAGES, ("th", "Thai")]
    listing = ListingFactory(translations={"th": {"title": "ข้าวแดง"}})

    for address in ("/th/", "/th/places/", "/th/basket/", f"/th{listing.get_absolute_url()}"):
        answer = client.get(address)
        html = answer.content.decode()
        assert answer.status_code == 200, address
        assert re.search(r'<html lang="(\w+)"', html)[1] == "th"
        assert "ไทย" in html

    assert "<h1>ข้าวแดง</h1>" in html
    assert clean_translations({"th": {"title": "x"}}, own="en", fields=["title"]) == {"th": {"title": "x"}}


def test_forms_files_and_changes_have_its_fields():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASKED],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "marketplace.settings.test"},
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
