"""Brings the database up to date, then says how to log in: `python -m marketplace.launcher.prepare IDENTITY`."""

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit import triggers
from marketplace.lib.audit import noting


def main(identity: str) -> None:
    """Migrate and load what is missing; progress goes to standard error, the logins to standard output.

    identity: word for the database; what was loaded into another one does not count.
    """
    stamp_file = Path(settings.VAR_DIR) / "prepared.json"
    stamp = _read(stamp_file, identity)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("bringing the database up to date")
        call_command("migrate", verbosity=0, interactive=False)
    else:
        # What the audit tracks may change without any migration.
        triggers.after_migrations(connection.alias)
    call_command("createcachetable", verbosity=0)
    with noting(via="command make run"):
        _load(stamp_file, stamp)
    call_command("load_demo", print_logins=True)


def _load(stamp_file: Path, stamp: dict[str, Any]) -> None:
    # Knows by itself which files it has loaded already.
    call_command("load_reference_data", stdout=sys.stderr)
    call_command("load_tax_rates", stdout=sys.stderr)
    call_command("create_staff_groups", stdout=sys.stderr)
    call_command("create_requirements", stdout=sys.stderr)
    call_command("create_canned_reasons", stdout=sys.stderr)
    if not stamp.get("demonstration"):
        _say("loading demonstration data")
        call_command("load_demo", stdout=sys.stderr)
        _write(stamp_file, stamp | {"demonstration": True})


def _end_group(_number: int, _frame: FrameType | None) -> None:
    """The processes that draw pictures must not outlive this one."""
    os.killpg(0, signal.SIGKILL)


def _read(stamp_file: Path, identity: str) -> dict[str, Any]:
    try:
        stamp: dict[str, Any] = json.loads(stamp_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stamp = {}
    return stamp if stamp.get("database") == identity else {"database": identity}


def _write(stamp_file: Path, stamp: dict[str, Any]) -> None:
    stamp_file.write_text(json.dumps(stamp, indent=1), encoding="utf-8")


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")
    signal.signal(signal.SIGTERM, _end_group)
    django.setup()
    main(sys.argv[1])
