"""The HTTP face of the simulator, one thread for each connection."""

from __future__ import annotations

import ipaddress
import json
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from payments.simulator.api import Api, ApiRequest, HungUp
from payments.simulator.clock import Clock
from payments.simulator.contract import published_contract
from payments.simulator.control import Control
from payments.simulator.errors import ApiError
from payments.simulator.faults import Faults
from payments.simulator.frame import PageResponse
from payments.simulator.pages import Pages
from payments.simulator.store import JsonObject, Store
from payments.simulator.webhooks import Courier
from payments.simulator.world import WebhookSettings, World

logger = logging.getLogger(__name__)

MAXIMUM_BODY = 1_000_000
JSON_TYPE = "application/json"


class Simulator(ThreadingHTTPServer):
    """One simulator at an address; serve_forever() answers until close().

    port: 0 takes any free one. state_file: keeps every object over a restart; None forgets.
    Raises OSError when the port is taken, sqlite3.Error for a state file that is not ours.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        *,
        port: int,
        host: str = "127.0.0.1",
        webhook_urls: tuple[str, ...] = (),
        secrets: tuple[str, ...] = (),
        connect_webhook_urls: tuple[str, ...] = (),
        connect_secrets: tuple[str, ...] = (),
        state_file: Path | None = None,
        public_url: str = "",
    ) -> None:
        super().__init__((host, port), RequestHandler)
        self.url = public_url.rstrip("/") or f"http://{host}:{self.server_address[1]}"
        try:
            store = Store(state_file)
        except BaseException:
            self.server_close()
            raise
        settings = WebhookSettings(
            urls=webhook_urls,
            secrets=secrets,
            connect_urls=connect_webhook_urls,
            connect_secrets=connect_secrets,
        )
        self.world = World(store, Clock(), published_contract(), self.url, settings)
        faults = Faults()
        self.api = Api(self.world, faults)
        self.control = Control(self.world, faults)
        self.pages = Pages(self.world)
        self.courier = Courier(self.world)
        self.courier.start()

    def close(self) -> None:
        """Stop delivering and close the port and the file; after shutdown()."""
        self.courier.stop()
        self.server_close()
        self.world.store.close()


class RequestHandler(BaseHTTPRequestHandler):
    """Reads one request and hands it to the part that answers it."""

    server: Simulator
    protocol_version = "HTTP/1.1"
    server_version = "simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 65536  # headers and body leave in one packet

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer a DELETE, which no part knows yet."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name given by the base class
        """Log quietly: one line a request drowns everything else in a development console."""
        logger.debug(format, *args)

    def _answer(self) -> None:
        try:
            body = self._body()
            parts = urlsplit(self.path)
            path = unquote(parts.path)
            if path.startswith("/v1/"):
                self._answer_api(path, parts.query, body)
            elif path.startswith("/_control/"):
                values = dict(parse_qsl(parts.query)) if self.command == "GET" else self._control_values(body)
                self._send_json(200, self._controlled(path, values))
            elif path == "/healthz":
                self._send_json(200, {"status": "ok"})
            else:
                form = dict(parse_qsl(body.decode(), keep_blank_values=True))
                self._send(self.server.pages.answer(self.command, path, form))
        except ApiError as error:
            self._send_json(error.status, error.body())
        except HungUp as fault:
            time.sleep(fault.seconds)
            self._hang_up()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception as error:
            logger.exception("Request failed")
            failure = ApiError(500, f"The simulator failed: {error!r}", type="api_error")
            self._send_json(500, failure.body())

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > MAXIMUM_BODY:
            self.close_connection = True
            raise ApiError(413, "The body is too large or has no length.")
        return self.rfile.read(int(length))

    def _answer_api(self, path: str, query: str, body: bytes) -> None:
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise ApiError(400, "The body is not UTF-8.") from error
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.api.answer(ApiRequest(self.command, path, query, text, headers))
        self._send_json(answer.status, answer.body, **answer.headers)

    def _control_values(self, body: bytes) -> JsonObject:
        # A form on some web page can post to loopback, but not with this content type.
        if self.headers.get_content_type() != JSON_TYPE:
            raise ApiError(415, "Control calls take application/json.")
        try:
            values = json.loads(body or b"{}")
        except ValueError as error:
            raise ApiError(400, "The body is not JSON.") from error
        if not isinstance(values, dict):
            raise ApiError(400, "The body is not a JSON object.")
        return values

    def _controlled(self, path: str, values: JsonObject) -> JsonObject:
        if not ipaddress.ip_address(self.client_address[0]).is_loopback:
            raise ApiError(403, "Control calls come from this machine only.")
        return self.server.control.answer(self.command, path.removeprefix("/_control/"), values)

    def _send_json(self, status: int, values: JsonObject, **headers: str) -> None:
        self._send(PageResponse(status, json.dumps(values).encode(), JSON_TYPE, headers))

    def _send(self, answer: PageResponse) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
