"""The processes of a marketplace, as commands."""

import sys
from pathlib import Path

from marketplace.launcher import ports

QUEUES = "money,notices,slow,celery"
SIMULATOR_SECRET = "whsec_simulator"  # noqa: S105 - the simulator moves no money


def web(project: Path, port: int, *, reload: bool = False) -> list[str]:
    """The web server on loopback."""
    command = [sys.executable, "-m", "gunicorn", "--config", str(project / "deploy" / "gunicorn.conf.py")]
    command += ["--bind", f"{ports.LOOPBACK}:{port}", "--graceful-timeout", "5"]
    # Reloading and loading before forking exclude each other.
    command.append("--reload" if reload else "--preload")
    return [*command, "marketplace.wsgi"]


def worker() -> list[str]:
    """The worker of all queues."""
    command = [sys.executable, "-m", "celery", "--app", "marketplace.celery", "worker", "--queues", QUEUES]
    return [*command, "--concurrency", "2", "--loglevel", "INFO", "--without-mingle", "--without-gossip"]


def beat(var: Path) -> list[str]:
    """The clock that starts periodic tasks; it remembers its last runs in `var`."""
    command = [sys.executable, "-m", "celery", "--app", "marketplace.celery", "beat", "--loglevel", "INFO"]
    return [*command, "--schedule", str(var / "beat-schedule"), "--pidfile", ""]


def simulator(port: int, *, webhook_url: str, state_file: Path, secret: str = SIMULATOR_SECRET) -> list[str]:
    """The Stripe simulator, which reports to the webhook address, and of connected accounts to the one below it."""
    command = [
        sys.executable,
        "-m",
        "payments.simulator",
        "--port",
        str(port),
        "--state-file",
        str(state_file),
    ]
    command += ["--webhook-url", webhook_url, "--secret", secret]
    return [*command, "--connect-webhook-url", f"{webhook_url}connect/", "--connect-secret", secret]
