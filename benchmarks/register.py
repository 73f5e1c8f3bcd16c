"""Loading the programme's files into an empty register, comparing them with a full one, and seeing that they are known."""

import time
from collections.abc import Callable

from django.conf import settings

from benchmarks.ground import Ground
from benchmarks.report import Result
from regions.services.reference_data import load


def measure(_ground: Ground) -> Result:
    """Seconds of each, one after the other."""
    folder = settings.BASE_DIR / "data"
    rows = [
        ("first load", _seconds(lambda: load(folder))),
        ("compared again", _seconds(lambda: load(folder, compare=True))),
        ("known files", _seconds(lambda: load(folder))),
    ]
    return Result("Load of places, products and protected names", rows, ["Seconds on the clock, one run."])


def _seconds(act: Callable[[], object]) -> str:
    started = time.perf_counter()
    act()
    return f"{time.perf_counter() - started:.2f} s"
