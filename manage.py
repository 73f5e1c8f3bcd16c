#!/usr/bin/env python
"""Command line of the marketplace."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line


def use_running_database() -> None:
    """Without DATABASE_URL, work on the database of the marketplace that `make run` keeps up in this folder."""
    folder = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent / "var")
    address = folder / "database-url"
    if "DATABASE_URL" not in os.environ and address.exists():
        os.environ["DATABASE_URL"] = address.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")
    use_running_database()
    execute_from_command_line(sys.argv)
