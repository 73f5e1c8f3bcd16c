"""The SMS gateway: what is sent, and which answers are worth another try."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from notices.providers.base import SmsRefused, SmsUnavailable
from notices.providers.sms_gateway import GatewaySmsProvider

MESSAGE = {"key": "k", "to": "+97517123456", "text": "བཀྲ་ཤིས་བདེ་ལེགས།"}


@pytest.fixture
def gateway(settings):
    """A gateway on this machine that answers with its status and keeps what it was sent."""

    class Gateway(BaseHTTPRequestHandler):
        status = 202
        heard = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.heard.append((self.headers["Authorization"], json.loads(body)))
            self.send_response(self.status)
            self.end_headers()

        def log_message(self, *_words):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/sms"
    settings.SMS_GATEWAY_TOKEN = "token"
    yield Gateway
    server.shutdown()
    server.server_close()


def test_a_message_goes_with_its_key_and_token(gateway):
    GatewaySmsProvider().send(**MESSAGE)

    assert gateway.heard == [
        ("Bearer token", {"reference": "k", "to": MESSAGE["to"], "text": MESSAGE["text"]})
    ]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SmsRefused),
        (422, SmsRefused),
        (401, SmsUnavailable),
        (429, SmsUnavailable),
        (500, SmsUnavailable),
        (503, SmsUnavailable),
    ],
)
def test_what_another_try_cannot_mend_is_told_apart(gateway, status, error):
    gateway.status = status

    with pytest.raises(error, match=str(status)):
        GatewaySmsProvider().send(**MESSAGE)


def test_a_gateway_that_is_away_is_worth_another_try(gateway, settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/sms"

    with pytest.raises(SmsUnavailable):
        GatewaySmsProvider().send(**MESSAGE)
