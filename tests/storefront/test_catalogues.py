"""Translations: what is written is what is compiled."""

import gettext
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
