"""What is asked for by the environment: ports, folders, outside services."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from marketplace.launcher import ports
from marketplace.launcher.errors import StartupError

OLDEST_PYTHON = (3, 11)
WEBHOOK_PATH = "/payments/webhooks/stripe/"


@dataclass(frozen=True)
class Plan:
    """How this run is set up.

    database_url, redis_url: empty when the launcher supplies its own database or no Redis is used.
    simulator_port: None when STRIPE_API_BASE names a provider of its own.
    """

    project: Path
    var: Path
    port: int
    simulator_port: int | None
    site_url: str
    database_url: str
    redis_url: str
    reload: bool

    @property
    def local_url(self) -> str:
        """Address of the web server on this machine."""
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def webhook_url(self) -> str:
        """Where the simulator reports: straight to the web server, whatever SITE_URL says."""
        return self.local_url + WEBHOOK_PATH


def read_plan(project: Path, environ: Mapping[str, str]) -> Plan:
    """Read and check the settings of the launcher. Raises StartupError naming the first one that is wrong."""
    if sys.version_info < OLDEST_PYTHON:
        raise StartupError(f"Python {sys.version.split()[0]} is too old; 3.11 or newer is needed")
    port = ports.read_port("PORT", environ.get("PORT") or "8000")
    simulator_port = None
    if not environ.get("STRIPE_API_BASE"):
        simulator_port = ports.read_port("SIMULATOR_PORT", environ.get("SIMULATOR_PORT") or str(port + 1))
        if simulator_port == port:
            raise StartupError("PORT and SIMULATOR_PORT must differ")
    return Plan(
        project=project,
        var=_var_folder(project, environ.get("VAR_DIR") or "var"),
        port=port,
        simulator_port=simulator_port,
        site_url=(environ.get("SITE_URL") or f"http://{ports.LOOPBACK}:{port}").rstrip("/"),
        database_url=environ.get("DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
        reload=environ.get("AUTORELOAD", "").lower() in {"1", "true", "yes", "on"},
    )


def child_environment(plan: Plan, database_url: str) -> dict[str, str]:
    """Environment of the processes: what was given, completed."""
    env = dict(os.environ)
    env.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")
    env |= {
        "DATABASE_URL": database_url,
        "PORT": str(plan.port),
        "SITE_URL": plan.site_url,
        "VAR_DIR": str(plan.var),
        "PYTHONUNBUFFERED": "1",
    }
    if plan.simulator_port is not None:
        env["SIMULATOR_PORT"] = str(plan.simulator_port)
        env["STRIPE_API_BASE"] = f"http://{ports.LOOPBACK}:{plan.simulator_port}"
    return env


def _var_folder(project: Path, word: str) -> Path:
    folder = (project / word).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartupError(f"the folder {folder} cannot be made ({error.strerror}); set VAR_DIR") from None
    if not os.access(folder, os.W_OK):
        raise StartupError(f"the folder {folder} cannot be written to; set VAR_DIR")
    return folder
