"""Work on orders that no request does."""

from celery import shared_task
from django.utils import timezone

from orders.services import (
    accept_clock,
    basket_clearing,
    fulfilment,
    rest_clock,
    returns,
    review_asking,
    reviews,
)


@shared_task(name="orders.deliver_overdue")
def deliver_overdue() -> None:
    """Count as delivered what must have come by now."""
    fulfilment.deliver_overdue(timezone.now())


@shared_task(name="orders.keep_accept_clock")
def keep_accept_clock() -> None:
    """Remind groups of what they have not answered, and give up what they did not answer in time."""
    accept_clock.keep_accept_clock(timezone.now())


@shared_task(name="orders.keep_rest_clock")
def keep_rest_clock() -> None:
    """Remind groups of goods of which only some have left, and give up what did not leave in time."""
    rest_clock.keep_rest_clock(timezone.now())


@shared_task(name="orders.move_overdue_returns")
def move_overdue_returns() -> None:
    """Move on the returns whose time is up."""
    returns.move_overdue(timezone.now())


@shared_task(name="orders.ask_for_reviews")
def ask_for_reviews() -> int:
    """Ask buyers how the goods were that they have had for some days."""
    return review_asking.ask_for_reviews(timezone.now())


@shared_task(name="orders.mend_ratings")
def mend_ratings() -> int:
    """Count reviews again where the figure of a listing has drifted from them."""
    return reviews.mend_ratings()


@shared_task(name="orders.clear_baskets")
def clear_baskets() -> int:
    """Delete baskets that nobody comes back to."""
    return basket_clearing.clear_abandoned(timezone.now())
