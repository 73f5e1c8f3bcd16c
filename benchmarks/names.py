"""The scan of a listing's texts for protected names: CPU for a story of 3,000 letters, and for texts made to be slow."""

import csv
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from benchmarks.ground import Ground
from benchmarks.report import Result
from regions.domain.protected_names import uses, uses_across

LETTERS = 3_000
REPEATS = 30
LIMIT_MS = 10
_SENTENCES = (
    "We live in the hills above the river, where our mothers kept the seeds of red rice and ginger.",
    "Each shawl takes one weaver eleven days; the wool is spun by hand and dyed with madder and walnut.",
    "Serve it with cheese and chillies, or with a spoon of honey and black tea in the evening.",
    "The road from {place} is closed in winter, and parcels go by way of the valley.",
)
_PLACES = ("Lakadong", "Darjeeling", "Kashmir", "Paro", "Kolhapur", "Bumthang", "Nagpur", "Haa")
# As they are in a form of 10,000 letters.
_SLOW = {
    "one letter": "a" * 10_000,
    "letters apart": "l " * 5_000,
    "full stops": "l." * 5_000,
    "one origin": "lakadong " * 1_100,
    "goods and goods": "tea and " * 1_250,
    "signs for letters": "l@4" * 3_300,
    "lines": "lakadong\n" * 1_100,
    "Tibetan script": "ལ་" * 5_000,
    "Thai script": "ชา" * 5_000,
}


def measure(_ground: Ground) -> Result:
    """Mean CPU of a scan with all names of the register; the first of a process, which reads the names, by itself."""
    with (Path(settings.BASE_DIR) / "data" / "gi_tags.csv").open(encoding="utf-8") as file:
        names = {number: row["name"] for number, row in enumerate(csv.DictReader(file))}
    first = _milliseconds(lambda: uses("warm", names), repeats=1)
    stories = [_story(number) for number in range(REPEATS)]
    # Each word is heard once in a process: a new story has some that are new.
    story = sum(_milliseconds(lambda text=text: uses(text, names), repeats=1) for text in stories) / REPEATS
    again = _milliseconds(lambda: uses(stories[0], names), repeats=REPEATS)
    across = _milliseconds(lambda: uses_across("Turmeric powder", stories[0], names), repeats=REPEATS)
    slow = {
        what: _milliseconds(lambda text=text: uses(text, names), repeats=3) for what, text in _SLOW.items()
    }
    rows = [
        ("names", f"{len(names):,}"),
        (f"a new story of {LETTERS:,} letters", f"{story:.1f} ms"),
        ("the same story again", f"{again:.1f} ms"),
        ("title and first sentence together", f"{across:.1f} ms"),
        ("first scan of a process, which reads the names", f"{first:.0f} ms"),
        *((f"10,000 letters: {what}", f"{spent:.1f} ms") for what, spent in slow.items()),
        (f"a story under {LIMIT_MS} ms", "yes" if max(story, again) < LIMIT_MS else "NO"),
    ]
    return Result(
        "Scan for protected names", rows, ["CPU of the process; each text is read in up to three ways."]
    )


def _story(number: int) -> str:
    place = _PLACES[number % len(_PLACES)]
    text = " ".join(
        _SENTENCES[(number + at) % len(_SENTENCES)].format(place=f"{place}{at if at % 7 == 0 else ''}")
        for at in range(60)
    )
    return text[:LETTERS]


def _milliseconds(call: Callable[[], object], *, repeats: int) -> float:
    start = time.process_time()
    for _repeat in range(repeats):
        call()
    return (time.process_time() - start) * 1000 / repeats
