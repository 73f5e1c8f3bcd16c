"""What waits for the staff, and words for the pages of moderation."""

from datetime import timedelta

from django import template
from django.utils import timezone

from marketplace.lib.spans import span_words
from programme.front_page import Queue, queues

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_queues(context: template.Context) -> list[Queue]:
    """What waits for the person who looks at the page."""
    return queues(context["request"].user)


@register.filter
def span_length(length: timedelta) -> str:
    """A span of time in words: "3 days, 2 hours"."""
    now = timezone.now()
    return span_words(now, now + length)
