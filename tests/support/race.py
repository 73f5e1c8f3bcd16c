"""Races: the same call from many threads at once, each on a database connection of its own."""

import threading
from collections.abc import Callable

from django.db import connections

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
