"""The simulator's time, which a test can move forward."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970, plus what has been skipped."""

    def __init__(self) -> None:
        self._skipped = 0

    def now(self) -> int:
        """The time in whole seconds."""
        return int(time.time()) + self._skipped

    def advance(self, seconds: int) -> None:
        """Skip some time. Raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("time goes forward only")
        self._skipped += seconds

    def reset(self) -> None:
        """Go back to the real time."""
        self._skipped = 0
