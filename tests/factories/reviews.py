"""What buyers say, and what groups answer."""

from datetime import date

import factory
from django.utils import timezone

from orders.models import Review, ReviewAnswer


class ReviewFactory(factory.django.DjangoModelFactory):
    """A published review of four stars; pass the line. Trait: waiting."""

    class Meta:
        model = Review

    class Params:
        waiting = factory.Trait(state=Review.State.WAITING)

    listing = factory.SelfAttribute("line.product")
    state = Review.State.PUBLISHED
    stars = 4
    words = "Very red and very good"
    bought_on = date(2026, 10, 1)
    submitted_at = factory.LazyFunction(timezone.now)


class ReviewAnswerFactory(factory.django.DjangoModelFactory):
    """An answer that waits; pass review__line."""

    class Meta:
        model = ReviewAnswer

    review = factory.SubFactory(ReviewFactory)
    words = "Thank you"
    submitted_at = factory.LazyFunction(timezone.now)
