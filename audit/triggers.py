"""The triggers that write the audit, made from `audit.tracked`. Migrations install those that are new or changed.

They are no part of the migrations, because a field that is added to a tracked model would need a second one there.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pgtrigger
from django.core import checks
from django.db import connections

from audit.tracked import ITSELF, TRACKED, Tracked, by_label


def declare() -> None:
    """Tell django-pgtrigger of every trigger."""
    for tracked in TRACKED:
        for trigger in _triggers(tracked):
            # Its own annotation says an instance; it wants the class.
            trigger.register(tracked.model)  # type: ignore[arg-type]


def after_migrations(using: str, **_signal: Any) -> None:
    """Install what is missing or not as declared, and remove what is declared no more."""
    for model, trigger in _outdated(using):
        trigger.install(model, database=using)
    pgtrigger.prune(database=using)


def all_installed(*, databases: Sequence[str] | None = None, **_options: Any) -> list[checks.CheckMessage]:
    """Name the triggers without which a change goes unwritten; nothing before the first migration.

    Warnings, as `migrate` stops at errors, and it is what brings them back.
    """
    messages: list[checks.CheckMessage] = []
    for alias in databases or ():
        missing = [trigger.get_uri(model) for model, trigger in _outdated(alias)]
        if missing:
            words = f"changes go unwritten, for want of triggers: {', '.join(missing)}"
            messages.append(checks.Warning(words, hint="run manage.py migrate", id="audit.W001"))
    return messages


def _outdated(using: str) -> Iterator[tuple[Any, pgtrigger.Trigger]]:
    """Triggers that the database lacks, among those for which it has the columns: it may be migrated halfway only."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgenabled = 'O' AND NOT tgisinternal"
        )
        installed = dict(cursor.fetchall())
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        columns = set(cursor.fetchall())
    if ("audit_change", "operation") not in columns:
        return
    for model, trigger in pgtrigger.registered():
        if installed.get(trigger.get_pgid(model)) == trigger.compile(model).hash:
            continue
        told = by_label()[model._meta.label_lower].fields()
        if all((model._meta.db_table, field.column) in columns for field in told):
            yield model, trigger


def _triggers(tracked: Tracked) -> Iterable[pgtrigger.Trigger]:
    ends = pgtrigger.Insert | pgtrigger.Delete if tracked.has_added else pgtrigger.Delete
    yield pgtrigger.Trigger(name="audit_row", when=pgtrigger.After, operation=ends, func=_on_row(tracked))
    columns = [tracked.column(field.name) for field in tracked.fields()]
    if columns:
        yield pgtrigger.Trigger(
            name="audit_change",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            # Told apart before any function is called: a sale that changes counters only costs nothing.
            condition=pgtrigger.Condition(
                f"ROW({_of('OLD', columns)}) IS DISTINCT FROM ROW({_of('NEW', columns)})"
            ),
            func=f"{_call(tracked, 'NEW', was='OLD', now='NEW')} RETURN NULL;",
        )
    # No trigger is called for the rows of a table that is emptied at once.
    yield pgtrigger.Trigger(
        name="audit_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'the audit cannot see TRUNCATE: use DELETE' USING ERRCODE = 'restrict_violation';",
    )


def _on_row(tracked: Tracked) -> str:
    gone = f"{_call(tracked, 'OLD', was='OLD', now='')} RETURN NULL;"
    if not tracked.has_added:
        return gone
    made = _call(tracked, "NEW", was="", now="NEW")
    return f"IF TG_OP = 'INSERT' THEN {made} RETURN NULL; END IF; {gone}"


def _call(tracked: Tracked, row: str, *, was: str, now: str) -> str:
    above = tracked.above
    arguments = (
        f"'{tracked.model._meta.label_lower}'",
        f'{row}."{tracked.column(ITSELF)}"::text',
        _values(tracked, was),
        _values(tracked, now),
        # As audit_mask reads it: the whole value, or after "~" what is private among other words.
        _list(
            [*map(tracked.column, tracked.masked), *(f"~{tracked.column(name)}" for name in tracked.private)]
        ),
        f"'{above._meta.label_lower}'" if above else "''",
        f'{row}."{tracked.column(tracked.about)}"::text' if above else "NULL",
        _place(tracked, row),
    )
    return f"PERFORM audit_note({', '.join(arguments)});"


def _values(tracked: Tracked, row: str) -> str:
    if not row:
        return "NULL"
    told = {field.name for field in tracked.fields()}
    names = [field.name for field in tracked.model._meta.concrete_fields]
    return f"to_jsonb({row}) - {_list(tracked.column(name) for name in names if name not in told)}"


def _place(tracked: Tracked, row: str, depth: int = 1) -> str:
    """The key of the region of a row, found by what it is about where it names none itself."""
    if tracked.place:
        return f'{row}."{tracked.column(tracked.place)}"'
    upper = by_label().get(tracked.above._meta.label_lower) if tracked.above else None
    if upper is None or upper is tracked:
        return "NULL"
    alias = f"above_{depth}"
    place = _place(upper, alias, depth + 1)
    if place == "NULL":
        return place
    found = f'{alias}."{upper.column(ITSELF)}" = {row}."{tracked.column(tracked.about)}"'
    # Names of our own tables, in a trigger.
    return f'(SELECT {place} FROM "{upper.model._meta.db_table}" {alias} WHERE {found})'  # noqa: S608


def _of(row: str, columns: Iterable[str]) -> str:
    return ", ".join(f'{row}."{column}"' for column in columns)


def _list(names: Iterable[str]) -> str:
    return f"'{{{','.join(names)}}}'::text[]"
