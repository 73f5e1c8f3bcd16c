"""The Stripe simulator on a port of this machine, and somebody to receive its webhooks."""

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import override_settings

from payments.providers.base import PaymentLine, PaymentRequest
from payments.providers.stripe import StripeProvider
from payments.simulator.contract import published_contract
from payments.simulator.server import Simulator

API_KEY = "sk_test_simulator"
SECRET = "whsec_simulator"
WAIT_SECONDS = 60


@dataclass
class Reply:
    """What the simulator answered. values: the JSON, empty for pages; text: the body as it came."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def values(self) -> dict[str, Any]:
        return json.loads(self.text)


@dataclass
class RunningSimulator:
    """A simulator in a thread of this process. server gives what the network does not."""

    server: Simulator

    @property
    def url(self) -> str:
        return self.server.url

    def provider(self, **changes: Any) -> StripeProvider:
        """A Stripe client of this simulator."""
        settings = {
            "api_key": API_KEY,
            "api_base": self.url,
            "webhook_secrets": (SECRET,),
            "api_version": published_contract().version,
            "timeout": 5.0,
        }
        return StripeProvider(**{**settings, **changes})

    def control(self, name: str, **values: Any) -> dict[str, Any]:
        """Carry out one of the calls under /_control, such as "webhooks" with mode="lose"; it must succeed."""
        reply = self.request("POST", f"/_control/{name}", json_body=values)
        assert reply.status == 200, reply.text
        return reply.values

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """The objects of a kind, such as "refund", oldest first."""
        return list(reversed(self.request("GET", f"/_control/objects?kind={kind}").values[kind]))

    def pay(self, session_id: str, card: str = "4242424242424242") -> dict[str, Any]:
        """Pay a session as a buyer would, without a browser; returns the session."""
        return self.control("pay", session=session_id, card=card)

    def api(self, method: str, path: str, *, key: str = "", api_key: str = API_KEY, **fields: str) -> Reply:
        """A call of the API without the SDK. fields: form fields, or the query of a GET."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        if key:
            headers["Idempotency-Key"] = key
        if method == "GET" and fields:
            path = f"{path}?{urlencode(fields)}"
        return self.request(method, path, form=fields if method == "POST" else None, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        form: dict[str, str] | None = None,
        json_body: Any = None,
        raw_body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Any request, redirects not followed."""
        sent = dict(headers or {})
        body: str | bytes | None = raw_body
        if form is not None:
            body, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        if json_body is not None:
            body, sent["Content-Type"] = json.dumps(json_body), "application/json"
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=WAIT_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, names, answer.read().decode())


@dataclass
class Received:
    """One webhook as it arrived."""

    path: str
    body: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class WebhookReceiver:
    """Somebody who keeps every webhook. statuses: what to answer to the next ones, then 200."""

    url: str
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def types(self) -> list[str]:
        """The types of the events that arrived, in their order."""
        return [received.event["type"] for received in self.received]

    def wait_for(self, count: int) -> list[Received]:
        """Wait until at least that many webhooks came. Fails the test after a minute."""
        wait_until(lambda: len(self.received) >= count, f"{count} webhooks, came: {self.types()}")
        return self.received


def wait_until(is_true: Callable[[], object], what: str) -> None:
    """Wait for something that another thread does. Fails the test after a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


def patience(kind: str) -> contextlib.AbstractContextManager[object]:
    """While it is entered, a fault that leaves a call without an answer is given up before the simulator hangs up.

    Every other call has all its time: a busy machine must not look like a provider that is away.
    """
    return override_settings(STRIPE_TIMEOUT_SECONDS=1) if "timeout" in kind else contextlib.nullcontext()


@contextlib.contextmanager
def running_simulator(
    state_file: Path | None = None, webhook_urls: tuple[str, ...] = (), port: int = 0
) -> Iterator[RunningSimulator]:
    """A simulator that is stopped in the end; with a state file it may be started again."""
    server = Simulator(port=port, webhook_urls=webhook_urls, secrets=(SECRET,), state_file=state_file)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield RunningSimulator(server)
    finally:
        server.shutdown()
        thread.join(WAIT_SECONDS)
        server.close()


@contextlib.contextmanager
def running_receiver() -> Iterator[WebhookReceiver]:
    """Somebody to receive webhooks, on a port of this machine."""
    receiver = WebhookReceiver(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            # Before the answer, after which the next one may come.
            receiver.received.append(Received(self.path, body, self.headers["Stripe-Signature"]))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/stripe/"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def payment_request(**changes: Any) -> PaymentRequest:
    """A request for 1,234.50 INR in two lines; changes: fields that differ."""
    fields: dict[str, Any] = {
        "key": "attempt:1",
        "amount": Decimal("1234.50"),
        "currency": "INR",
        "order_number": "K7-4412",
        "attempt_reference": "0b7c5a52-3a6b-4c3e-9d4e-5d0f6f3f2a10",
        "lines": (
            PaymentLine("Buckwheat flour", 2, Decimal("1000.00")),
            PaymentLine("Delivery", 1, Decimal("234.50")),
        ),
        "success_url": "http://shop.example/paid?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/basket",
        "expires_at": (datetime.now(UTC) + timedelta(minutes=40)).replace(microsecond=0),
        "customer_email": "dema@example.org",
    }
    return PaymentRequest(**{**fields, **changes})


@pytest.fixture
def webhook_receiver() -> Iterator[WebhookReceiver]:
    """Somebody who keeps every webhook."""
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    """A simulator without webhooks; control("webhooks", urls=[...]) names somebody to send them to."""
    with running_simulator() as running:
        yield running
