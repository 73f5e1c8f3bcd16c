"""Races: the same call from many threads at once, each on a database connection of its own.

Where it matters who comes when, contenders wait for each other with `pause`, and never for a time: a test that counts on
the others being quick enough fails on a busy machine.
"""

import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

WAIT_SECONDS = 60
# The same as a limit of PostgreSQL; that of the settings is for buyers, who would rather be told to try again.
LOCK_TIMEOUT = "SET lock_timeout = '50s'"
LOOK_AGAIN_SECONDS = 0.01
BLOCKED = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE pg_blocking_pids(pid) && %s"

P = ParamSpec("P")
R = TypeVar("R")


class Contenders:
    """Who of a race goes on by itself, and who pauses."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._going: set[BaseDatabaseWrapper] = set()
        self._paused: list[BaseDatabaseWrapper] = []
        self._pauses_ended = 0

    def begin(self) -> None:
        """Name the thread's connection as one that goes on."""
        with self._changed:
            self._going.add(connections["default"])

    def end(self) -> None:
        """Wait for this thread no longer."""
        with self._changed:
            self._going.discard(connections["default"])

    def pause(self) -> None:
        """Pause until nobody goes on; one of those who pause looks for all of them."""
        mine, until = connections["default"], time.monotonic() + WAIT_SECONDS / 2
        with self._changed:
            pauses_ended = self._pauses_ended
            self._going.discard(mine)
            self._paused.append(mine)
            while pauses_ended == self._pauses_ended:
                if self._paused[0] is mine and self._nobody_goes_on():
                    self._go_on()
                elif time.monotonic() > until:
                    raise TimeoutError("another contender neither comes, waits for a lock, nor ends")
                else:
                    self._changed.wait(LOOK_AGAIN_SECONDS)

    def _nobody_goes_on(self) -> bool:
        # Who has come and who has ended is known first: whoever waits for one of them then waits still.
        going, others = _backends(self._going), _backends([*self._going, *self._paused])
        if not self._going:
            return True
        with connections["default"].cursor() as cursor:
            cursor.execute(BLOCKED, [going, others])
            return bool(cursor.fetchone()[0] == len(self._going))

    def _go_on(self) -> None:
        self._going.update(self._paused)
        self._paused.clear()
        self._pauses_ended += 1
        self._changed.notify_all()


class _Mine(threading.local):
    contenders: Contenders | None = None


_mine = _Mine()


def _backends(wrappers: "set[BaseDatabaseWrapper] | list[BaseDatabaseWrapper]") -> list[int]:
    return [each.connection.info.backend_pid for each in wrappers if each.connection]


def pause() -> None:
    """Let all other contenders come as far as they can: each to a pause, to a lock that it waits for, or to its end.

    Without a guard, all of them have read what they decide upon before one goes on to write. With it they wait for
    whoever pauses, who goes on as soon as they do. Outside a race nobody is waited for.
    Raises TimeoutError when somebody still goes on after half a minute.
    """
    if _mine.contenders:
        _mine.contenders.pause()


def pausing(step: Callable[P, R]) -> Callable[P, R]:
    """The step, after which whoever has made it pauses."""

    def step_and_pause(*args: P.args, **kwargs: P.kwargs) -> R:
        result = step(*args, **kwargs)
        pause()
        return result

    return step_and_pause


def race(call: Callable[[], object], *, contenders: int) -> list[Exception | None]:
    """Run the call in that many threads that start together; one outcome each: None, or the exception raised.

    The test must be marked django_db(transaction=True), or the threads do not see what it has written.
    Raises TimeoutError when a contender does not end within a minute.
    """
    barrier = threading.Barrier(contenders)
    outcomes: list[Exception | None] = [None] * contenders
    together = Contenders()

    def contend(place: int) -> None:
        try:
            # Connecting takes unequal time, so it is done before the start.
            with connections["default"].cursor() as cursor:
                cursor.execute(LOCK_TIMEOUT)
            _mine.contenders = together
            together.begin()
            barrier.wait(timeout=WAIT_SECONDS)
            call()
        except Exception as error:  # noqa: BLE001 - the outcome is what the test asks for
            outcomes[place] = error
        finally:
            connections.close_all()
            together.end()

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
