"""What a benchmark runs on: a PostgreSQL server that is safe against power cuts, Redis, worker and simulator."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django
from django.db import connections

from marketplace.launcher import ports, postgres, processes, redis, services
from marketplace.launcher.folders import make_folders

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = "marketplace.settings.development"
FOLDER_PREFIX = "marketplace-benchmark-"


@dataclass(frozen=True)
class Ground:
    """The servers of one benchmark. folder: their files, gone afterwards. env: for further processes."""

    supervisor: processes.Supervisor
    folder: Path
    env: dict[str, str]
    simulator_url: str

    def start_simulator(self) -> None:
        """Start the Stripe simulator, which sends its webhooks to nobody."""
        port = int(self.simulator_url.rpartition(":")[2])
        nobody = f"http://{ports.LOOPBACK}:{ports.any_free()}/"
        command = services.simulator(port, webhook_url=nobody, state_file=self.folder / "simulator.json")
        self.supervisor.start("simulator", command, env=self.env, cwd=PROJECT)

    def start_worker(self, *, concurrency: int) -> processes.Child:
        """Start one worker of all queues with that many processes."""
        command = services.worker()
        command[command.index("--concurrency") + 1] = str(concurrency)
        command[command.index("--loglevel") + 1] = "WARNING"
        return self.supervisor.start("worker", command, env=self.env, cwd=PROJECT)


@contextmanager
def prepared() -> Iterator[Ground]:
    """A migrated, empty database and a broker, for this process and those that it starts."""
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
    try:
        with processes.Supervisor(folder / "log") as supervisor:
            server = postgres.EmbeddedPostgres(folder / "pg", project=PROJECT, durable=True)
            server.start(supervisor)
            server.create_database("benchmark")
            simulator_url = f"http://{ports.LOOPBACK}:{ports.any_free()}"
            own = {
                "DJANGO_SETTINGS_MODULE": SETTINGS,
                "DATABASE_URL": server.url("benchmark"),
                "REDIS_URL": redis.start(supervisor, folder / "redis", env=dict(os.environ)),
                "VAR_DIR": str(folder),
                "STRIPE_API_BASE": simulator_url,
                "LOG_LEVEL": "WARNING",
            }
            make_folders(folder)
            env = {**os.environ, **own}
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=PROJECT, env=env, check=True)  # noqa: S603 - our own command
            os.environ.update(own)
            django.setup()
            try:
                yield Ground(supervisor, folder, env, simulator_url)
            finally:
                connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
