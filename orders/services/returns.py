"""Returns: asked for by the buyer, answered by the group, decided by the office, moved on by the clock.

What is to be given back is recorded by orders.services.returning.take_back; the payments find it and refund it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from marketplace.lib.states import IllegalTransition, move
from orders.errors import (
    AnswerReasonNeeded,
    NotNeutral,
    ReturnEmpty,
    ReturnNotNow,
    ReturnUnderWay,
    ReturnWordsNeeded,
    UnitsNotThere,
)
from orders.models import Line, Return, ReturnEvent, ReturnItem, VendorOrder
from orders.policies import returnable_until
from orders.services.parts import lines_of, lock_part
from orders.services.return_notices import tell_of_move
from orders.services.return_photos import KeptPhoto, add_photos, drop_photos, kept_photos
from orders.services.returning import take_back
from people.models import User
from vendors.models import Membership

logger = logging.getLogger(__name__)

State = Return.State
BATCH = 500
# What the clock does to a return about which nobody did anything, and what the history says of it.
_TIME_IS_UP: Mapping[str, tuple[Return.State, str]] = {
    State.ASKED: (State.DISPUTED, "the group did not answer in time"),
    State.SENT: (State.DISPUTED, "the group did not say in time that the goods came back"),
    State.AGREED: (State.WITHDRAWN, "the goods were not sent back in time"),
    State.REFUSED: (State.DECLINED, "nobody objected in time"),
}
_CLOCK_WORDS = frozenset(words for _state, words in _TIME_IS_UP.values())


@dataclass(frozen=True, kw_only=True)
class ReturnData:
    """What a buyer asks for. form_key: of the form; units: line id -> units, none below zero."""

    form_key: str
    units: Mapping[int, int]
    reason: Return.Reason
    words: str = ""


def ask(
    vendor_order: VendorOrder,
    data: ReturnData,
    *,
    photos: "Sequence[UploadedFile[Any]]" = (),
    actor: User | None,
) -> Return:
    """Ask to give goods back; the same form sent twice asks once, and the second answer is the first one's return.

    actor: None for a guest, who has proved the contact. The group has settings.RETURN_ANSWER_DAYS to answer.
    Raises PictureRefused (which names the file), ReturnNotNow, ReturnUnderWay, ReturnEmpty, ReturnWordsNeeded,
    TooManyPhotos and UnitsNotThere; then nothing is kept.
    """
    there = _with_key(vendor_order, data.form_key)
    if there is not None:
        return there
    with kept_photos(photos) as kept:
        case, is_new = _write(vendor_order, data, kept, actor=actor)
    if not is_new:
        drop_photos(kept)
    return case


@transaction.atomic
def agree(case: Return, *, goods_stay: bool, actor: User) -> bool:
    """The group says yes; False when it had. goods_stay: refund at once and leave the goods with the buyer.

    Perishable goods stay in any case. Raises IllegalTransition once it was answered otherwise.
    """
    locked = _lock(case)
    return _say_yes(locked, (State.ASKED,), stays=goods_stay or locked.goods_stay, actor=actor, reason="")


@transaction.atomic
def refuse(case: Return, *, reason: str, actor: User) -> bool:
    """The group says no, with its reason; the buyer may object. False when it had said so.

    Raises AnswerReasonNeeded, and IllegalTransition once it was answered otherwise.
    """
    why = _require(reason)
    locked = _lock(case)
    due = _in_days(settings.RETURN_OBJECT_DAYS)
    return _step(locked, State.REFUSED, (State.ASKED,), actor=actor, reason=why, also={"due_at": due})


@transaction.atomic
def receive(case: Return, *, actor: User) -> bool:
    """The group has the goods back, so the money goes back; False when that was said before."""
    return _close(_lock(case), (State.AGREED, State.SENT), actor=actor, reason="")


def contest(case: Return, *, words: str, photos: "Sequence[UploadedFile[Any]]" = (), actor: User) -> bool:
    """The group has the goods back, and they are not as they should be: the office decides. False when said before.

    Raises PictureRefused, AnswerReasonNeeded, TooManyPhotos, and IllegalTransition where it is with the office for
    another reason, or over; then nothing is kept.
    """
    why = _require(words)
    with kept_photos(photos) as kept:
        is_new = _contest(case, why[:1000], kept, actor=actor)
    if not is_new:
        drop_photos(kept)
    return is_new


@transaction.atomic
def send_back(case: Return, *, how: str, actor: User | None) -> bool:
    """The buyer has sent the goods; how: courier and number, or vehicle and driver, may be empty. False if said before."""
    locked = _lock(case)
    also = {"due_at": _in_days(settings.RETURN_RECEIVE_DAYS), "sent_how": " ".join(how.split())[:120]}
    return _step(locked, State.SENT, (State.AGREED,), actor=actor, reason="", also=also)


@transaction.atomic
def object_to(case: Return, *, words: str, actor: User | None) -> bool:
    """The buyer does not accept the group's no: the office decides. False when said before.

    Raises ReturnWordsNeeded.
    """
    if not words.strip():
        raise ReturnWordsNeeded
    also = {"due_at": None}
    return _step(
        _lock(case), State.DISPUTED, (State.REFUSED,), actor=actor, reason=words.strip()[:1000], also=also
    )


@transaction.atomic
def withdraw(case: Return, *, actor: User | None) -> bool:
    """The buyer keeps the goods and gives the wish up; False when that was said before."""
    locked = _lock(case)
    sources = [State.ASKED, State.AGREED, State.REFUSED]
    if locked.came_back_at is None:
        # What the group has back cannot be kept by the buyer.
        sources.append(State.DISPUTED)
    return _step(locked, State.WITHDRAWN, sources, actor=actor, reason="", also={"due_at": None})


@transaction.atomic
def decide_for_buyer(case: Return, *, goods_stay: bool, actor: User, reason: str) -> bool:
    """The office gives the buyer right. goods_stay: the money goes back now, else once the goods came back.

    Where the group has them already, the money goes back now in any case.
    False when it stands so already. Raises AnswerReasonNeeded, NotNeutral, IllegalTransition.
    """
    why = _require(reason)
    locked = _lock(case)
    _require_neutral(locked, actor)
    return _say_yes(locked, (State.DISPUTED,), stays=goods_stay, actor=actor, reason=why)


@transaction.atomic
def decide_for_group(case: Return, *, actor: User, reason: str) -> bool:
    """The office gives the group right: no money goes back. Raises likewise."""
    why = _require(reason)
    locked = _lock(case)
    _require_neutral(locked, actor)
    also = {"due_at": None}
    return _step(locked, State.DECLINED, (State.DISPUTED,), actor=actor, reason=why, also=also)


def move_overdue(now: datetime) -> int:
    """Move on every return whose time is up, at most one batch; returns how many.

    Silence of the group brings it to the office; silence of the buyer ends it. Safe to repeat and beside itself, and
    beside an answer: whoever comes second finds it moved.
    """
    due = Return.objects.filter(state__in=list(_TIME_IS_UP), due_at__lte=now)
    done = 0
    for case in list(due.order_by("due_at", "pk")[:BATCH]):
        try:
            done += _end_waiting(case, now)
        except IllegalTransition:
            continue
        except Exception:
            # The outer edge: one return that nobody foresaw must not hold up the others.
            logger.exception("overdue return not moved", extra={"return": case.pk})
    return done


@transaction.atomic
def _end_waiting(case: Return, now: datetime) -> bool:
    locked = _lock(case)
    if locked.state not in _TIME_IS_UP or locked.due_at is None or locked.due_at > now:
        return False
    target, words = _TIME_IS_UP[locked.state]
    return _step(locked, target, (locked.state,), actor=None, reason=words, also={"due_at": None})


@transaction.atomic
def _contest(case: Return, why: str, photos: Sequence[KeptPhoto], *, actor: User) -> bool:
    locked = _lock(case)
    if locked.state == State.DISPUTED and locked.came_back_at is None:
        raise IllegalTransition(locked, locked.state, State.DISPUTED)
    also = {"due_at": None, "came_back_at": timezone.now()}
    sources = (State.AGREED, State.SENT)
    is_new = _step(locked, State.DISPUTED, sources, actor=actor, reason=why, also=also)
    if is_new:
        add_photos(locked, photos, by_group=True)
    return is_new


@transaction.atomic
def _write(
    vendor_order: VendorOrder,
    data: ReturnData,
    photos: Sequence[KeptPhoto],
    *,
    actor: User | None,
) -> tuple[Return, bool]:
    part = lock_part(vendor_order)
    there = _with_key(part, data.form_key)
    if there is not None:
        # Its twin was quicker.
        return there, False
    now = timezone.now()
    until = returnable_until(part)
    if until is None or now > until:
        raise ReturnNotNow
    chosen = _chosen(part, data.units)
    if ReturnItem.objects.filter(line__in=chosen, is_open=True).exists():
        raise ReturnUnderWay
    words = data.words.strip()[:1000]
    if data.reason == Return.Reason.OTHER and not words:
        raise ReturnWordsNeeded
    case = Return.objects.create(
        vendor_order=part,
        form_key=data.form_key,
        reason=data.reason,
        words=words,
        goods_stay=settings.RETURN_PERISHABLES_STAY and all(_spoils(line) for line in chosen),
        due_at=now + timedelta(days=settings.RETURN_ANSWER_DAYS),
        asked_by=actor,
    )
    ReturnItem.objects.bulk_create(
        ReturnItem(case=case, line=line, quantity=units) for line, units in chosen.items()
    )
    add_photos(case, photos, by_group=False)
    tell_of_move(case, reason=words)
    return case, True


def _chosen(part: VendorOrder, units: Mapping[int, int]) -> dict[Line, int]:
    """Lines with the units asked for, which the buyer must have. Raises ReturnEmpty, UnitsNotThere."""
    chosen = {line: units.get(line.pk, 0) for line in lines_of(part, units) if units.get(line.pk, 0)}
    if not chosen:
        raise ReturnEmpty
    for line, count in chosen.items():
        if count > line.quantity - line.cancelled_quantity - line.returned_quantity:
            raise UnitsNotThere
    return chosen


def _spoils(line: Line) -> bool:
    return bool(line.product and line.product.spoils)


def _lock(case: Return) -> Return:
    """The return, read again and locked, after its vendor order: as everywhere the larger thing first."""
    part = lock_part(case.vendor_order)
    locked = Return.objects.select_for_update(of=("self",)).get(pk=case.pk)
    locked.vendor_order = part
    return locked


def _say_yes(locked: Return, sources: Sequence[str], *, stays: bool, actor: User, reason: str) -> bool:
    if stays or locked.came_back_at:
        kept = {"goods_stay": locked.came_back_at is None}
        return _close(locked, sources, actor=actor, reason=reason, also=kept)
    also = {"goods_stay": False, "due_at": _in_days(settings.RETURN_SEND_DAYS)}
    return _step(locked, State.AGREED, sources, actor=actor, reason=reason, also=also)


def _close(
    locked: Return,
    sources: Sequence[str],
    *,
    actor: User,
    reason: str,
    also: Mapping[str, Any] | None = None,
) -> bool:
    if not _step(
        locked, State.CLOSED, sources, actor=actor, reason=reason, also={"due_at": None, **(also or {})}
    ):
        return False
    items = list(locked.items.select_related("line"))
    # take_back counts in all; units that came back in another way meanwhile are not counted twice.
    returned = {
        item.line_id: min(
            item.line.returned_quantity + item.quantity, item.line.quantity - item.line.cancelled_quantity
        )
        for item in items
    }
    why = str(locked.get_reason_display())
    take_back(locked.vendor_order, returned, actor=actor, reason=why, are_kept=locked.goods_stay)
    return True


def _step(
    locked: Return,
    target: Return.State,
    sources: Sequence[str],
    *,
    actor: User | None,
    reason: str,
    also: Mapping[str, Any],
) -> bool:
    """Move a locked return from one of the sources and tell those concerned; False when it is there already."""
    came_from = locked.state
    if came_from not in (*sources, target):
        raise IllegalTransition(locked, came_from, target)
    is_new = move(
        locked,
        target,
        moves=Return.MOVES,
        event=ReturnEvent,
        subject_field="case",
        actor=actor,
        reason=reason,
        also=also,
    )
    if is_new:
        if target not in Return.UNFINISHED:
            locked.items.update(is_open=False)
        # The clock's words stand in the history; they are not written in the reader's language.
        told = "" if reason in _CLOCK_WORDS else reason
        tell_of_move(locked, came_from=came_from, reason=told)
    return is_new


def _with_key(vendor_order: VendorOrder, form_key: str) -> Return | None:
    return Return.objects.filter(vendor_order=vendor_order, form_key=form_key).first()


def _require(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise AnswerReasonNeeded
    return words


def _require_neutral(locked: Return, actor: User) -> None:
    if Membership.objects.filter(vendor=locked.vendor_order.vendor_id, user=actor).exists():
        raise NotNeutral


def _in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)
