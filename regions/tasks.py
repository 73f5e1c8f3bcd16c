"""Periodic work about places."""

from celery import shared_task

from regions.services import register_changes


@shared_task(name="regions.carry_out_changes")
def carry_out_changes() -> int:
    """Changes of places whose day has begun in their country, and what was left behind by those of before."""
    done = register_changes.carry_out_due()
    register_changes.follow_late()
    return done
