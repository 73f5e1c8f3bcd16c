"""Work of the programme office that no request waits for."""

from celery import shared_task
from django.utils import timezone

from programme.services import broadcasting, featuring, misuse, story_photos


@shared_task(name="programme.draw_turns")
def draw_turns() -> int:
    """Today's turns of places, where they are missing."""
    return featuring.draw_today()


@shared_task(name="programme.make_renditions", autoretry_for=(OSError,), retry_backoff=10, max_retries=3)
def make_renditions(photo_pk: int) -> None:
    """Renditions of one photo of a story; when the storage does not answer for long, the periodic task goes on."""
    story_photos.make_renditions(photo_pk)


@shared_task(name="programme.make_missing_renditions")
def make_missing_renditions() -> int:
    """Renditions of photos of stories whose task was lost."""
    return story_photos.make_missing_renditions()


@shared_task(name="programme.forget_reporters")
def forget_reporters() -> int:
    """Wipe the contacts of visitors whose reports were decided long ago."""
    return misuse.forget_reporters(timezone.now())


@shared_task(name="programme.queue_broadcast")
def queue_broadcast(broadcast_pk: int) -> None:
    """Go on with one message to groups."""
    broadcasting.run(broadcast_pk)


@shared_task(name="programme.queue_broadcasts")
def queue_broadcasts() -> int:
    """Go on with messages to groups whose task was lost."""
    return broadcasting.run_all()
