"""Bringing rows of one kind to what a file says: created, changed, or left alone."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import models

BATCH = 500

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Change:
    """What happened to the rows of one kind. only_here: in the database, not in the files; such rows are kept."""

    listed: int
    created: int
    changed: int
    only_here: int


def merge(
    wanted: Sequence[M], existing: Sequence[M], *, key: Callable[[M], Hashable], fields: Sequence[str]
) -> Change:
    """Create what is missing and update what differs in fields (attribute names). Keys must be unique in both."""
    held = {key(row): row for row in existing}
    listed = {key(row) for row in wanted}
    if not wanted:
        return Change(0, 0, 0, len(held))
    manager = type(wanted[0])._default_manager
    created = [row for row in wanted if key(row) not in held]
    changed = []
    for row in wanted:
        old = held.get(key(row))
        if old is not None and any(getattr(old, name) != getattr(row, name) for name in fields):
            for name in fields:
                setattr(old, name, getattr(row, name))
            changed.append(old)
    manager.bulk_create(created, batch_size=BATCH)
    if changed:
        manager.bulk_update(changed, fields, batch_size=BATCH)
    return Change(len(wanted), len(created), len(changed), len(held.keys() - listed))


def summed(one: Change, other: Change) -> Change:
    """Both together."""
    return Change(
        one.listed + other.listed,
        one.created + other.created,
        one.changed + other.changed,
        one.only_here + other.only_here,
    )
