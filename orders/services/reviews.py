"""Reviews by those who have the goods, answers of the groups, and the figure that lists show.

Locks: the vendor order or the review first, then the listing whose average is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from marketplace.lib.addresses import public_link
from marketplace.lib.counting import count_for_each
from marketplace.lib.states import IllegalTransition, move
from marketplace.lib.words import is_blank, plain_words
from orders.errors import (
    GroupNotInShop,
    ReviewClosed,
    ReviewMoved,
    ReviewNotYours,
    ReviewUnchanged,
    ReviewWordsNeeded,
)
from orders.models import Line, Order, Review, ReviewAnswer, ReviewAnswerEvent, ReviewEvent, VendorOrder
from orders.models.reviews import group_of
from orders.policies import can_be_reviewed
from orders.services.notifying import tell_buyer
from orders.services.parts import lock_part
from vendors.errors import ReasonMissing
from vendors.models import Membership, Partner
from vendors.services.requirements import refuse_own_group
from vendors.services.telling import tell_members

State = Review.State
Row = Review | ReviewAnswer


@dataclass(frozen=True, kw_only=True)
class ReviewData:
    """What a buyer says. stars: 1 to 5; language: of the words."""

    stars: int
    words: str
    title: str = ""
    name: str = ""
    language: str = "en"


@transaction.atomic
def write(line: Line, data: ReviewData, *, actor: Any) -> Review:
    """Say how the goods of a delivered line were, or say it otherwise while it waits or after it was refused.

    actor: None for a guest, who has proved the contact. The same form sent twice is one review.
    Raises ReviewClosed (not delivered, or shown once), ReviewNotYours (people of the group), ReviewWordsNeeded,
    ReviewUnchanged.
    """
    words = plain_words(data.words)[:2000]
    if is_blank(words):
        raise ReviewWordsNeeded
    part = lock_part(line.vendor_order)
    if not can_be_reviewed(part, line):
        raise ReviewClosed
    if _is_of_the_group(part, actor):
        raise ReviewNotYours
    fields: dict[str, Any] = {
        "stars": data.stars,
        "words": words,
        "title": _seen(data.title)[:80],
        "name": _seen(data.name)[:40],
        "language": data.language,
    }
    there = Review.objects.select_for_update().filter(line=line).first()
    if there is None:
        address = part.order.shipping_address
        return Review.objects.create(
            line=line,
            listing=line.product.parent or line.product,
            place=(address.state or "")[:80] if address else "",
            bought_on=part.order.date_placed.date(),
            written_by=actor,
            submitted_at=timezone.now(),
            **fields,
        )
    _rewrite(there, fields, actor=actor)
    return there


@transaction.atomic
def answer(review: Review, words: str, *, actor: Any) -> ReviewAnswer:
    """The group's answer to a published review, or other words while it waits or after it was refused.

    The member's right is asked before. Raises ReviewClosed, GroupNotInShop, ReviewWordsNeeded, ReviewUnchanged.
    """
    said = plain_words(words)[:2000]
    if is_blank(said):
        raise ReviewWordsNeeded
    rows = Review.objects.select_for_update(of=("self",)).select_related("listing__vendor")
    locked = rows.get(pk=review.pk)
    if locked.state != State.PUBLISHED:
        raise ReviewClosed
    if group_of(locked).state != Partner.State.APPROVED:
        raise GroupNotInShop
    there = ReviewAnswer.objects.select_for_update().filter(review=locked).first()
    if there is None:
        return ReviewAnswer.objects.create(
            review=locked, words=said, written_by=actor, submitted_at=timezone.now()
        )
    _rewrite(there, {"words": said}, actor=actor)
    return there


def publish(row: Row, *, actor: Any, reason: str = "", version: int | None = None) -> bool:
    """Show a review or an answer; False when it is shown. version: as it was read.

    Raises ReviewMoved, OwnGroup, IllegalTransition.
    """
    return _decide(row, State.PUBLISHED, actor=actor, reason=reason, version=version)


def refuse(row: Row, *, actor: Any, reason: str, version: int | None = None) -> bool:
    """Do not show these words, and say why to who wrote them. Raises ReasonMissing besides."""
    return _decide(row, State.REFUSED, actor=actor, reason=_require(reason), version=version)


def take_down(row: Row, *, actor: Any, reason: str) -> bool:
    """Show it no longer. Raises ReasonMissing, OwnGroup, IllegalTransition."""
    return _decide(row, State.TAKEN_DOWN, actor=actor, reason=_require(reason), version=None)


def mend_ratings() -> int:
    """Count again where the figure of a listing is not what its reviews say; returns how many were wrong."""
    said = Review.objects.published().filter(listing=OuterRef("pk")).order_by().values("listing")
    counted = count_for_each(Review.objects.published(), "listing")
    rows = Product.objects.whole().filter(
        Q(rating_count__gt=0) | Exists(Review.objects.published().filter(listing=OuterRef("pk")))
    )
    average = Subquery(said.annotate(found=Avg("stars")).values("found"))
    wrong = rows.annotate(counted=counted, average=average).filter(
        ~Q(rating_count=F("counted")) | ~Q(rating=F("average"))
    )
    keys = list(wrong.order_by("pk").values_list("pk", flat=True)[:500])
    for pk in keys:
        with transaction.atomic():
            count_stars(pk)
    return len(keys)


def count_stars(listing_pk: int) -> None:
    """Count again what lists show of a listing, in the caller's transaction."""
    Product.objects.select_for_update(of=("self",), no_key=True).get(pk=listing_pk)
    # A statement of its own, so that it sees what was committed while the lock was waited for.
    found = (
        Review.objects.published().filter(listing=listing_pk).aggregate(all=Count("pk"), mean=Avg("stars"))
    )
    Product.objects.filter(pk=listing_pk).update(rating=found["mean"], rating_count=found["all"])


def _rewrite(locked: Row, fields: Mapping[str, Any], *, actor: Any) -> None:
    is_same = all(getattr(locked, name) == value for name, value in fields.items())
    if is_same and locked.state == State.REFUSED:
        raise ReviewUnchanged
    if is_same:
        return
    if locked.state not in (State.WAITING, State.REFUSED):
        raise ReviewClosed
    for name, value in {**fields, "written_by": actor}.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*fields, "written_by", "version"])
    _move(locked, State.WAITING, actor=actor, reason="", also={"submitted_at": timezone.now()})


def _seen(words: str) -> str:
    plain = plain_words(words)
    return "" if is_blank(plain) else plain


def _move(
    locked: Row, target: Review.State, *, actor: Any, reason: str, also: Mapping[str, Any] | None = None
) -> bool:
    is_answer = isinstance(locked, ReviewAnswer)
    return move(
        locked,
        target,
        moves=Review.MOVES,
        event=ReviewAnswerEvent if is_answer else ReviewEvent,
        subject_field="answer" if is_answer else "review",
        actor=actor,
        reason=reason,
        also=also,
    )


def _is_of_the_group(part: VendorOrder, actor: Any) -> bool:
    order: Order = part.order
    same = Q(pk__in=())
    for person in (actor, order.user):
        if person is not None:
            same |= Q(user=person)
    if order.contact_email:
        same |= Q(user__email=order.contact_email.lower())
    if order.contact_phone:
        same |= Q(user__phone=order.contact_phone)
    return Membership.objects.filter(same, vendor=part.vendor_id).exists()


def _lock(row: Row) -> Row:
    if isinstance(row, ReviewAnswer):
        # The review first, as writing an answer does.
        Review.objects.select_for_update(of=("self",)).get(pk=row.review_id)
        answers = ReviewAnswer.objects.select_for_update(of=("self",))
        return answers.select_related("review__listing__vendor").get(pk=row.pk)
    reviews = Review.objects.select_for_update(of=("self",))
    return reviews.select_related("listing__vendor", "line__vendor_order__order__user").get(pk=row.pk)


@transaction.atomic
def _decide(row: Row, target: Review.State, *, actor: Any, reason: str, version: int | None) -> bool:
    locked = _lock(row)
    sources = [source for source, targets in Review.MOVES.items() if target in targets]
    if locked.state not in (*sources, target):
        raise IllegalTransition(locked, locked.state, target)
    if version is not None and locked.state != target and locked.version != version:
        raise ReviewMoved
    refuse_own_group(group_of(locked), actor)
    is_new = _move(locked, target, actor=actor, reason=reason.strip())
    if is_new:
        if isinstance(locked, Review):
            count_stars(locked.listing_id)
        _tell(locked, reason.strip())
    row.state = locked.state
    return is_new


def _require(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason


def _tell(locked: Row, reason: str) -> None:
    """The group hears of a review that is shown; buyer and group hear why their own words are not."""
    about = f"{locked.version}:{locked.state}"
    if isinstance(locked, Review):
        if locked.state == State.PUBLISHED:
            _tell_group(locked, "review_published", note=locked.words[:200], about=about)
        else:
            kind = "review_refused" if locked.state == State.REFUSED else "review_taken_down"
            order = locked.line.vendor_order.order
            tell_buyer(order, kind, about=f"{locked.pk}:{about}", listing=locked.listing.title, note=reason)
    elif locked.state != State.PUBLISHED:
        _tell_group(locked.review, "review_answer_refused", note=reason, about=about)


def _tell_group(review: Review, kind: str, *, note: str, about: str) -> None:
    context = {"listing": review.listing.title, "note": note, "link": _desk_link()}
    tell_members(review.listing.vendor, kind, key=f"review:{review.pk}:{kind}:{about}", context=context)


def _desk_link() -> str:
    return public_link(reverse("dashboard-review-list"))
