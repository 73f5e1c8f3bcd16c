"""Words that the office writes in several languages."""

from collections.abc import Mapping
from dataclasses import dataclass

# What is always written; the others may be missing.
FIRST = "en"
LANGUAGES = ("en", "hi", "dz")


@dataclass(frozen=True)
class Words:
    """A text and the language that it is in, for the attribute lang."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


def words_in(texts: Mapping[str, str], language: str | None) -> Words:
    """The text in that language, else the first one. texts: by language, empty where nobody has written it."""
    wanted = (language or FIRST).split("-")[0]
    text = texts.get(wanted, "")
    return Words(text, wanted) if text else Words(texts.get(FIRST, ""), FIRST)
