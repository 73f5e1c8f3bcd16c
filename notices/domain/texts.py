"""Texts that staff write: words with placeholders such as {number}, and nothing that could be run."""

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
MOST_SIGNS = 4000
MOST_SUBJECT_SIGNS = 100
# No message has a use for them: NUL and lone surrogates, which no database takes, other control signs, and the signs
# that turn the direction of writing, by which a name could make a link read as another.
_USELESS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Values that have lines of their own; any other is a name, a number or a link.
_HAS_LINES = frozenset({"items", "decided", "text", "detail", "note", "reason", "parts"})
# Cut short, these would be wrong instead of short.
_WHOLE = frozenset(
    {"items", "decided", "text", "short", "link", "stop", "code", "hand_over", "number", "account"}
)


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


def clean_values(values: Mapping[str, str]) -> dict[str, str]:
    """Values as they may be kept and sent: without signs that break a message or hide what it says."""
    return {name: _USELESS.sub("", str(value)) for name, value in values.items()}


def with_names_on_one_line(values: Mapping[str, str], *, is_sms: bool) -> dict[str, str]:
    """Values whose line breaks would tear a subject or an SMS, on one line."""
    kept = {"items", "text"} if is_sms else _HAS_LINES
    return {name: value if name in kept else " ".join(value.split()) for name, value in values.items()}


def shortened(values: Mapping[str, str], most: int) -> dict[str, str]:
    """Values of at most so many signs, but for links, codes and numbers, which are of use whole only."""
    return {
        name: value if name in _WHOLE or len(value) <= most else f"{value[: most - 3].rstrip()}..."
        for name, value in values.items()
    }
