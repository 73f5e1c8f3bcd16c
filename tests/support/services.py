"""A real marketplace of several processes, against the database of the running test."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

from django.db import connection

from marketplace.launcher import ports, processes, services
from marketplace.launcher.folders import make_folders

PROJECT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120


class Service:
    """One of the processes; it can be started again after it was stopped or killed."""

    def __init__(
        self, name: str, command: list[str], *, env: Mapping[str, str], supervisor: processes.Supervisor
    ) -> None:
        """Describe the process; start() starts it."""
        self.name = name
        self.command = command
        self.env = env
        self.supervisor = supervisor
        self.child: processes.Child | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self.child is not None and self.child.is_running()

    @property
    def log(self) -> str:
        """All that the process has written since its last start."""
        return self.child.log.read_text(encoding="utf-8") if self.child else ""

    def start(self) -> None:
        """Start the process; it may take a moment until it serves."""
        assert not self.is_running, f"{self.name} runs already"
        self.child = self.supervisor.start(self.name, self.command, env=self.env, cwd=PROJECT)

    def stop(self) -> None:
        """Stop the process as an operator would."""
        if self.child:
            self.supervisor.stop([self.child])

    def kill(self) -> None:
        """End the process and its children with SIGKILL, as a power cut would."""
        assert self.child, f"{self.name} was never started"
        self.child.kill()


class RunningMarketplace:
    """Web server, worker and Stripe simulator on ports of their own, for one test.

    Needs a test with a transactional database: other processes see committed rows only.
    folder: mail, SMS, files and logs go there (`folder/mail`, `folder/log`).
    redis_url: broker and cache; without it the file system broker and the database cache are used.
    extra: more environment variables for every process.
    """

    def __init__(self, folder: Path, *, redis_url: str = "", extra: Mapping[str, str] | None = None) -> None:
        """Describe the processes; entering the context starts them."""
        self.folder = folder
        self.url = f"http://{ports.LOOPBACK}:{ports.any_free()}"
        self.simulator_url = f"http://{ports.LOOPBACK}:{ports.any_free()}"
        make_folders(folder)
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "DJANGO_SETTINGS_MODULE": "tests.support.process_settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis_url,
            "VAR_DIR": str(folder),
            "SITE_URL": self.url,
            "STRIPE_API_BASE": self.simulator_url,
            **(extra or {}),
        }
        self._supervisor = processes.Supervisor(folder / "log")
        simulator = services.simulator(
            _port(self.simulator_url),
            webhook_url=f"{self.url}/payments/webhooks/stripe/",
            state_file=folder / "simulator.json",
        )
        self.web = self._service("web", services.web(PROJECT, _port(self.url)), env | {"WEB_WORKERS": "1"})
        self.worker = self._service("worker", services.worker(), env)
        self.simulator = self._service("simulator", simulator, env)

    def __enter__(self) -> Self:
        """Start everything and wait until it serves."""
        try:
            for service in (self.web, self.worker, self.simulator):
                service.start()
            self.wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop everything."""
        self.stop()

    def stop(self) -> None:
        """End all processes at once, as nothing of theirs is kept; may be called twice."""
        for child in self._supervisor.children:
            child.kill()
        self._supervisor.close()

    def wait_until_healthy(self) -> None:
        """Wait until web server, database, broker and worker answer. Raises TimeoutError with the logs."""
        wait_until(
            lambda: _answers(f"{self.url}/healthz") and _answers(self.simulator_url, any_status=True),
            seconds=START_SECONDS,
            explain=lambda: "\n".join(s.log[-2000:] for s in (self.web, self.worker, self.simulator)),
        )

    def _service(self, name: str, command: list[str], env: Mapping[str, str]) -> Service:
        return Service(name, command, env=env, supervisor=self._supervisor)


def wait_until(
    condition: Callable[[], object], *, seconds: float = 60, explain: Callable[[], str] | None = None
) -> None:
    """Wait until the condition is true. Raises TimeoutError with the explanation otherwise."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s\n{explain() if explain else ''}")
        time.sleep(0.05)


def database_url() -> str:
    """Address of the database of the running test."""
    now = connection.settings_dict
    user = f"{quote(now['USER'], safe='')}:{quote(now['PASSWORD'], safe='')}"
    place = quote(now["HOST"], safe="") + (f":{now['PORT']}" if now["PORT"] else "")
    return f"postgres://{user}@{place}/{now['NAME']}"


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _answers(url: str, *, any_status: bool = False) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3):
            return True
    except urllib.error.HTTPError:
        return any_status
    except OSError:
        return False
