"""Words that people type or paste: without signs that nobody sees and that make a page read as another."""

import re
import unicodedata

from django.conf import settings

# Control signs but line end and tab, and the signs that turn the direction of writing for what follows them. Joiners
# stay: Hindi and Dzongkha are written with them.
_TURNING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Letters, figures and signs that leave nothing on the page.
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def plain_words(text: str) -> str:
    """The text as it is kept: without control signs, turned directions and space around it, lines ended by one sign.

    Browsers end lines by two, which would look like a change of every line.
    """
    return _TURNING.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_blank(text: str) -> bool:
    """Whether nothing of the text would be seen: no letter, figure or sign, whatever is typed instead."""
    return not any(unicodedata.category(sign)[0] in "LNPS" and sign not in _UNSEEN for sign in text)


def language_name(code: str) -> str:
    """What one of our languages is called; the code itself for another, and for none nothing."""
    return str(dict(settings.LANGUAGES).get(code, code))
