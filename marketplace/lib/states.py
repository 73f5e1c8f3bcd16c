"""State machines: one table of allowed moves, one function that makes a move and writes it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.lib.audit import noting

# The keys of a table are TextChoices of the model, which are words.
Moves = Mapping[Any, frozenset[Any]]


class IllegalTransition(Exception):
    """A move that the table does not allow; carries the object, where it stands and where it should go."""

    def __init__(self, subject: models.Model, current: str, target: str) -> None:
        super().__init__(f"{subject._meta.label} {subject.pk} cannot go from {current} to {target}")
        self.subject = subject
        self.current = current
        self.target = target


class StateEvent(models.Model):
    """One move of a state machine, appended and never edited: who, when, on whose behalf, why."""

    from_state = models.CharField(_("from"), max_length=32)
    to_state = models.CharField(_("to"), max_length=32)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    on_behalf_of = models.CharField(_("on behalf of"), max_length=128, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} > {self.to_state}"


def move(
    locked: models.Model,
    target: str,
    *,
    moves: Moves,
    event: type[StateEvent],
    subject_field: str,
    state_field: str = "state",
    actor: Any = None,
    on_behalf_of: str = "",
    reason: str = "",
    also: Mapping[str, Any] | None = None,
    noted: Mapping[str, Any] | None = None,
) -> bool:
    """Move a locked row to a state and append the event; the caller holds the row lock and the transaction.

    also: other fields that change with the state, written by the same UPDATE so that constraints over both hold.
    noted: fields of the event beside those that every one has.
    Returns False, and writes nothing, when the row is already there.
    Raises IllegalTransition for a move that the table does not list.
    """
    current = getattr(locked, state_field)
    if current == target:
        return False
    if target not in moves.get(current, frozenset()):
        raise IllegalTransition(locked, current, target)
    changes = {**(also or {}), state_field: target}
    for name, value in changes.items():
        setattr(locked, name, value)
    with noting(person=getattr(actor, "pk", None), on_behalf_of=on_behalf_of, reason=reason):
        locked.save(update_fields=list(changes))
    event._default_manager.create(
        **{**(noted or {}), subject_field: locked},
        from_state=current,
        to_state=target,
        actor=actor,
        on_behalf_of=on_behalf_of,
        reason=reason,
    )
    return True


@dataclass(frozen=True)
class Step:
    """One of many moves: where a locked row goes and why; also and noted as in move."""

    row: models.Model
    target: str
    reason: str = ""
    also: Mapping[str, Any] = field(default_factory=dict)
    noted: Mapping[str, Any] = field(default_factory=dict)


def move_many(
    steps: Sequence[Step],
    *,
    moves: Moves,
    event: type[StateEvent],
    subject_field: str,
    state_field: str = "state",
    actor: Any = None,
    reason: str = "",
) -> None:
    """Make many moves of rows of one model by two statements, as move makes one; the caller holds all of the rows.

    reason: of all together, for the audit; each event has its own. No row may be there already.
    Raises IllegalTransition for the first move that the table does not list; then none is made.
    """
    if not steps:
        return
    before = [getattr(step.row, state_field) for step in steps]
    for step, current in zip(steps, before, strict=True):
        if step.target not in moves.get(current, frozenset()):
            raise IllegalTransition(step.row, current, step.target)
    for step in steps:
        for name, value in {**step.also, state_field: step.target}.items():
            setattr(step.row, name, value)
    fields = {state_field, *(name for step in steps for name in step.also)}
    with noting(person=getattr(actor, "pk", None), reason=reason):
        type(steps[0].row)._default_manager.bulk_update([step.row for step in steps], sorted(fields))
    event._default_manager.bulk_create(
        event(
            **{**step.noted, subject_field: step.row},
            from_state=current,
            to_state=step.target,
            actor=actor,
            reason=step.reason,
        )
        for step, current in zip(steps, before, strict=True)
    )
