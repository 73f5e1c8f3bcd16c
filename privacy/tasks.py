"""Work on people's own data that no request does."""

from celery import shared_task
from django.utils import timezone

from privacy.services import closing, exporting, sessions


@shared_task(name="privacy.make_export")
def make_export(export_pk: int) -> None:
    """Make one file of a person's data."""
    exporting.make(export_pk)


@shared_task(name="privacy.make_exports")
def make_exports() -> int:
    """Make the files whose task was lost."""
    return exporting.make_waiting()


@shared_task(name="privacy.clear_left")
def clear_left() -> int:
    """Take away files that nothing names any more."""
    return exporting.clear_left()


@shared_task(name="privacy.remove_exports")
def remove_exports() -> int:
    """Remove files that were kept long enough."""
    return exporting.remove_old(timezone.now())


@shared_task(name="privacy.clear_sessions")
def clear_sessions() -> int:
    """Delete sessions that are over, and those of accounts that were closed."""
    return sessions.clear_sessions(timezone.now())


@shared_task(name="privacy.forget_old_sales")
def forget_old_sales() -> int:
    """Take names from sales of closed accounts that are old enough."""
    return closing.forget_old_sales(timezone.now())
