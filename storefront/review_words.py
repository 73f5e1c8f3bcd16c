"""How a review stands, in words for its buyer."""

from django.utils.translation import gettext as _

from orders.models import Review

State = Review.State


def words_of_review(review: Review) -> str:
    """Whether it is shown, and why not. Read with its events, it takes no query."""
    words = {
        State.WAITING: _("The office reads what you wrote, then it is shown."),
        State.PUBLISHED: _("What you wrote is shown beside the goods."),
        State.REFUSED: _("What you wrote is not shown: %(reason)s"),
        State.TAKEN_DOWN: _("What you wrote is shown no longer: %(reason)s"),
    }[State(review.state)]
    return words % {"reason": review.reason} if "%(reason)s" in words else words
