"""The words of a group's page, written in every language at once."""

from collections.abc import Mapping
from typing import Any

from marketplace.lib.translated import clean_translations, write_translations
from vendors.models import Partner
from vendors.selectors.group_changes import TRANSLATED, words_of

FIELDS = (*Partner.TRANSLATED, "words_language", "translations", "translation_marks")


def write_group_words(locked: Partner, words: Mapping[str, str], *, actor: Any) -> None:
    """Write these words, named as in a change; those left out stay. The caller holds the group's row."""
    before = words_of(locked)
    wanted = {**before, **words}
    typed: dict[str, dict[str, str]] = {}
    for field, (name, code) in TRANSLATED.items():
        typed.setdefault(code, {})[name] = wanted[field]
    for name in (*Partner.TRANSLATED, "words_language"):
        setattr(locked, name, wanted[name])
    kept = clean_translations(typed, own=locked.words_language, fields=Partner.TRANSLATED)
    is_changed = any(wanted[name] != before[name] for name in Partner.TRANSLATED)
    write_translations(locked, kept, is_changed=is_changed, actor=actor)
    locked.save(update_fields=FIELDS)
