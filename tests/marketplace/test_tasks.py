"""Tasks: everything that is queued by name, or started by the clock, is there to be run."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from marketplace.celery import app

ROOMS = (
    "notices",
    "regions",
    "vendors",
    "catalogue",
    "orders",
    "payments",
    "programme",
    "storefront",
    "dashboard",
)
QUEUED = re.compile(r"""\benqueue\(\s*"([a-z_.]+)\"""")


@pytest.fixture(scope="module")
def registered():
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def queued_names():
    files = (file for room in ROOMS for file in (Path(settings.BASE_DIR) / room).rglob("*.py"))
    return {name for file in files for name in QUEUED.findall(file.read_text(encoding="utf-8"))}


def test_every_task_that_is_queued_by_name_exists(registered):
    names = queued_names()

    assert names <= set(registered)
    assert {"payments.handle_provider_event", "payments.make_refund", "notices.send_notice"} <= names


def test_every_task_of_the_clock_exists_and_needs_nothing(registered):
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in registered
        assert registered[entry["task"]].run.__code__.co_argcount == 0
        assert not entry.get("args")


def test_every_task_with_one_row_has_a_periodic_twin(registered):
    rooms = {name.split(".")[0] for name in queued_names()}
    periodic = {entry["task"].split(".")[0] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert rooms <= periodic


def test_tasks_are_named_after_their_room_and_acknowledged_late(registered):
    for name, task in registered.items():
        assert re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", name)
        assert task.acks_late is True
        assert task.reject_on_worker_lost is True
        assert task.soft_time_limit or app.conf.task_soft_time_limit < app.conf.task_time_limit
