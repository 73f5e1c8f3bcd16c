"""Words of people in several languages: a row holds its own words in one, and others beside it.

translations: language -> field -> text, of languages other than the row's own, without empty ones.
marks: language -> what is known of these words: "by", "at" (who wrote them, when), "read_by", "read_at" (who speaks the language
and found them right, when), "is_old" (the row's own words have changed since). Keys of people; times in ISO 8601.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.lib.words import plain_words

Translations = dict[str, dict[str, str]]
# First letters of the scripts of our languages, with the language that a text in them is taken to be in.
_SCRIPTS = (("\u0900", "\u097f", "hi"), ("\u0f00", "\u0fff", "dz"), ("\u0e00", "\u0e7f", "th"))


class Said(str):
    """Words as somebody reads them. language: of the words where it is not the reader's, else empty."""

    language: str

    def __new__(cls, text: str, language: str = "") -> Self:
        """The words with their language."""
        words = super().__new__(cls, text)
        words.language = language
        return words


class Translated:
    """A row with words of people. TRANSLATED: the fields that may stand in several languages.

    The model itself names the three fields, by the functions below: Oscar's classes come first among its bases.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ()
    words_language: Any
    translations: Any
    translation_marks: Any

    def said(self, field: str, language: str | None = None) -> Said:
        """A field in the reader's language, else in the row's own; no query. language: the page's when None."""
        wanted = language or get_language() or settings.LANGUAGE_CODE
        text = self.translations.get(wanted, {}).get(field) if wanted != self.words_language else None
        if text:
            return Said(text)
        own = str(getattr(self, field))
        return Said(own, "" if not own or wanted == self.words_language else self.words_language)

    def all_said(self, field: str) -> list[Said]:
        """A field in every language that it stands in, the row's own first."""
        own = [Said(str(getattr(self, field)), self.words_language)]
        others = (Said(words.get(field, ""), code) for code, words in sorted(self.translations.items()))
        return own + [said for said in others if said]


def language_field() -> "models.CharField[str, str]":
    """The language in which a row's own words are written."""
    return models.CharField(_("language of its words"), max_length=8, default="en")


def translations_field() -> "models.JSONField[Any, Any]":
    """The words in other languages."""
    return models.JSONField(_("in other languages"), default=dict, blank=True)


def marks_field() -> "models.JSONField[Any, Any]":
    """What is known of these words."""
    return models.JSONField(
        _("who wrote and read the translations"), default=dict, blank=True, editable=False
    )


def script_language(text: str) -> str:
    """The language that the script of a text tells, by its first letter of such a script; empty for Latin letters."""
    for sign in text:
        for first, last, code in _SCRIPTS:
            if first <= sign <= last:
                return code
    return ""


def clean_translations(
    typed: Mapping[str, Mapping[str, str]], *, own: str, fields: Iterable[str]
) -> Translations:
    """Translations as they are kept: of our languages but the row's own, known fields, plain words, nothing empty."""
    known = list(fields)
    found: Translations = {}
    for code, _name in settings.LANGUAGES:
        words = {name: plain_words(typed.get(code, {}).get(name, "")) for name in known}
        kept = {name: text for name, text in words.items() if text}
        if kept and code != own:
            found[code] = kept
    return found


def write_translations(row: Translated, wanted: Translations, *, is_changed: bool, actor: Any = None) -> None:
    """Put translations into a row that the caller holds and saves, with a mark for each that is new or other.

    is_changed: the row's own words are others now, so that what stays is older than they. actor: who wrote them.
    """
    marks: dict[str, dict[str, Any]] = {}
    for code, words in wanted.items():
        mark = dict(row.translation_marks.get(code, {}))
        if words != row.translations.get(code):
            mark = {"by": getattr(actor, "pk", None), "at": timezone.now().isoformat(timespec="seconds")}
        elif is_changed:
            mark["is_old"] = True
        marks[code] = mark
    row.translations, row.translation_marks = wanted, marks


def mark_read(row: Translated, code: str, *, actor: Any) -> bool:
    """Note that somebody who speaks the language found the words right; the caller holds and saves the row.

    False, and nothing changes, where there are no such words or they were found right before.
    """
    mark = row.translation_marks.get(code, {})
    if code not in row.translations or (mark.get("read_by") and not mark.get("is_old")):
        return False
    kept = {name: value for name, value in mark.items() if name != "is_old"}
    read = {"read_by": actor.pk, "read_at": timezone.now().isoformat(timespec="seconds")}
    row.translation_marks = {**row.translation_marks, code: {**kept, **read}}
    return True


def read_words(row: Translated, code: str) -> str:
    """How the words in a language stand, for staff: read by a speaker, not read, or older than the row's own words."""
    mark = row.translation_marks.get(code, {})
    if mark.get("is_old"):
        return str(_("older than the own words"))
    return str(_("read by a speaker")) if mark.get("read_by") else str(_("not read by a speaker"))


def is_read(row: Translated, code: str) -> bool:
    """Whether a speaker has found the words in a language right, as the row's own words stand."""
    mark = row.translation_marks.get(code, {})
    return bool(mark.get("read_by")) and not mark.get("is_old")
