"""One stylesheet out of many: joins the parts of static/css/index.css for every static files machinery."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCE = "css/index.css"
TARGET = "css/site.css"

_IMPORT = re.compile(r'@import "([^"]+)";')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Blanks beside these signs mean nothing in our files; beside a colon or a plus they may.
_LOOSE = re.compile(r"\s*([{};,])\s*")


def parts(source: Path) -> list[Path]:
    """The files that source names with @import, in that order."""
    return [source.parent / name for name in _IMPORT.findall(source.read_text("utf-8"))]


def join(source: Path) -> str:
    """One stylesheet of all parts of source, without comments and needless blanks.

    Parts are not looked into for further imports. Raises FileNotFoundError for a part that is not there.
    """
    text = "\n".join(part.read_text("utf-8") for part in parts(source))
    return _LOOSE.sub(r"\1", _COMMENT.sub("", text)).replace(";}", "}").strip() + "\n"


class StylesheetFinder(BaseFinder):
    """Offers css/site.css to runserver, WhiteNoise and collectstatic, made again whenever a part has changed."""

    def __init__(self, app_names: list[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.source = Path(settings.BASE_DIR) / "static" / SOURCE
        self.storage = FileSystemStorage(location=Path(settings.VAR_DIR) / "stylesheet")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check beyond what reading the files tells."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:  # type: ignore[override]
        """Place of the joined file on disk; nothing for any other path."""
        if path != TARGET:
            return []
        made = str(self._make())
        return [made] if find_all or kwargs.get("all") else made

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """The joined file, for collectstatic."""
        self._make()
        yield TARGET, self.storage

    def _make(self) -> Path:
        target = Path(self.storage.path(TARGET))
        newest = max(part.stat().st_mtime_ns for part in [self.source, *parts(self.source)])
        if target.exists() and target.stat().st_mtime_ns >= newest:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        # Several workers may do this at once: write beside it and move into place.
        with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as draft:
            draft.write(join(self.source))
        Path(draft.name).chmod(0o644)
        os.replace(draft.name, target)
        return target
