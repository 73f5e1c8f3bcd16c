"""Faults that a test switches on for the next calls of some path."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from fnmatch import fnmatchcase

KINDS = ("429", "409", "500", "503", "delay", "timeout", "timeout_after_success")


@dataclass
class Fault:
    """One fault.

    kind: "429", "409", "503" and "timeout" (no answer at all) come before anything was done and leave no key;
    "500" is remembered under the call's key; "delay" answers after `seconds`; "timeout_after_success" does the
    work, keeps the key and then gives no answer, for `seconds` and then by hanging up.
    path: with * for any part, such as "/v1/checkout/sessions*". times: calls still to strike.
    """

    method: str
    path: str
    kind: str
    times: int = 1
    seconds: float = 0.0


class Faults:
    """The faults waiting for their calls; the oldest that fits strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let a fault wait. Raises ValueError for an unknown kind or no times."""
        if fault.kind not in KINDS or fault.times < 1 or fault.seconds < 0:
            raise ValueError(f"a fault has a kind of {', '.join(KINDS)}, times >= 1 and seconds >= 0")
        with self._lock:
            self._waiting.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this call, counted down; None for most."""
        with self._lock:
            for fault in self._waiting:
                if fault.method in ("*", method) and fnmatchcase(path, fault.path):
                    fault.times -= 1
                    self._waiting = [waiting for waiting in self._waiting if waiting.times > 0]
                    return fault
        return None

    def waiting(self) -> list[Fault]:
        """The faults that have not struck as often as they shall."""
        with self._lock:
            return list(self._waiting)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()
