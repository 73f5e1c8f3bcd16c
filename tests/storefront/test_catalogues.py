"""Translations: what is written is what is compiled."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_holds_what_is_written(language):
    folder = Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as written, (folder / "django.mo").open("rb") as compiled:
        wanted = {
            (row.context, row.id): row.string
            for row in read_po(written)
            if row.id and row.string and isinstance(row.id, str)
        }
        found = gettext.GNUTranslations(compiled)

    assert wanted
    compiled_texts = {
        (context, text): found.pgettext(context, text) if context else found.gettext(text)
        for context, text in wanted
    }
    assert compiled_texts == wanted


# "%(name)s", "{name}", "%s" and the elements that a text has inside.
PLACES = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+")


def places(text):
    return set(PLACES.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_has_the_places_of_its_original(language):
    faults = []
    with (Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as written:
        rows = [row for row in read_po(written) if row.id and row.string]
    for row in rows:
        if isinstance(row.id, str):
            if places(row.id) != places(row.string):
                faults.append((row.id, row.string))
            continue
        # A form of one may leave the number out, and no form has a place that neither original has.
        one, many = (places(text) for text in row.id)
        faults += [
            (row.id, form) for form in row.string if form and not (one & many <= places(form) <= one | many)
        ]

    assert rows
    assert faults == []
