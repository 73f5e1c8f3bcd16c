"""Queueing: after the commit, and forgiven when no broker listens."""

import os
import subprocess
import sys

import pytest
import redis
from celery import Celery
from django.db import transaction
from kombu.utils import functional

from marketplace.lib import queue
from marketplace.lib.queue import enqueue

pytestmark = pytest.mark.django_db


def app_with(broker, **options):
    """A Celery application of its own, with the options that the settings give to Redis."""
    options = {"max_retries": 0, "socket_connect_timeout": 2} | options
    return Celery("test", broker=broker, set_as_current=False, broker_transport_options=options)


@pytest.fixture
def sent(monkeypatch):
    tasks = []
    monkeypatch.setattr(queue, "_send", lambda task, keys: tasks.append((task, keys)))
    return tasks


def test_a_task_is_sent_once_the_transaction_has_committed(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            enqueue("app.do_this", row_pk=1)
        before = list(sent)

    assert before == []
    assert sent == [("app.do_this", {"row_pk": 1})]


def test_a_rolled_back_transaction_sends_nothing(sent, django_capture_on_commit_callbacks):
    def fail():
        with transaction.atomic():
            enqueue("app.do_this", row_pk=1)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        fail()

    assert sent == []


def test_tasks_queued_in_a_loop_keep_their_own_keys(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for pk in (1, 2, 3):
            enqueue("app.do_this", row_pk=pk)

    assert [keys["row_pk"] for _task, keys in sent] == [1, 2, 3]


@pytest.mark.fault(14)
@pytest.mark.parametrize("broker", ["redis://127.0.0.1:9/0", "redis://:wrong@127.0.0.1:9/0"])
def test_a_broker_that_does_not_listen_is_logged_and_forgiven_at_once(monkeypatch, caplog, broker):
    slept = []
    monkeypatch.setattr(queue, "current_app", app_with(broker))
    monkeypatch.setattr(functional, "sleep", slept.append)

    queue._send("app.do_this", {"row_pk": 1})

    assert slept == []
    assert [record.message for record in caplog.records] == ["broker did not take a task"]
    assert (caplog.records[0].task, caplog.records[0].key_row_pk) == ("app.do_this", 1)


@pytest.mark.fault(14)
def test_a_broker_folder_that_is_gone_is_logged_and_forgiven(monkeypatch, caplog, tmp_path):
    folders = {"data_folder_in": str(tmp_path / "gone"), "data_folder_out": str(tmp_path / "gone")}
    app = app_with("filesystem://localhost", **folders, control_folder=str(tmp_path / "control"))
    monkeypatch.setattr(queue, "current_app", app)

    queue._send("app.do_this", {"row_pk": 1})

    assert [record.message for record in caplog.records] == ["broker did not take a task"]


@pytest.mark.fault(14)
def test_a_redis_that_is_full_or_refuses_us_is_logged_and_forgiven(monkeypatch, caplog, redis_url):
    client = redis.Redis.from_url(redis_url)
    full = client.config_get("maxmemory")["maxmemory"]
    monkeypatch.setattr(queue, "current_app", app_with(redis_url))
    client.config_set("maxmemory", "1")
    try:
        queue._send("app.do_this", {"row_pk": 1})
    finally:
        client.config_set("maxmemory", full)
        client.close()

    wrong = redis_url.replace("redis://:", "redis://:not-")
    monkeypatch.setattr(queue, "current_app", app_with(wrong))
    queue._send("app.do_this", {"row_pk": 2})

    assert [record.message for record in caplog.records] == ["broker did not take a task"] * 2


@pytest.mark.fault(14)
def test_a_process_with_the_real_settings_does_not_wait_for_a_redis_that_is_away():
    program = """
import time, django
slept = []
time.sleep = slept.append
django.setup()
from marketplace.celery import app
from marketplace.lib.queue import _send
for number in range(5):
    _send("app.do_this", {"row_pk": number})
print(sum(slept))
"""
    env = {**os.environ, "REDIS_URL": "redis://127.0.0.1:9/0"}
    env["DJANGO_SETTINGS_MODULE"] = "marketplace.settings.development"

    run = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)

    assert float(run.stdout) == 0
    assert run.stderr.count("broker did not take a task") == 5
