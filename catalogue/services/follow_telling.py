"""The message about what is new at what somebody follows: at most once a week, and only where something is new.

Found by query among those who want it, so that a run that was missed heals at the next.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalogue.models import Follow, FollowNews
from catalogue.selectors.follows import followed_by, new_there
from catalogue.selectors.listings import ListingCard, card_rows, cards
from catalogue.services.readers import one_contact
from marketplace.lib.addresses import public_link
from notices.services.queueing import notify

logger = logging.getLogger(__name__)

EVERY = timedelta(days=7)
BATCH = 500
# More of them stand on the page that the message leads to.
NAMED = 10
LOOKED_AT = 60


def tell_of_news() -> int:
    """Tell everybody whose week is over of what can be bought newly; returns how many, at most one batch.

    Safe to repeat, beside itself and to be killed: a reader's week is moved on by a statement that only one worker can
    make, in the transaction that queues the message.
    """
    now = timezone.now()
    follows = Follow.objects.filter(person=OuterRef("person"))
    due = FollowNews.objects.filter(
        Exists(follows), is_wanted=True, told_until__lte=now - EVERY, person__is_active=True
    )
    told = 0
    for pk, until in list(due.order_by("told_until", "pk").values_list("pk", "told_until")[:BATCH]):
        try:
            told += _tell(pk, until, now)
        except Exception:
            # The outer edge: one reader whom nobody foresaw must not keep the others waiting.
            logger.exception("news of what is followed not told", extra={"follow_news": pk})
    return told


@transaction.atomic
def _tell(pk: int, until: datetime, now: datetime) -> bool:
    mine = FollowNews.objects.filter(pk=pk, told_until=until, is_wanted=True)
    if not mine.update(told_until=now):
        return False
    news = FollowNews.objects.select_related("person").get(pk=pk)
    found = new_there(followed_by(news.person), since=until).filter(published_at__lte=now)
    to = one_contact(news.person)
    # The cards too: they call goods by their names in the language that is spoken when they are made.
    with override(to.language):
        new = [card for card in cards(card_rows(found)[:LOOKED_AT]) if card.is_available]
        items = _items(new)
    if not new:
        return False
    notify(
        # Unique for a reader and week, should the statement above ever be made twice.
        f"follow-news:{pk}:{until:%Y%m%d%H%M%S}",
        "follow_news",
        to=to,
        context={
            "count": str(len(new)),
            "items": items,
            "link": public_link(reverse("account-following"), language=to.language),
            "stop": public_link(reverse("follow-news-stop", args=[news.token]), language=to.language),
        },
        expires_at=now + EVERY,
    )
    return True


def _items(new: list[ListingCard]) -> str:
    lines = [
        _("%(title)s from %(place)s") % {"title": card.title, "place": card.place} for card in new[:NAMED]
    ]
    return "\n".join(lines)
