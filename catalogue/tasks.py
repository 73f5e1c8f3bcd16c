"""Work on photos that a request does not wait for."""

from celery import shared_task

from catalogue.services import renditions


@shared_task(name="catalogue.make_renditions", autoretry_for=(OSError,), retry_backoff=10, max_retries=3)
def make_renditions(photo_pk: int) -> None:
    """Renditions of one photo; a storage that does not answer is asked again, then the periodic task goes on."""
    renditions.make_renditions(photo_pk)


@shared_task(name="catalogue.make_missing_renditions")
def make_missing_renditions() -> int:
    """Renditions of photos whose task was lost."""
    return renditions.make_missing_renditions()
