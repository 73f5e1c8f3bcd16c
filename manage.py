#!/usr/bin/env python
"""Command line of the marketplace."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

from django.core.management import execute_from_command_line

from marketplace.lib.audit import noting

# Its statements hold signs that are no places for values.
UNNOTED = "migrate"


def use_running_database() -> None:
    """Without DATABASE_URL, work on the database of the marketplace that `make run` keeps up in this folder."""
    folder = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent / "var")
    address = folder / "database-url"
    if "DATABASE_URL" not in os.environ and address.exists():
        os.environ["DATABASE_URL"] = address.read_text(encoding="utf-8").strip()


def main() -> None:
    """Run the command that was asked for; the audit knows what it writes by its name."""
    name = next(iter(sys.argv[1:]), "")
    with nullcontext() if name == UNNOTED else noting(via=f"command {name}"):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")
    use_running_database()
    main()
