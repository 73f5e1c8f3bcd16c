"""Tasks of the notices."""

from celery import shared_task

from notices.services import digests, sending


@shared_task(name="notices.send_notice")
def send_notice(notice_pk: int) -> None:
    """Send one queued notice."""
    sending.send_notice(notice_pk)


@shared_task(name="notices.send_waiting")
def send_waiting() -> None:
    """Send whatever is due, also what no broker ever heard of."""
    sending.send_waiting()


@shared_task(name="notices.gather_digests")
def gather_digests() -> None:
    """Make the daily messages that are due."""
    digests.gather_digests()


@shared_task(name="notices.forget_secrets")
def forget_secrets() -> None:
    """Wipe what was secret and is past its use."""
    sending.forget_secrets()
