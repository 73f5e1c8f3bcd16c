"""Reviews of somebody who closes the account: without a name, or taken away."""

from django.db import transaction
from django.db.models import Q

from marketplace.lib.states import move
from orders.models import Review, ReviewEvent
from orders.services.reviews import count_stars
from people.models import User

State = Review.State
_AWAY = {State.WAITING: State.REFUSED, State.PUBLISHED: State.TAKEN_DOWN}
REASON = "Taken away by who wrote it."


@transaction.atomic
def leave_reviews(person: User, *, removes: bool) -> int:
    """Take the person out of all reviews of her orders; returns how many. removes: their words go too."""
    own = Review.objects.filter(Q(written_by=person) | Q(line__order__user=person)).values("pk")
    rows = list(Review.objects.select_for_update(of=("self",)).filter(pk__in=own).order_by("pk"))
    for review in rows:
        review.name, review.place, review.written_by, review.is_former = "", "", None, True
        if removes:
            review.title = review.words = ""
        review.save(update_fields=["name", "place", "written_by", "is_former", "title", "words"])
        target = _AWAY.get(State(review.state)) if removes else None
        if target:
            move(
                review,
                target,
                moves=Review.MOVES,
                event=ReviewEvent,
                subject_field="review",
                reason=REASON,
            )
    for listing_pk in sorted({review.listing_id for review in rows}):
        count_stars(listing_pk)
    return len(rows)
