"""Counts what a stretch of code asks the database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass
class Counted:
    """Statements sent, and seconds that went by."""

    statements: int = 0
    seconds: float = 0.0


@contextmanager
def counted() -> Iterator[Counted]:
    """Count and time what is done inside."""
    count = Counted()

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count.statements += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        start = time.perf_counter()
        yield count
        count.seconds = time.perf_counter() - start
