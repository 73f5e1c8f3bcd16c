"""CPU of the server: that of Django, which runs in this process, and that of PostgreSQL's process beside it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.test import Client

REPEATS = 30
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def mean_cpu(call: Callable[[], None], *, repeats: int = REPEATS) -> tuple[float, float]:
    """Mean milliseconds of CPU for one call: of this process, of the database's process."""
    for _warm in range(3):
        call()
    database = _backend()
    before, start = _ticks(database), time.process_time()
    for _repeat in range(repeats):
        call()
    own = (time.process_time() - start) * 1000 / repeats
    return own, (_ticks(database) - before) * TICK_MS / repeats


def get(client: Client, address: str) -> None:
    """One page; AssertionError for anything but 200."""
    answer = client.get(address, secure=True, HTTP_HOST="localhost")
    if answer.status_code != 200:
        raise AssertionError(f"{address} was answered with {answer.status_code}")


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


def _ticks(pid: int) -> int:
    """User and system time of a process, as the kernel counts it."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
