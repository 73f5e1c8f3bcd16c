"""Chromium for browser tests: Debian's, never one downloaded by Playwright."""

import functools
import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@functools.cache
def find_chromium() -> Path | None:
    """The browser of CHROMIUM, else the first one on PATH."""
    given = os.environ.get("CHROMIUM")
    if given:
        return Path(given) if Path(given).exists() else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def missing_reason() -> str | None:
    """Why browser tests cannot run here; None when they can."""
    if find_chromium():
        return None
    return (
        "no Chromium on this machine (Debian: apt-get install chromium; elsewhere set CHROMIUM to its path)"
    )
