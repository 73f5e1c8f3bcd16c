"""Reviews of buyers, and what groups answer."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from orders.models import Review, ReviewAnswer, ReviewAnswerEvent, ReviewEvent
from programme.queue.kind import Kind, Sheet

State = Review.State
_DECIDED = frozenset({State.PUBLISHED, State.REFUSED})


def _read_review(review: Review) -> Sheet:
    """What the buyer says, and under which name."""
    return Sheet(
        facts=(
            (_("stars"), review.full_and_empty),
            (_("title"), review.title),
            (_("words"), review.words),
            (_("shown as"), review.by),
            (_("language"), review.language),
            (_("bought on"), date_format(review.bought_on)),
        ),
        address=review.listing.get_absolute_url(),
    )


def _read_answer(answer: ReviewAnswer) -> Sheet:
    """The answer below what it answers."""
    review = answer.review
    return Sheet(
        facts=(
            (_("stars"), review.full_and_empty),
            (_("words of the buyer"), review.words),
            (_("answer"), answer.words),
        ),
        checks=[] if review.state == State.PUBLISHED else [_("The review itself is not shown any more.")],
        address=review.listing.get_absolute_url(),
    )


def _version(row: Any) -> str:
    return str(row.version)


REVIEWS = Kind(
    code="review",
    names=_("reviews of buyers"),
    model=Review,
    rows=lambda: Review.objects.all(),
    state=State.WAITING,
    since="submitted_at",
    titles=("listing__title",),
    place="listing__vendor__home_region",
    group="listing__vendor",
    event=ReviewEvent,
    subject="review",
    decided=_DECIDED,
    read=_read_review,
    version=_version,
    buyers_language="language",
)
ANSWERS = Kind(
    code="answer",
    names=_("answers to reviews"),
    model=ReviewAnswer,
    rows=lambda: ReviewAnswer.objects.all(),
    state=State.WAITING,
    since="submitted_at",
    titles=("review__listing__title",),
    place="review__listing__vendor__home_region",
    group="review__listing__vendor",
    event=ReviewAnswerEvent,
    subject="answer",
    decided=_DECIDED,
    read=_read_answer,
    version=_version,
)
