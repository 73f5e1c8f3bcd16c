"""Results as Markdown, with the machine on which they came about."""

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

RESULTS = Path(__file__).resolve().parent / "results"
PACKAGES = ("Django", "celery", "redis", "stripe")


@dataclass
class Result:
    """What a benchmark found. title: what is measured; rows: (what, how much); notes: paragraphs of Markdown."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write(name: str, result: Result) -> str:
    """Keep a result as results/<name>.md; returns the text."""
    lines = [f"# {result.title}", "", "| | |", "|---|---|"]
    lines += [f"| {what} | {value} |" for what, value in result.rows]
    for note in result.notes:
        lines += ["", note]
    lines += [
        "",
        f"Measured by `python -m benchmarks {name}` on {datetime.now(UTC):%d %B %Y}: {machine()}.",
        "",
    ]
    text = "\n".join(lines)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    return text


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        f"{memory:.0f} GiB RAM",
        # Whoever else works on the machine makes the figures worse.
        f"load average {os.getloadavg()[1]:.1f} in the last five minutes",
        f"{platform.system()} {platform.machine()}",
        f"PostgreSQL {server.split()[0]}",
        f"Python {platform.python_version()}",
        *(f"{package} {version(package)}" for package in PACKAGES),
    ]
    return ", ".join(parts)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"
