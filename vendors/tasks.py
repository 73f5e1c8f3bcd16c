"""Work for groups that a request does not wait for: photos, word of stock that runs low, invitations and certificates that run out."""

import logging

from celery import shared_task

from vendors.services import certificate_warnings, invitations, low_stock, story

logger = logging.getLogger(__name__)


@shared_task(name="vendors.make_renditions", autoretry_for=(OSError,), retry_backoff=10, max_retries=3)
def make_renditions(photo_pk: int) -> None:
    """Renditions of one photo; a storage that does not answer is asked again, then the periodic task goes on."""
    story.make_renditions(photo_pk)


@shared_task(name="vendors.make_missing_renditions")
def make_missing_renditions() -> int:
    """Renditions of photos whose task was lost; returns how many got theirs."""
    done = 0
    for pk in story.photos_without_renditions():
        try:
            done += story.make_renditions(pk)
        except OSError:
            # One lost file must not keep the others waiting.
            logger.warning("renditions not made", extra={"photo": pk}, exc_info=True)
    return done


@shared_task(name="vendors.tell_of_low_stock")
def tell_of_low_stock() -> int:
    """Tell groups what has fallen low; returns of how many sizes."""
    return low_stock.tell_of_low_stock()


@shared_task(name="vendors.warn_of_certificate_ends")
def warn_of_certificate_ends() -> int:
    """Tell groups which certificates run out; returns of how many."""
    return certificate_warnings.warn_of_ends()


@shared_task(name="vendors.end_old_invitations")
def end_old_invitations() -> int:
    """Write down which invitations have run out; returns how many."""
    return invitations.expire()
