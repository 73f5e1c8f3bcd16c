"""Races: the same call from many threads at once, each on a database connection of its own."""

import threading
import time
from collections.abc import Callable

from django.db import connection, connections

WAIT_SECONDS = 60


def race(call: Callable[[], object], *, contenders: int) -> list[Exception | None]:
    """Run the call in that many threads that start together; one outcome each: None, or the exception raised.

    The test must be marked django_db(transaction=True), or the threads do not see what it has written.
    Raises TimeoutError when a contender does not end within a minute.
    """
    barrier = threading.Barrier(contenders)
    outcomes: list[Exception | None] = [None] * contenders

    def contend(place: int) -> None:
        try:
            # Connecting takes unequal time, so it is done before the start.
            connections["default"].ensure_connection()
            barrier.wait(timeout=WAIT_SECONDS)
            call()
        except Exception as error:  # noqa: BLE001 - the outcome is what the test asks for
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=contend, args=(place,), daemon=True) for place in range(contenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=WAIT_SECONDS)
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError(f"{sum(thread.is_alive() for thread in threads)} of {contenders} contenders hang")
    return outcomes


def until_waiting(number: int) -> None:
    """Go on once that many other connections to this database wait for a lock, so that what comes next is no luck.

    Raises TimeoutError when they do not within a minute.
    """
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + WAIT_SECONDS
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            # What a transaction has read of other connections stays as it was, unless it is forgotten.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= number:
                return
            time.sleep(0.02)
    raise TimeoutError(f"fewer than {number} connections wait for a lock")
