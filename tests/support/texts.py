"""The texts of a file that go through gettext, as makemessages would collect them."""

import ast
import re
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# What Django makes of {% trans %}, {% blocktrans %} and _("…") in a template.
CALL = re.compile(rf"\b(_|n?p?gettext)\(((?:{STRING}[\s,]*)+)")


def texts_of(path: Path) -> set[tuple[str | None, str]]:
    """Each text as (context, words); of a text with a plural the words of one."""
    return set(_texts_of_code(path) if path.suffix == ".py" else _texts_of_template(path))


def _texts_of_code(path):
    with path.open("rb") as code:
        for _line, words, _comments, context in extract("python", code, keywords=KEYWORDS):
            yield context, words if isinstance(words, str) else next(part for part in words if part)


def _texts_of_template(path):
    for call in CALL.finditer(templatize(path.read_text())):
        words = [ast.literal_eval(string) for string in re.findall(STRING, call[2])]
        yield (words[0], words[1]) if "pgettext" in call[1] else (None, words[0])
