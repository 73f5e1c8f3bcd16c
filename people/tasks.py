"""Periodic work about people."""

from celery import shared_task

from people.services import codes


@shared_task(name="people.sweep_codes")
def sweep_codes() -> int:
    """Delete codes and counts that are over."""
    return codes.sweep()
