"""Work of the programme office that no request waits for."""

from celery import shared_task
from django.utils import timezone

from programme.services import broadcasting, featuring, impact_publishing, misuse, report_runs, story_photos

# Half a million rows on a busy machine.
REPORT_SECONDS = 900


@shared_task(name="programme.draw_turns")
def draw_turns() -> int:
    """Today's turns of places, where they are missing."""
    return featuring.draw_today()


@shared_task(name="programme.publish_impact")
def publish_impact() -> int:
    """Tell the public of the months that are over."""
    return impact_publishing.publish_closed_months()


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


@shared_task(name="programme.make_report", soft_time_limit=REPORT_SECONDS, time_limit=REPORT_SECONDS + 30)
def make_report(run_pk: int) -> None:
    """Make the file of one report."""
    report_runs.make(run_pk)


@shared_task(name="programme.make_reports", soft_time_limit=REPORT_SECONDS, time_limit=REPORT_SECONDS + 30)
def make_reports() -> int:
    """Make reports whose task was lost or whose worker was killed."""
    return report_runs.make_waiting()


@shared_task(name="programme.expire_reports")
def expire_reports() -> int:
    """Remove files of reports that were kept long enough."""
    return report_runs.expire(timezone.now())
