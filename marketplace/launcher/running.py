"""One marketplace per folder: who runs here, and what a killed one left behind."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from marketplace.launcher import processes


class AlreadyRunning(Exception):
    """Another launcher serves this folder; its text is the address."""


class Claim:
    """The right to run in a folder, held until the process ends; a lock that no crash leaves behind."""

    def __init__(self, var: Path) -> None:
        """Look at the folder `var`; nothing is claimed before the context is entered."""
        self.record = var / "running.json"
        self.lock = (var / "running.lock").open("a")

    def __enter__(self) -> Self:
        """Claim the folder and end what an earlier launcher left. Raises AlreadyRunning."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.close()
            raise AlreadyRunning(self._read().get("url", "an unknown address")) from None
        for pid, started in self._read().get("children", {}).items():
            processes.end_leftover(int(pid), started)
        return self

    def __exit__(self, *_exception: object) -> None:
        """Give the folder back."""
        self.record.unlink(missing_ok=True)
        self.lock.close()

    def write_down(self, url: str, children: list[processes.Child]) -> None:
        """Record the processes, so that the next launcher can end them if this one cannot."""
        started = {str(child.pid): processes.started_at(child.pid) for child in children}
        fresh = self.record.with_suffix(".new")
        fresh.write_text(
            json.dumps({"url": url, "launcher": os.getpid(), "children": started}), encoding="utf-8"
        )
        fresh.replace(self.record)

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            content: dict[str, dict[str, str]] = json.loads(self.record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content


def publish_database(var: Path, url: str) -> Callable[[], None]:
    """Let manage.py find the database while it runs; returns what takes the address away again."""
    address = var / "database-url"
    address.touch(mode=0o600)
    address.write_text(url, encoding="utf-8")
    return lambda: address.unlink(missing_ok=True)
