"""The history of one row and of what belongs to it, newest first, a page at a time."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, Model, QuerySet
from django.utils.translation import gettext as _

from audit.models import Change
from audit.selectors.words import Line, Words, gone, person_name
from audit.tracked import by_label, parts_of
from marketplace.lib.states import StateEvent

PAGE = 50
# As many values are read at a glance.
FEW = 4


@dataclass(frozen=True)
class Entry:
    """One thing that happened. at: aware; person, on_behalf_of, via, reason: empty where nobody said.

    subject: which row, in words; model, row: its label and key. action: what happened, in words. operation: of the request,
    task or command that did it. url: of the row's page, for those who may see it.
    """

    at: datetime
    action: str
    person: str = ""
    on_behalf_of: str = ""
    via: str = ""
    reason: str = ""
    subject: str = ""
    model: str = ""
    row: str = ""
    operation: Any = None
    lines: Sequence[Line] = ()
    url: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the values are all of a row that was added or deleted, not what differs."""
        return len(self.lines) > FEW and not any(line.before and line.after for line in self.lines)


@dataclass(frozen=True)
class History:
    """One page. older: until when the next page goes; None on the last."""

    entries: Sequence[Entry]
    older: datetime | None
    is_tracked: bool


def entries_of(changes: Sequence[Change]) -> list[Entry]:
    """Changes in words; one query for each kind of row that they name."""
    words = Words.of(changes)
    return [
        Entry(
            at=change.at,
            action=change.get_action_display(),
            person=_person(change),
            on_behalf_of=change.on_behalf_of,
            via=change.via,
            reason=change.reason,
            subject=words.subject(change),
            model=change.model,
            row=change.row,
            operation=change.operation,
            lines=words.lines(change),
        )
        for change in changes
    ]


def history_of(row: Model, *, shown: Collection[str], until: datetime | None = None) -> History:
    """What happened to a row and to what belongs to it, before a moment.

    shown: labels of those of its parts that the reader may see. What is not tracked shows the moves of its states and what
    was done in the admin; what is tracked shows the moves from before it was.
    """
    label = row._meta.concrete_model._meta.label_lower if row._meta.concrete_model else ""
    is_tracked = label in by_label()
    found = [*_own(label, row, until), *_parts(label, row, shown, until)] if is_tracked else []
    entries = entries_of(sorted(found, key=lambda change: change.at, reverse=True)[: PAGE + 1])
    others = [*_moves(row, label, until)] if is_tracked else [*_moves(row, "", until), *_log(row, until)]
    together = sorted((*entries, *others), key=lambda entry: entry.at, reverse=True)
    end = min(PAGE, len(together))
    # The next page begins before this moment, so all of it stands here.
    while 0 < end < len(together) and together[end].at == together[end - 1].at:
        end += 1
    return History(together[:end], together[end - 1].at if end < len(together) else None, is_tracked)


def _own(label: str, row: Model, until: datetime | None) -> Iterable[Change]:
    return _page(Change.objects.filter(model=label, row=str(row.pk)), until)


def _parts(label: str, row: Model, shown: Collection[str], until: datetime | None) -> Iterable[Change]:
    rows = Change.objects.filter(about_model=label, about_row=str(row.pk))
    if hidden := parts_of(label) - set(shown):
        rows = rows.exclude(model__in=sorted(hidden))
    return _page(rows, until)


def _page(rows: "QuerySet[Change]", until: datetime | None) -> "QuerySet[Change]":
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows.select_related("person").order_by("-at", "-pk")[: PAGE + 1]


def _moves(row: Model, label: str, until: datetime | None) -> Iterator[Entry]:
    """Moves of a state machine. label: of a row that is tracked, whose moves are only told from before it was."""
    found = _events_of(type(row))
    if found is None:
        return
    model, name = found
    events = model._default_manager.filter(**{name: row.pk}).select_related("actor")
    if label:
        first = Change.objects.filter(model=label, row=str(row.pk)).aggregate(Min("at"))["at__min"]
        events = events.filter(created_at__lt=first) if first else events
    if until is not None:
        events = events.filter(created_at__lt=until)
    for event in events.order_by("-created_at", "-pk")[: PAGE + 1]:
        yield Entry(
            at=event.created_at,
            action=_("changed"),
            person=person_name(event.actor) if event.actor else "",
            on_behalf_of=event.on_behalf_of,
            reason=event.reason,
            lines=[Line(_("State"), _state(row, event.from_state), _state(row, event.to_state))],
        )


def _log(row: Model, until: datetime | None) -> Iterator[Entry]:
    """What Django's admin has noted."""
    kind = ContentType.objects.get_for_model(row, for_concrete_model=False)
    notes = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk)).select_related("user")
    if until is not None:
        notes = notes.filter(action_time__lt=until)
    for note in notes.order_by("-action_time", "-pk")[: PAGE + 1]:
        yield Entry(at=note.action_time, action=note.get_change_message(), person=person_name(note.user))


def _events_of(model: type[Model]) -> tuple[type[StateEvent], str] | None:
    for relation in model._meta.related_objects:
        related = relation.related_model
        if isinstance(related, type) and issubclass(related, StateEvent) and relation.field.name != "actor":
            return related, relation.field.name
    return None


def _state(row: Model, state: str) -> str:
    choices = getattr(getattr(type(row), "State", None), "choices", ())
    return str(dict(choices).get(state, state))


def _person(change: Change) -> str:
    if change.person_id is None:
        return ""
    return person_name(change.person) if change.person else gone(change.person_id)
