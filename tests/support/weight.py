"""What a page weighs without a browser: its own bytes, its style sheets and scripts, and what it asks for."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders

# INTERFACE: bytes compressed, without pictures.
HTML, CSS, JS, REQUESTS = 20 * 1024, 20 * 1024, 25 * 1024, 10
# As the server compresses, which is not as small as can be.
LEVEL = 6
_SHEET = re.compile(r'<link rel="stylesheet"\s+href="/static/([^"?]+)')
_SCRIPT = re.compile(r'<script [^>]*src="/static/([^"?]+)')
_IMPORT = re.compile(r'^import [^"]*"\./([^"]+)"', re.MULTILINE)
# Fonts that a device loads which has none of its own: the large one and the small one of names; Thai has one.
_FONTS = {"\u0f00-\u0fff": 2, "\u0900-\u097f": 2, "\u0e00-\u0e7f": 1}


@dataclass(frozen=True)
class Weight:
    """Bytes of a page, compressed, and how many requests it takes at most."""

    html: int
    css: int
    js: int
    requests: int

    @property
    def overruns(self) -> list[str]:
        """What is more than a page may have, in words."""
        most = {"html": HTML, "css": CSS, "js": JS, "requests": REQUESTS}
        found = {name: getattr(self, name) for name in most}
        return [f"{name} {found[name]} > {limit}" for name, limit in most.items() if found[name] > limit]


def weigh(html: str) -> Weight:
    """Weigh a page. Raises FileNotFoundError for a sheet or script that is not there."""
    sheets = set(_SHEET.findall(html))
    scripts = _with_imports(set(_SCRIPT.findall(html)))
    fonts = sum(number for letters, number in _FONTS.items() if re.search(f"[{letters}]", html))
    return Weight(
        html=len(gzip.compress(html.encode(), LEVEL)),
        css=sum(_bytes(name) for name in sheets),
        js=sum(_bytes(name) for name in scripts),
        requests=1 + len(sheets) + len(scripts) + fonts,
    )


def _with_imports(scripts: set[str]) -> set[str]:
    found, new = set(), set(scripts)
    while new:
        found |= new
        new = {
            str(Path(name).parent / other)
            for name in new
            for other in _IMPORT.findall(_file(name).read_text("utf-8"))
        } - found
    return found


def _bytes(name: str) -> int:
    return len(gzip.compress(_file(name).read_bytes(), LEVEL))


def _file(name: str) -> Path:
    found = finders.find(name)
    if found is None:
        raise FileNotFoundError(name)
    return Path(found)
