"""Stories in lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from programme.domain.words import Words
from programme.models import Story, StoryPhoto


@dataclass(frozen=True)
class StoryCard:
    """A story in a list. place_code: empty without a place; picture: its first photo, or None."""

    url: str
    title: Words
    summary: Words
    place: str
    place_code: str
    published_at: datetime | None
    picture: StoryPhoto | None
    is_example: bool


def story_cards(stories: QuerySet[Story]) -> list[StoryCard]:
    """Cards of stories in their order; one query, first photos included."""
    fields = ("original", "width", "height", "has_renditions", "alt_text")
    first = StoryPhoto.objects.filter(story=OuterRef("pk")).order_by("display_order", "pk")
    photo = Subquery(first.values(found=JSONObject(**{field: field for field in fields}))[:1])
    rows: Iterable[Story] = stories.select_related("region").annotate(photo=photo)
    return [_card(row) for row in rows]


def _card(row: Story) -> StoryCard:
    photo = row.photo  # type: ignore[attr-defined]  # annotated above
    return StoryCard(
        row.get_absolute_url(),
        row.said("title"),
        row.said("summary"),
        row.region.name if row.region else "",
        row.region.code if row.region else "",
        row.published_at,
        StoryPhoto(**photo) if photo else None,
        row.is_example,
    )
