"""The marketplace as real processes."""

import json
import urllib.error
import urllib.request

import pytest

from tests.support.services import RunningMarketplace, wait_until


def health(url):
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_killed_worker_is_missed_and_may_come_back(running_marketplace):
    shop = running_marketplace
    # A part that answers late on a busy machine is asked again.
    wait_until(lambda: health(shop.url) == (200, {"status": "ok"}), seconds=60)

    shop.worker.kill()
    wait_until(
        lambda: health(shop.url) == (503, {"status": "unavailable", "unavailable": ["worker"]}), seconds=60
    )
    shop.worker.start()
    wait_until(lambda: health(shop.url)[0] == 200, seconds=60)


@pytest.mark.django_db(transaction=True)
def test_marketplace_runs_on_a_real_redis(tmp_path, redis_url):
    with RunningMarketplace(tmp_path, redis_url=redis_url) as shop:
        wait_until(lambda: health(shop.url) == (200, {"status": "ok"}), seconds=60)

    assert not shop.web.is_running
    assert not shop.worker.is_running
    assert not shop.simulator.is_running
