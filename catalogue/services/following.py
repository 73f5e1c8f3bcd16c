"""Following places and groups, and switching the message about them on and off."""

from typing import Any

from django.utils import timezone

from catalogue.errors import FollowsTooMany
from catalogue.models import Follow, FollowNews
from regions.models import Region
from vendors.models import Partner

# What is new in all of them is looked for by one query.
MOST = 60


def follow_place(person: Any, region: Region) -> None:
    """Follow a place and all that lies in it; twice is once. Raises FollowsTooMany."""
    _follow(person, {"region": region})


def follow_group(person: Any, vendor: Partner) -> None:
    """Follow a group; twice is once. Raises FollowsTooMany."""
    _follow(person, {"vendor": vendor})


def unfollow_place(person: Any, region: Region) -> None:
    """Follow it no more; twice is once."""
    Follow.objects.filter(person=person, region=region).delete()


def unfollow_group(person: Any, vendor: Partner) -> None:
    """Follow it no more; twice is once."""
    Follow.objects.filter(person=person, vendor=vendor).delete()


def leave(person: Any, follow_pk: int) -> None:
    """Follow one of them no more, by its row; of another person nothing changes, and twice is once."""
    Follow.objects.filter(person=person, pk=follow_pk).delete()


def want_news(person: Any, *, is_wanted: bool) -> None:
    """Switch the weekly message on or off. Switched on anew, it tells of what comes from then on."""
    now = timezone.now()
    rows = FollowNews.objects.filter(person=person)
    if not is_wanted:
        rows.update(is_wanted=False)
        return
    rows.filter(is_wanted=False).update(is_wanted=True, told_until=now)


def stop_news(news: FollowNews) -> None:
    """Switch it off by the link in a message; twice is once."""
    FollowNews.objects.filter(pk=news.pk).update(is_wanted=False)


def _follow(person: Any, what: dict[str, Any]) -> None:
    mine = Follow.objects.filter(person=person)
    if not mine.filter(**what).exists() and mine.count() >= MOST:
        raise FollowsTooMany(MOST)
    Follow.objects.get_or_create(person=person, **what)
    FollowNews.objects.get_or_create(person=person, defaults={"told_until": timezone.now()})
