"""Folders that must exist before the processes start."""

from pathlib import Path


def make_broker_folders(var: Path) -> None:
    """Make the folders of Celery's file system broker, which it does not make itself."""
    for name in ("messages", "control", "processed"):
        (var / "broker" / name).mkdir(parents=True, exist_ok=True)
