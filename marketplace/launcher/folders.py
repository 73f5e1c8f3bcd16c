"""Folders that must exist before the processes start."""

from pathlib import Path

# Celery's file system broker does not make its own; the web server warns of missing static files.
NEEDED = ("broker/messages", "broker/control", "broker/processed", "static")


def make_folders(var: Path) -> None:
    """Make the folders under `var` that nobody else makes."""
    for name in NEEDED:
        (var / name).mkdir(parents=True, exist_ok=True)
