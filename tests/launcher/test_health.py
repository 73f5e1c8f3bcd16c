"""GET /healthz when parts are down; the sunny day is in test_services."""

import threading
import time

import pytest

from marketplace import health


def answer_at_once():
    pass


def refuse():
    raise ConnectionRefusedError("secret-address")


@pytest.fixture
def probes(monkeypatch):
    def use(**probes):
        monkeypatch.setattr(
            health, "PROBES", {"database": answer_at_once, "broker": answer_at_once, **probes}
        )

    return use


@pytest.mark.parametrize("method", ["get", "head"])
def test_answers_200_when_all_parts_answer(client, probes, method):
    probes(worker=answer_at_once)

    answer = getattr(client, method)("/healthz")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_names_the_parts_that_do_not_answer_and_nothing_more(client, probes):
    probes(database=refuse, worker=refuse)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "unavailable": ["database", "worker"]}
    assert b"secret" not in answer.content


def test_answers_in_time_when_every_part_hangs(client, probes):
    may_end, ended = threading.Event(), []

    def hang():
        may_end.wait(timeout=30)
        ended.append(1)

    probes(database=hang, broker=hang, worker=hang)
    started = time.monotonic()

    answer = client.get("/healthz")

    seconds = time.monotonic() - started
    assert answer.json()["unavailable"] == ["database", "broker", "worker"]
    assert ended == []
    # Asked one after another they would take three times as long.
    assert seconds < 3 * health.DEADLINE_SECONDS
    may_end.set()


def test_post_is_refused(client):
    assert client.post("/healthz").status_code == 405
