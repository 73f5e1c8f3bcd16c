"""The form of a committee: a decision for each row, one day for all or each, and the minutes; kept as it was typed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regions.models import Nomination
from regions.services.committee import LeftOut, Outcome
from regions.services.nomination_rules import Decision

State = Nomination.State
CHOICES = (
    (State.APPROVED.value, gettext_lazy("approve")),
    (State.RETURNED.value, gettext_lazy("return to the place")),
    (State.REFUSED.value, gettext_lazy("refuse")),
)
# Of a row, where something else is said for all.
LEAVE = "leave"
_WORDS = {value for value, _words in CHOICES} | {LEAVE}
_LONGEST_KEY = 15


@dataclass
class SheetRow:
    """One nomination with what was typed about it, and why that was refused; choice is empty for none."""

    nomination: Nomination
    choice: str = ""
    day: str = ""
    remarks: str = ""
    refusal: str = ""


class CommitteeSheet:
    """What was sent of the form, or an empty one.

    Fields: do-<key>, on-<key>, why-<key>, version-<key> of each row; do, on and why for rows that say nothing of their own.
    """

    def __init__(self, sent: Mapping[str, Any] | None = None) -> None:
        self._sent = sent or {}
        self.is_sent = sent is not None
        self.choice = self._choice("do")
        self.day = self._words("on")
        self.remarks = self._words("why")
        self.minutes = self._words("minutes")
        self.minutes_version = _number(self._words("minutes_version"))
        self.form_key = self._words("form_key")[:40] or uuid.uuid4().hex
        self.refusal: str | Promise = ""
        self.minutes_refusal = ""
        self._refusals: dict[int, str] = {}
        self._left_out: list[LeftOut] = []
        self._done: set[int] = set()

    @property
    def choices(self) -> Sequence[tuple[str, Any]]:
        """What can be decided."""
        return CHOICES

    @property
    def has_refusals(self) -> bool:
        """Whether something is left to correct."""
        return bool(self.refusal or self.minutes_refusal or self._refusals)

    def decisions(self) -> Mapping[int, Decision]:
        """What was chosen, by key of the nomination; what names no day that can be read is refused here."""
        found: dict[int, Decision] = {}
        for key in self._keys():
            choice = self._choice(f"do-{key}") or self.choice
            if choice in ("", LEAVE):
                continue
            day = self._words(f"on-{key}") or self.day
            is_yes = choice == State.APPROVED
            if is_yes and day and _day(day) is None:
                self._refusals[key] = _("This is no day. Write it as 2027-03-01.")
                continue
            found[key] = Decision(
                State(choice),
                _number(self._words(f"version-{key}")),
                self._words(f"why-{key}") or self.remarks,
                _day(day) if is_yes else None,
            )
        return found

    def take_out(self, outcome: Outcome) -> None:
        """Keep what was refused to be corrected, and forget what was done."""
        self._left_out = list(outcome.left_out)
        self._refusals.update({each.key: each.reason for each in outcome.left_out})
        if any(each.nomination is None for each in outcome.left_out):
            self.refusal = _("A row was sent that is no nomination to this scheme. Load the page again.")
        self._done = {row.pk for row in (*outcome.decided, *outcome.repeated)}

    def rows(self, nominations: Sequence[Nomination]) -> list[SheetRow]:
        """The nominations with what was typed about each."""
        return [self._row(nomination) for nomination in nominations]

    def moved(self, waiting: Sequence[Nomination]) -> list[SheetRow]:
        """What was refused because it waits no longer, with what was typed, so that nothing is lost."""
        there = {row.pk for row in waiting}
        gone = [each.nomination for each in self._left_out if each.nomination and each.key not in there]
        return [self._row(nomination) for nomination in gone]

    def _row(self, nomination: Nomination) -> SheetRow:
        key = nomination.pk
        if key in self._done:
            return SheetRow(nomination)
        return SheetRow(
            nomination,
            self._choice(f"do-{key}"),
            self._words(f"on-{key}"),
            self._words(f"why-{key}"),
            self._refusals.get(key, ""),
        )

    def _keys(self) -> list[int]:
        names = [name.removeprefix("version-") for name in self._sent if name.startswith("version-")]
        return [
            int(name) for name in names if name.isascii() and name.isdecimal() and len(name) <= _LONGEST_KEY
        ]

    def _choice(self, name: str) -> str:
        word = self._words(name)
        return word if word in _WORDS else ""

    def _words(self, name: str) -> str:
        return str(self._sent.get(name, "")).replace("\0", "")


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else 0


def _day(words: str) -> date | None:
    try:
        return parse_date(words.strip())
    except ValueError:
        return None
