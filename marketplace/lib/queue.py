"""Queueing of Celery tasks by name, after the transaction has committed."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(task: str, **keys: int | str) -> None:
    """Ask for a task once the open transaction has committed (at once where there is none).

    task: registered name, `app.verb_noun`; keys: its arguments, row ids and short words only.
    A broker that is down is logged and forgiven: every task is also found by a periodic query.
    """
    transaction.on_commit(partial(_send, task, keys))


def _send(task: str, keys: dict[str, int | str]) -> None:
    try:
        current_app.send_task(task, kwargs=keys, retry=False)
    except (OperationalError, OSError):
        logger.warning(
            "broker did not take a task", extra={"task": task, **{f"key_{k}": v for k, v in keys.items()}}
        )
