"""Collections, stories and announcements go before the public, and are taken back."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.states import StateEvent, move
from programme.errors import CurationError
from programme.models import Announcement, AnnouncementEvent, Collection, CollectionEvent, Story, StoryEvent
from programme.models.publications import Publication
from programme.policies import can_publish
from programme.selectors.announcements import forget

State = Publication.State
# The history of each kind, and how its events name it.
_EVENTS: dict[type[Publication], tuple[type[StateEvent], str]] = {
    Announcement: (AnnouncementEvent, "announcement"),
    Collection: (CollectionEvent, "collection"),
    Story: (StoryEvent, "story"),
}


def publish(page: Publication, *, actor: Any, reason: str = "") -> bool:
    """Let the public see it, on its days. False when it could already.

    Raises CurationError for somebody who may not decide about its place as it stands now, and IllegalTransition.
    """
    return _move(page, State.PUBLISHED, actor=actor, reason=reason)


def take_back(page: Publication, *, actor: Any, reason: str) -> bool:
    """Hide it from the public; it can be published again. False when it was hidden so already.

    Raises CurationError without a reason or for somebody who may not decide, and IllegalTransition.
    """
    if not reason.strip():
        raise CurationError(_("Write why it is taken back."))
    return _move(page, State.WITHDRAWN, actor=actor, reason=reason)


@transaction.atomic
def _move(page: Publication, target: str, *, actor: Any, reason: str) -> bool:
    rows = type(page)._default_manager.select_for_update(of=("self",))
    locked: Publication = rows.select_related("region").get(pk=page.pk)
    # Asked again of the locked row: its place may have been changed since it was read.
    if not can_publish(actor, locked):
        raise CurationError(_("That is decided elsewhere."))
    event, subject = _EVENTS[type(locked)]
    also = {} if locked.published_at else {"published_at": timezone.now()}
    if isinstance(locked, Announcement):
        transaction.on_commit(forget)
    return move(
        locked,
        target,
        moves=Publication.MOVES,
        event=event,
        subject_field=subject,
        actor=actor,
        reason=reason,
        also=also,
    )
