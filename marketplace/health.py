"""Health of the running marketplace: `GET /healthz`."""

import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

DEADLINE_SECONDS = 2.0
PING_SECONDS = 1.5


class Unanswered(Exception):
    """A part took the question and did not answer it."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, broker and worker answer, else 503 naming those that do not.

    Answers within DEADLINE_SECONDS whatever hangs; why a part does not answer stands in the log only.
    """
    silent = silent_parts()
    if silent:
        return JsonResponse({"status": "unavailable", "unavailable": silent}, status=503)
    return JsonResponse({"status": "ok"})


def silent_parts() -> list[str]:
    """Names of the parts that do not answer within the deadline, in the order of PROBES."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    asked = {name: _POOLS[name].submit(probe) for name, probe in PROBES.items()}
    return [name for name, answer in asked.items() if not _answered(name, answer, deadline)]


def _answered(name: str, answer: Future[None], deadline: float) -> bool:
    try:
        answer.result(timeout=max(deadline - time.monotonic(), 0.001))
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the part does not answer
        # A probe that has not begun must not run when nobody waits for it any more.
        answer.cancel()
        logger.warning("health: %s does not answer (%s)", name, type(error).__name__)
        return False
    return True


def _ask_database() -> None:
    # The thread is a pool's: a connection kept open here would never be closed.
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def _ask_broker() -> None:
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
    if folder:
        _ask_broker_folder(Path(folder))
        return
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=PING_SECONDS)


def _ask_broker_folder(folder: Path) -> None:
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise Unanswered(folder)


def _ask_worker() -> None:
    if not current_app.control.inspect(timeout=PING_SECONDS, limit=1).ping():
        raise Unanswered("no worker")


PROBES: dict[str, Callable[[], None]] = {
    "database": _ask_database,
    "broker": _ask_broker,
    "worker": _ask_worker,
}
# One small pool each: what hangs in one part never keeps another from being asked. Threads start on first use.
_POOLS = {name: ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"health-{name}") for name in PROBES}
