"""Words in another language than that of the page, marked for whoever hears it read out."""

import re
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from marketplace.lib.translated import Said, script_language

_LATIN = re.compile("[A-Za-z]")


def foreign_language(words: object) -> str:
    """Code of the language of some words where it is not the page's, else empty.

    Words that do not know their language, such as those that an order has kept or that have no translation, are told by
    their script; Latin letters are taken for English.
    """
    text = str(words)
    code = words.language if isinstance(words, Said) else script_language(text)
    if not code and not isinstance(words, Said) and _LATIN.search(text):
        code = settings.LANGUAGE_CODE
    return "" if code == get_language() else code


def marked(words: object) -> SafeString:
    """The words as HTML, inside an element that tells their language where it is not the page's.

    HTML stays as it is: what is foreign in it was marked where it was put together.
    """
    if isinstance(words, SafeString):
        return words
    code = foreign_language(words)
    return format_html('<span lang="{}">{}</span>', code, words) if code else conditional_escape(str(words))


def filled(text: str, **words: Any) -> SafeString:
    """A text of ours as HTML, its gaps ("%(title)s") filled with words of people, each marked, and with numbers.

    text: translated already, without HTML.
    """
    gaps = {name: word if isinstance(word, int) else marked(word) for name, word in words.items()}
    return mark_safe(conditional_escape(text) % gaps)  # noqa: S308 - all of it is escaped
