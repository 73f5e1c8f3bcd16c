"""GET /healthz when parts are down; the sunny day is in test_services."""

import time

import pytest

from marketplace import health


def answer_at_once():
    pass


def refuse():
    raise ConnectionRefusedError("secret-address")


def hang():
    time.sleep(health.DEADLINE_SECONDS + 1)


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
    probes(database=hang, broker=hang, worker=hang)
    started = time.monotonic()

    answer = client.get("/healthz")

    assert time.monotonic() - started < health.DEADLINE_SECONDS + 0.5
    assert answer.json()["unavailable"] == ["database", "broker", "worker"]


def test_post_is_refused(client):
    assert client.post("/healthz").status_code == 405
