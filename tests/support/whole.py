"""The whole database in one value, for tests that hold that nothing was changed."""

from collections.abc import Mapping

from django.db import connection

# Signing in and asking write here, whoever asks for whatever.
BESIDE = {"django_session", "django_migrations"}
Rows = Mapping[str, frozenset[str]]


def whole_database() -> Rows:
    """Checksums of all rows of every table, by name of the table; sessions apart."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - BESIDE)
        found = {}
        for name in names:
            table = connection.ops.quote_name(name)
            # Names come from the database itself.
            cursor.execute(f"SELECT md5(row::text) FROM {table} AS row")
            found[name] = frozenset(checksum for (checksum,) in cursor.fetchall())
    return found


def lost_rows(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows of before are gone or changed, by table."""
    lost = {name: len(rows - after.get(name, frozenset())) for name, rows in before.items()}
    return {name: count for name, count in lost.items() if count}


def changed_tables(before: Rows, after: Rows) -> set[str]:
    """Tables with any row more, less or changed."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
