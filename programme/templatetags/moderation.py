"""Words for the pages of moderation."""

from datetime import timedelta

from django import template
from django.utils import timezone

from marketplace.lib.spans import span_words

register = template.Library()


@register.filter
def span_length(length: timedelta) -> str:
    """A span of time in words: "3 days, 2 hours"."""
    now = timezone.now()
    return span_words(now, now + length)
