"""The queues of the staff, for the front page of the admin."""

from django import template

from dashboard.staff_queues import Queue, queues

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_queues(context: template.Context) -> list[Queue]:
    """What waits for the person who looks at the page."""
    return queues(context["request"].user)
