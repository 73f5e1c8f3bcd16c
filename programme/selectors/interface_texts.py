"""How much of the interface each language has: counted in the catalogues that are shipped."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

# Flag of an entry that a speaker has read: "#, reviewed".
REVIEWED = "reviewed"
Key = tuple[str | None, str]


@dataclass(frozen=True)
class Texts:
    """Texts of the interface in one language. missing: of those that any catalogue has, in the language of the source."""

    language: str
    total: int
    translated: int
    reviewed: int
    missing: tuple[str, ...]

    @property
    def share(self) -> int:
        """Of a hundred texts so many are translated; 100 only when all are."""
        return self.translated * 100 // self.total if self.total else 100

    @property
    def reviewed_share(self) -> int:
        """Of a hundred texts so many were read by a speaker."""
        return self.reviewed * 100 // self.total if self.total else 100


def interface_texts() -> list[Texts]:
    """All languages, that of the source first, whose texts are what they are; no query."""
    codes = [code for code, _name in settings.LANGUAGES]
    written = {code: _written(code) for code in codes if code != settings.LANGUAGE_CODE}
    known = {key for texts in written.values() for key in texts}
    found = []
    for code in codes:
        if code == settings.LANGUAGE_CODE:
            found.append(Texts(code, len(known), len(known), len(known), ()))
            continue
        own = written[code]
        missing = tuple(sorted({text for context, text in known - own.keys()}))
        found.append(Texts(code, len(known), len(own), sum(own.values()), missing))
    return found


def _written(code: str) -> dict[Key, bool]:
    """What the catalogue of a language has; whether a speaker has read it."""
    file = Path(settings.BASE_DIR) / "locale" / code / "LC_MESSAGES" / "django.po"
    return _read(file, file.stat().st_mtime_ns) if file.exists() else {}


@lru_cache(maxsize=16)
def _read(file: Path, _changed: int) -> dict[Key, bool]:
    with file.open("rb") as written:
        rows = [row for row in read_po(written) if row.id]
    found: dict[Key, bool] = {}
    for row in rows:
        forms = [row.string] if isinstance(row.string, str) else list(row.string or [""])
        if all(forms) and not row.fuzzy:
            text = row.id if isinstance(row.id, str) else row.id[0]
            found[(row.context, text)] = REVIEWED in row.flags
    return found
