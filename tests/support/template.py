"""A migrated database, kept between runs: migrating from nothing takes longer than most test runs."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from marketplace.launcher import postgres, processes
from marketplace.launcher.errors import StartupError

DATABASE = "migrated"
KEPT = 3


def start_migrated(
    supervisor: processes.Supervisor, folder: Path, *, project: Path
) -> postgres.EmbeddedPostgres:
    """Start a server in `folder` that holds the migrated database. Raises StartupError when migrating fails."""
    server = postgres.EmbeddedPostgres(folder, project=project, durable=False)
    store = project / "var" / "test-templates" / _fingerprint(project, server.binaries)
    if _copy(store, folder):
        server.start(supervisor)
        return server
    child = server.start(supervisor)
    server.create_database(DATABASE)
    _migrate(server.url(DATABASE), project)
    # Files may only be copied while no server writes to them.
    supervisor.stop([child])
    _keep(folder, store)
    server.start(supervisor)
    return server


def _fingerprint(project: Path, binaries: postgres.Binaries) -> str:
    """Changes with every migration, package and server, and with what the audit tracks."""
    digest = hashlib.sha256(str(binaries).encode())
    rooms = [
        room for room in project.iterdir() if room.is_dir() and room.name[0] != "." and room.name != "var"
    ]
    migrations = [file for room in rooms for file in room.rglob("migrations/*.py")]
    audit = [project / "audit" / name for name in ("tracked.py", "triggers.py")]
    for file in [*sorted(migrations), *audit, project / "requirements.txt"]:
        digest.update(str(file.relative_to(project)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _migrate(url: str, project: Path) -> None:
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "marketplace.settings.test"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    result = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise StartupError(f"migrating the test database failed:\n{result.stderr}")


def _copy(store: Path, folder: Path) -> bool:
    if not store.exists():
        return False
    try:
        shutil.copytree(store, folder, symlinks=True)
        os.utime(store)
    except (OSError, shutil.Error):
        # Another run has just thrown it away.
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return True


def _keep(folder: Path, store: Path) -> None:
    """Store a copy under its name; a run beside this one may have been quicker."""
    fresh = store.with_name(f"{store.name}.{os.getpid()}")
    try:
        shutil.copytree(folder, fresh, symlinks=True)
        fresh.rename(store)
    except (OSError, shutil.Error):
        shutil.rmtree(fresh, ignore_errors=True)
        return
    by_use = sorted(store.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in by_use[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
