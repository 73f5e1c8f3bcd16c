"""Meetings of a committee are written down, and their minutes kept, each version of them."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.lib.dates import today_in
from marketplace.lib.words import is_blank, plain_words
from regions.errors import MinutesMoved, NominationError, NotYourPlace
from regions.models import CommitteeMeeting, MeetingMinutes, Scheme
from regions.policies import can_approve
from regions.services.nomination_rules import BACK

LONGEST_MINUTES = 100_000


def record_meeting(
    scheme: Scheme, *, held_on: date, title: str, actor: Any, form_key: str, minutes: str = ""
) -> CommitteeMeeting:
    """Write a meeting of the committee down, with its minutes where they are there; once for each form_key.

    scheme: read with its country. Raises NotYourPlace, and NominationError, whose field says what is wrong.
    """
    if not can_approve(actor, scheme.country):
        raise NotYourPlace
    if (there := _recorded(form_key, actor)) is not None:
        return there
    name = " ".join(plain_words(title).split())
    _refuse_unfit_meeting(scheme, held_on, name)
    text = _checked_minutes(minutes) if minutes.strip() else ""
    try:
        with transaction.atomic():
            meeting = CommitteeMeeting.objects.create(
                scheme=scheme, held_on=held_on, title=name, recorded_by=actor, form_key=form_key
            )
            if text:
                _append_minutes(meeting, 1, text, actor=actor, form_key=form_key)
    except IntegrityError:
        if (there := _recorded(form_key, actor)) is not None:
            return there
        words = _("This meeting has been written down already: the same day and title.")
        raise NominationError(words, field="title") from None
    return meeting


def keep_minutes(
    meeting: CommitteeMeeting, text: str, *, actor: Any, version: int, form_key: str
) -> MeetingMinutes:
    """Add the minutes as they are now said; those of before stay. Once for each form_key.

    meeting: read with scheme and country. version: the one that was read, 0 where there were none. Raises NotYourPlace,
    NominationError, MinutesMoved; then nothing is kept.
    """
    if not can_approve(actor, meeting.scheme.country):
        raise NotYourPlace
    words = _checked_minutes(text)
    try:
        return _keep_minutes(meeting, words, actor=actor, version=version, form_key=form_key)
    except IntegrityError:
        raise NominationError(_("This form has expired. Open it again and add the minutes.")) from None


@transaction.atomic
def _keep_minutes(
    meeting: CommitteeMeeting, words: str, *, actor: Any, version: int, form_key: str
) -> MeetingMinutes:
    CommitteeMeeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    there = MeetingMinutes.objects.filter(form_key=form_key, by=actor, meeting=meeting).first()
    if there is not None:
        return there
    last = MeetingMinutes.objects.filter(meeting=meeting).order_by("-version").first()
    if (last.version if last else 0) != version:
        raise MinutesMoved
    if last is not None and last.text == words:
        return last
    return _append_minutes(meeting, version + 1, words, actor=actor, form_key=form_key)


def _recorded(form_key: str, actor: Any) -> CommitteeMeeting | None:
    return CommitteeMeeting.objects.filter(form_key=form_key, recorded_by=actor).first()


def _refuse_unfit_meeting(scheme: Scheme, held_on: date, title: str) -> None:
    if not scheme.is_programme:
        raise NominationError(_("Choose a programme to which products are proposed."), field="scheme")
    today = today_in(scheme.country.country_code)
    if held_on < today - BACK:
        raise NominationError(_("This is far from today. Check the year."), field="held_on")
    if held_on > today:
        raise NominationError(
            _("This day is still to come. Write the meeting down when it was held."), field="held_on"
        )
    if is_blank(title):
        raise NominationError(_("Give the meeting a title, such as “Third meeting”."), field="title")
    if len(title) > 120:
        raise NominationError(
            _("This is longer than %(count)d letters. Say it shorter.") % {"count": 120}, field="title"
        )


def _checked_minutes(text: str) -> str:
    words = plain_words(text)
    if is_blank(words):
        raise NominationError(_("Write what the meeting said."), field="minutes")
    if len(words) > LONGEST_MINUTES:
        said = _("This is longer than %(count)d letters. Say it shorter.") % {"count": LONGEST_MINUTES}
        raise NominationError(said, field="minutes")
    return words


def _append_minutes(
    meeting: CommitteeMeeting, version: int, text: str, *, actor: Any, form_key: str
) -> MeetingMinutes:
    return MeetingMinutes.objects.create(
        meeting=meeting, version=version, text=text, by=actor, form_key=form_key
    )
