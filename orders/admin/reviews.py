"""Reviews of buyers and answers of groups in Django admin: what waits, and the decisions."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import (
    DecidedAsRead,
    Decision,
    DecisionAdmin,
    EventInline,
    StateFilter,
    Text,
)
from marketplace.lib.read_only_admin import ReadOnlyAdmin, SeenWithPage
from orders.errors import OrderError
from orders.models import Review, ReviewAnswer, ReviewAnswerEvent, ReviewEvent
from orders.models.reviews import group_of
from orders.policies import can_decide_review
from orders.services import reviews
from regions.scoped_admin import ScopedAdmin
from vendors.errors import ApplicationError, ReasonMissing

State = Review.State


class ReviewEventInline(SeenWithPage, EventInline):
    """Decisions about the review."""

    model = ReviewEvent


class ReviewAnswerEventInline(SeenWithPage, EventInline):
    """Decisions about the answer."""

    model = ReviewAnswerEvent


def _publish(row: Any, actor: Any, reason: str) -> bool:
    return reviews.publish(row, actor=actor, reason=reason, version=getattr(row, "seen_version", None))


def _refuse(row: Any, actor: Any, reason: str) -> bool:
    return reviews.refuse(row, actor=actor, reason=reason, version=getattr(row, "seen_version", None))


def _take_down(row: Any, actor: Any, reason: str) -> bool:
    return reviews.take_down(row, actor=actor, reason=reason)


class SpokenAdmin(DecidedAsRead, ScopedAdmin, ReadOnlyAdmin, DecisionAdmin):
    """Words that wait until somebody has read them, the oldest first; written by buyers and groups alone."""

    queue_state = State.WAITING
    queue_field = "submitted_at"
    refusals = (ReasonMissing, ApplicationError, OrderError)
    decisions = (
        Decision("publish", _("Publish"), frozenset({State.WAITING}), _publish, key="a", in_bulk=False),
        Decision("refuse", _("Refuse"), frozenset({State.WAITING}), _refuse, needs_reason=True, key="r"),
        Decision("take_down", _("Take down"), frozenset({State.PUBLISHED}), _take_down, needs_reason=True),
    )
    list_filter = (StateFilter,)
    ordering = ("submitted_at", "pk")
    reason_label: ClassVar[Text] = ""

    def may_decide(self, user: Any) -> bool:
        """Staff with that right, and officers with that role."""
        return can_decide_review(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_decide_review(user, group_of(row))

    def page_context(self, row: Any) -> dict[str, Any]:
        """Besides the version for whom the reason is."""
        return {**super().page_context(row), "reason_label": self.reason_label}


@admin.register(Review)
class ReviewAdmin(SpokenAdmin):
    """Reviews of buyers."""

    reason_label = _("Reason, for the buyer")
    region_path = "listing__vendor__home_region__path"
    list_display = ("listing", "stars", "title", "state", "submitted_at")
    list_select_related = ("listing__vendor__home_region",)
    search_fields = ("listing__title", "listing__vendor__name")
    fields = ("listing", "stars", "title", "words", "by", "language", "bought_on", "state", "submitted_at")
    readonly_fields = fields
    inlines = (ReviewEventInline,)


@admin.register(ReviewAnswer)
class ReviewAnswerAdmin(SpokenAdmin):
    """Answers of groups."""

    region_path = "review__listing__vendor__home_region__path"
    list_display = ("review", "state", "submitted_at")
    list_select_related = ("review__listing__vendor__home_region",)
    search_fields = ("review__listing__title", "review__listing__vendor__name")
    fields = ("review", "review_words", "words", "state", "submitted_at")
    readonly_fields = fields
    inlines = (ReviewAnswerEventInline,)

    @admin.display(description=_("words of the buyer"))
    def review_words(self, answer: ReviewAnswer) -> str:
        """To what the group answers."""
        return str(answer.review.words)
