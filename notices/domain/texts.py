"""Texts that staff write: words with placeholders such as {number}, and nothing that could be run."""

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
MOST_SIGNS = 4000
MOST_SUBJECT_SIGNS = 100


def placeholders(text: str) -> list[str]:
    """Names between braces, each once, in their order."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of placeholders, once: what a value holds is never looked at again.

    Raises KeyError for a placeholder without a value.
    """
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def stray_braces(text: str) -> bool:
    """Whether braces are left that are no placeholder, as in "{{ number }}" or "{Number}"."""
    return any(sign in "{}" for sign in _PLACEHOLDER.sub("", text))


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Placeholders that nobody gives a value for."""
    return [name for name in placeholders(text) if name not in known]
