"""The Celery application: queues `money`, `notices` and `slow`."""

import os
from contextlib import ExitStack
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun

from marketplace.lib import folder_broker
from marketplace.lib.audit import noting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")

folder_broker.use_for_files()

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Of the tasks that run at this moment in this process: one, or more where one calls another.
_running: dict[str, ExitStack] = {}


@task_prerun.connect
def _begin_noting(task_id: str, task: Any, **_signal: Any) -> None:
    _running[task_id] = stack = ExitStack()
    stack.enter_context(noting(via=f"task {task.name}"))


@task_postrun.connect
def _end_noting(task_id: str, **_signal: Any) -> None:
    if stack := _running.pop(task_id, None):
        stack.close()
