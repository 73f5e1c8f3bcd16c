"""Every list of the admin with 100,000 rows of its kind: CPU of the server for the first page and for a search."""

import sys
from typing import Any

import psycopg2.extensions
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.counting import counted
from benchmarks.cpu import TICK_MS, get, mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import analyse
from payments.services import providers
from tests.factories.people import PersonFactory
from tests.routes.table import UNUSED_MODELS
from tests.routes.world import EXAMPLES, build_world
from tests.support.provider_fake import FakeProvider

ROWS = 100_000
REPEATS = 5
LIMIT_MS = 300
# Numbers that other columns or rows depend on; the programme has a handful of them.
FEW = {
    "auth.group",
    "regions.scheme",
    "programme.schemecoverage",
    "programme.countryimpact",
    "catalogue.category",
}
# Rows that a list counts for each row of its page: as many for each, as an order has a few parts and not all there are.
SPREAD = (
    ("order.vendororder", "order"),
    ("programme.misusereport", "case"),
    ("programme.collectionlisting", "collection"),
)


def measure(_ground: Ground) -> Result:
    """Mean CPU of each list, for a superuser, who sees all of it."""
    fake = FakeProvider()
    providers.StripeProvider = lambda **_settings: fake  # type: ignore[misc, assignment]
    build_world(fake)
    lists = [
        (name, model)
        for model in admin.site._registry
        if (name := model._meta.label_lower) not in UNUSED_MODELS
    ]
    tables = {
        EXAMPLES[name]._meta.concrete_model for name, _model in lists if name in EXAMPLES and name not in FEW
    }
    for number, model in enumerate(sorted(tables, key=lambda each: each._meta.db_table), 1):
        sys.stderr.write(f"{number} of {len(tables)}: {model._meta.db_table}\n")
        multiply(model._meta, _choices_of(model))
    for label, parent in SPREAD:
        spread(apps.get_model(label), parent)
    analyse()
    client = Client()
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    rows, slowest = [], 0.0
    for name, model in sorted(lists, key=lambda pair: pair[0]):
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        own_admin = admin.site._registry[model]
        searched = f"{page}?q=zebra" if own_admin.search_fields else ""
        words = []
        for address in filter(None, (page, searched)):
            own, postgres = mean_cpu(lambda address=address: get(client, address), repeats=REPEATS)
            with counted() as count:
                get(client, address)
            slowest = max(slowest, own + postgres)
            words.append(f"{own + postgres:.0f} ms, {count.statements} queries")
        rows.append((name, "; search ".join(words)))
    rows.append((f"under {LIMIT_MS} ms", "yes" if slowest < LIMIT_MS else "NO"))
    return Result(
        f"Lists of the admin with {ROWS:,} rows each",
        rows,
        [
            "One row of each kind was copied with other names and moments, without what hangs on it. CPU of the server"
            " for the first page as a superuser sees it and for a search that finds nothing, which is the slowest:"
            f" Django and PostgreSQL together (the latter in ticks of {TICK_MS:.0f} ms, mean of {REPEATS}).",
        ],
    )


def _choices_of(model: type[Any]) -> set[str]:
    """Names of the columns by which a list is filtered: they have a handful of values however many rows there are."""
    owns = [
        own for registered, own in admin.site._registry.items() if registered._meta.concrete_model is model
    ]
    return {name for own in owns for name in own.list_filter if isinstance(name, str)} | {"kind"}


def multiply(options: Any, kept: set[str]) -> None:
    """Copy the newest row of a table, texts and moments changed beside the columns that are kept.

    Unique indexes become plain ones, so that nothing else must differ.
    """
    table, key = options.db_table, options.pk.column
    columns = [field for field in options.concrete_fields if field.column != key and not field.generated]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        indexes = _without_indexes(cursor, table)
        names = ", ".join(f'"{field.column}"' for field in columns)
        values = ", ".join(
            f'sample."{field.column}"' if field.name in kept else _value(field) for field in columns
        )
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM'  # noqa: S608 - names of our own columns
            f' (SELECT * FROM "{table}" ORDER BY "{key}" DESC LIMIT 1) AS sample, generate_series(1, {ROWS}) AS copy_number'
        )
        for definition in indexes:
            cursor.execute(definition.replace("CREATE UNIQUE INDEX", "CREATE INDEX"))
        cursor.execute("SET session_replication_role = DEFAULT")


def spread(model: type[Any], parent: str) -> None:
    """Hang the rows of a table on the rows of the parent in turn."""
    options, column = model._meta, model._meta.get_field(parent).column
    other = model._meta.get_field(parent).related_model._meta
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f'UPDATE "{options.db_table}" SET "{column}" = above.key'  # noqa: S608 - names of our own columns
            f' FROM (SELECT {options.pk.column} AS key, row_number() OVER (ORDER BY 1) AS place FROM "{options.db_table}")'
            f" AS own,"
            f' (SELECT {other.pk.column} AS key, row_number() OVER (ORDER BY 1) - 1 AS place FROM "{other.db_table}")'
            f" AS above"
            f' WHERE own.key = "{options.db_table}".{options.pk.column}'
            f' AND above.place = own.place % (SELECT count(*) FROM "{other.db_table}")'
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def _value(field: Any) -> str:
    kind, column, room = field.get_internal_type(), f'sample."{field.column}"', (field.max_length or 99) - 7
    if kind == "DateTimeField":
        return f"{column} - copy_number * interval '1 minute'"
    if kind in ("CharField", "SlugField", "EmailField") and not field.choices and room > 12:
        return f"CASE {column} WHEN '' THEN '' ELSE left({column}, {room}) || copy_number END"
    return column


def _without_indexes(cursor: psycopg2.extensions.cursor, table: str) -> list[str]:
    """Drop what slows or refuses the copies; the definitions of the indexes, to be made again when the rows are there."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'x', 'u')",
        [f'"{table}"'],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT index.relname, pg_get_indexdef(index.oid) FROM pg_index AS found"
        " JOIN pg_class AS index ON index.oid = found.indexrelid"
        " WHERE found.indrelid = %s::regclass AND NOT found.indisprimary AND NOT found.indisexclusion",
        [f'"{table}"'],
    )
    indexes = cursor.fetchall()
    for (constraint,) in constraints:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}" CASCADE')
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX IF EXISTS "{name}" CASCADE')
    return [definition for _name, definition in indexes]
