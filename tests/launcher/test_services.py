"""The marketplace as real processes."""

import json
import urllib.error
import urllib.request

import pytest

from tests.support.services import RunningMarketplace, wait_until


def health(url):
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_killed_worker_is_missed_and_may_come_back(running_marketplace):
    shop = running_marketplace
    assert health(shop.url) == (200, {"status": "ok"})

    shop.worker.kill()
    missing = health(shop.url)
    shop.worker.start()
    wait_until(lambda: health(shop.url)[0] == 200)

    assert missing == (503, {"status": "unavailable", "unavailable": ["worker"]})


@pytest.mark.django_db(transaction=True)
def test_marketplace_runs_on_a_real_redis(tmp_path, redis_url):
    with RunningMarketplace(tmp_path, redis_url=redis_url) as shop:
        assert health(shop.url) == (200, {"status": "ok"})

    assert not shop.web.is_running
    assert not shop.worker.is_running
    assert not shop.simulator.is_running
