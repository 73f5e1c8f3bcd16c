"""The simulator as a process of its own."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
import stripe

MODULE = [sys.executable, "-m", "payments.simulator"]


@contextlib.contextmanager
def started(*options, **environment):
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "marketplace.settings.development", **environment}
    process = subprocess.Popen(
        [*MODULE, "--port", "0", *options],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address_of(process):
    line = process.stdout.readline()
    return re.fullmatch(r"Payment simulator \(no money moves\): (http://127\.0\.0\.1:\d+)\n", line)[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_end(tmp_path, number):
    with started("--state-file", str(tmp_path / "new" / "state")) as process:
        url = address_of(process)
        with urllib.request.urlopen(f"{url}/healthz", timeout=30) as answer:
            assert answer.status == 200

        process.send_signal(number)

        assert process.wait(30) == 0
        assert process.stderr.read() == ""


def refused(*options, **environment):
    with started(*options, **environment) as process:
        output, error = process.communicate(timeout=60)
    assert (process.returncode, output, error.count("\n")) == (1, "", 1)
    return error


def test_a_taken_port_is_one_clear_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        error = refused("--port", str(taken.getsockname()[1]))

    assert "cannot listen on 127.0.0.1:" in error


def test_a_state_file_that_is_none_is_one_clear_line(tmp_path):
    path = tmp_path / "state"
    path.write_text("a letter" * 1000)

    assert f"cannot use the state file {path}" in refused("--state-file", str(path))


def test_it_does_not_run_in_production():
    error = refused(DJANGO_SETTINGS_MODULE="marketplace.settings.production")

    assert "does not run in production" in error


def test_webhooks_without_a_secret_are_one_clear_line():
    assert "--webhook-url needs --secret" in refused("--webhook-url", "http://127.0.0.1:8000/")


def test_connect_webhooks_without_a_secret_are_one_clear_line():
    error = refused("--connect-webhook-url", "http://127.0.0.1:8000/")

    assert "--connect-webhook-url needs --connect-secret" in error


def test_connected_accounts_are_told_of_at_the_address_given(webhook_receiver):
    options = ("--connect-webhook-url", webhook_receiver.url, "--connect-secret", "whsec_connect")
    with started(*options) as process:
        url = address_of(process)
        account = post(f"{url}/v1/accounts", b"type=express", "application/x-www-form-urlencoded")["id"]
        body = json.dumps({"account": account, "action": "finish"}).encode()
        post(f"{url}/_control/accounts", body, "application/json")

        [received] = webhook_receiver.wait_for(1)

    assert (received.event["type"], received.event["account"]) == ("account.updated", account)
    assert stripe.WebhookSignature.verify_header(received.body, received.signature, "whsec_connect")


def post(url, body, content_type):
    headers = {"Authorization": "Bearer sk_test_1", "Content-Type": content_type}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as answer:
        return json.load(answer)
