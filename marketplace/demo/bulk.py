"""Writing of many rows: COPY into PostgreSQL, and dates that lie in the past."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from operator import attrgetter
from typing import Any

from django.db import connection, models

_NULL = "\\N"


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, keys included, by one COPY; several times quicker than bulk_create.

    Every field is written as it is set, creation times too; save() and signals are left out, the database's
    constraints and generated columns are not.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.generated]
    text = StringIO()
    writer = csv.writer(text)
    # Straight from the attributes: asking each field to prepare its value took four fifths of the time.
    values = attrgetter(*(field.attname for field in fields))
    writer.writerows([_cell(value) for value in values(row)] for row in rows)
    text.seek(0)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(
            f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '{_NULL}')", text
        )


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _NULL if value is None else value


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Take that many primary keys from the table's sequence."""
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every model has a key; the type checker does not know
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, key.column, count],
        )
        return [int(value) for (value,) in cursor.fetchall()]


@contextmanager
def own_dates(*made: type[models.Model]) -> Iterator[None]:
    """Let rows of these models keep the creation times they are given, instead of the time of writing."""
    fields: list[Any] = [
        field
        for model in made
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now_add", False)
    ]
    for field in fields:
        field.auto_now_add = False
    try:
        yield
    finally:
        for field in fields:
            field.auto_now_add = True
