"""Work on orders that no request does."""

from celery import shared_task
from django.utils import timezone

from orders.services import fulfilment


@shared_task(name="orders.deliver_overdue")
def deliver_overdue() -> None:
    """Count as delivered what must have come by now."""
    fulfilment.deliver_overdue(timezone.now())
