"""docs/quality.md: one row for each page and language."""

import json
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.browser.quality.tools import Score

HTML_BYTES, CSS_BYTES, JS_BYTES, REQUESTS = 20 * 1024, 20 * 1024, 25 * 1024, 10
PERFORMANCE, BEST_PRACTICES, WHOLE = 95, 95, 100
SECONDS_ON_SLOW_3G = 3.0
KEPT_SECONDS = 12 * 3600
INTRODUCTION = """# Quality of the pages

Written by `make quality`, never by hand: the shop is started with real places and a group with 27 listings, and each page is
opened in Chromium as the person who would see it, on a phone of 360 px. Bytes are those of the answer as gzip sends it, pictures
apart. The command fails when a page is outside the figures of its heading. A page that a busy machine made slow is measured up to
three times and its quickest run counts. `make quality ARGS="-k listing"` measures some pages again and leaves the others of today.

The browser has fonts for Devanagari and Tibetan, as phones have. The two columns of slow 3G are of a phone without them, which gets
our own with the first page (`docs/adr/0021-fonts-that-come-late.md`).
"""

NOTHING = Score(performance=0, accessibility=0, best_practices=0, seo=0, paint=0, shift=1)


@dataclass
class Figures:
    """What was measured of one page in one language. Bytes are compressed.

    slow: seconds to the first words on slow 3G; bare_shift: how far things move there, where the phone brings no font of
    the script; None where neither was measured. at: when.
    """

    page: str
    language: str
    html: int
    css: int
    js: int
    requests: int
    violations: int
    html_errors: int = 0
    score: Score = NOTHING
    slow: float | None = None
    bare_shift: float | None = None
    at: float = field(default_factory=time.time)


def keep(rows: Sequence[Figures], file: Path) -> None:
    """Leave what was measured to the next run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


def kept(file: Path) -> Sequence[Figures]:
    """What runs of the last hours left; nothing where there was none."""
    if not file.exists():
        return []
    rows = [Figures(**{**row, "score": Score(**row["score"])}) for row in json.loads(file.read_text("utf-8"))]
    return [row for row in rows if row.at > time.time() - KEPT_SECONDS]


def write(rows: Sequence[Figures], file: Path) -> None:
    """Write the file anew."""
    file.write_text("\n".join([INTRODUCTION, *_budgets(rows), *_scores(rows), *_machine()]), encoding="utf-8")


def _budgets(rows: Sequence[Figures]) -> list[str]:
    head = [
        "page",
        "language",
        f"HTML, {HTML_BYTES:,}",
        f"CSS, {CSS_BYTES:,}",
        f"JS, {JS_BYTES:,}",
        f"requests, {REQUESTS}",
    ]
    cells = [[r.page, r.language, f"{r.html:,}", f"{r.css:,}", f"{r.js:,}", str(r.requests)] for r in rows]
    return ["## Bytes and requests, and the most that each may have", "", *_table(head, cells)]


def _scores(rows: Sequence[Figures]) -> list[str]:
    head = [
        "page",
        "language",
        "performance, 95",
        "accessibility, 100",
        "best practices, 95",
        "SEO, 100",
        "shift, 0",
        "axe, 0",
        "Nu errors, 0",
        "first words on slow 3G, 3 s",
        "shift there, without fonts",
    ]
    cells = [
        [
            row.page,
            row.language,
            str(row.score.performance),
            str(row.score.accessibility),
            str(row.score.best_practices),
            str(row.score.seo),
            f"{row.score.shift:.3f}",
            str(row.violations),
            str(row.html_errors),
            "" if row.slow is None else f"{row.slow:.1f} s",
            "" if row.bare_shift is None else f"{row.bare_shift:.3f}",
        ]
        for row in rows
    ]
    words = "SEO counts for pages that a search engine may list; the others say `noindex`, which costs them points there."
    return ["", "## Lighthouse (mobile), axe and the Nu HTML checker", "", words, "", *_table(head, cells)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _machine() -> list[str]:
    return ["", f"Measured on {platform.machine()}, Python {platform.python_version()}.", ""]
