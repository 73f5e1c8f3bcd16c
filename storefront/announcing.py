"""Announcements on the pages of shop, desk and office, and what a visitor has put away."""

from django.http import HttpRequest

from programme.models import Announcement
from programme.selectors.announcements import Told, told

PUT_AWAY = "announcements-put-away"
MOST_KEPT = 50
Audience = Announcement.Audience


def announced(request: HttpRequest, *, in_admin: bool = False) -> list[Told]:
    """For the pages of shop and desk, or of the admin."""
    audiences = (Audience.STAFF,) if in_admin else (Audience.EVERYBODY, Audience.MEMBERS)
    user = getattr(request, "user", None)
    if user is None:
        # An error page of a request that did not come so far.
        return []
    return told(user, audiences, dismissed=request.session.get(PUT_AWAY, ()))


def put_away(request: HttpRequest, pk: int) -> None:
    """Show it no more in this browser; twice is once."""
    kept = [key for key in request.session.get(PUT_AWAY, []) if key != pk]
    request.session[PUT_AWAY] = [*kept, pk][-MOST_KEPT:]
