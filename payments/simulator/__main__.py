"""Run the simulator: python -m payments.simulator --port 12111 --webhook-url URL --secret whsec_... --state-file PATH."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from payments.simulator.server import Simulator


def main() -> int:
    """Serve until interrupted or terminated; 1 with one clear line when it cannot start."""
    options = _parser().parse_args()
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.WARNING, format="simulator: %(message)s"
    )
    if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        return _refuse("the payment simulator moves no money and does not run in production")
    if options.webhook_url and not options.secret:
        return _refuse("--webhook-url needs --secret to sign with")
    if options.connect_webhook_url and not options.connect_secret:
        return _refuse("--connect-webhook-url needs --connect-secret to sign with")
    try:
        if options.state_file:
            options.state_file.parent.mkdir(parents=True, exist_ok=True)
        simulator = Simulator(
            port=options.port,
            host=options.host,
            webhook_urls=tuple(options.webhook_url),
            secrets=tuple(options.secret),
            connect_webhook_urls=tuple(options.connect_webhook_url),
            connect_secrets=tuple(options.connect_secret),
            state_file=options.state_file,
            public_url=options.public_url,
        )
    except (OSError, OverflowError) as error:
        return _refuse(f"cannot listen on {options.host}:{options.port}: {error}")
    except sqlite3.Error as error:
        return _refuse(f"cannot use the state file {options.state_file}: {error}")
    # shutdown() waits for serve_forever(), which this very thread runs: ask from another.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=simulator.shutdown).start())
    sys.stdout.write(f"Payment simulator (no money moves): {simulator.url}\n")
    sys.stdout.flush()
    simulator.serve_forever(poll_interval=0.1)
    simulator.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m payments.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="0 takes any free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--public-url", default="", help="where browsers find it; else http://host:port")
    parser.add_argument("--webhook-url", action="append", default=[], help="may be given several times")
    parser.add_argument("--secret", action="append", default=[], help="signs webhooks; several in a rotation")
    parser.add_argument(
        "--connect-webhook-url",
        action="append",
        default=[],
        help="hears of connected accounts; several times",
    )
    parser.add_argument("--connect-secret", action="append", default=[], help="signs what goes there")
    parser.add_argument("--state-file", type=Path, help="keeps every object over a restart")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    return parser


def _refuse(reason: str) -> int:
    sys.stderr.write(f"simulator: {reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
