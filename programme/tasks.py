"""Work of the programme office that no request waits for."""

from celery import shared_task

from programme.services import featuring


@shared_task(name="programme.draw_turns")
def draw_turns() -> int:
    """Today's turns of places, where they are missing."""
    return featuring.draw_today()
