"""The database as the migrations left it: remembered once, brought back after each test that really commits.

Django's own way empties every table, also those that migrations have filled, and the next test misses the countries.
"""

from django.db import connection

SCHEMA = "pristine"
TABLES = """
    SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY tablename
"""
# Generated columns are computed again, they cannot be written.
COLUMNS = """
    SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""


def remember() -> None:
    """Copy every filled table aside; called once, before the first test."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _filled(cursor):
            cursor.execute(f'CREATE TABLE {SCHEMA}."{table}" AS TABLE public."{table}"')


def restore() -> None:
    """Empty every table and fill those that were filled at the beginning, all in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [SCHEMA])
        seeded = [table for (table,) in cursor.fetchall()]
        to_empty = sorted({*_filled(cursor), *seeded})
        statements = [_truncate(to_empty), *(_refill(cursor, table) for table in seeded)]
        # Nothing may empty the ledger, and rows come back in any order: no trigger is asked.
        cursor.execute(
            f"BEGIN; SET LOCAL session_replication_role = replica; {'; '.join(statements)}; COMMIT"
        )


def _filled(cursor) -> list[str]:
    cursor.execute(TABLES)
    tables = [table for (table,) in cursor.fetchall()]
    questions = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM public.\"{table}\")" for table in tables
    )
    cursor.execute(questions)
    return [table for (table,) in cursor.fetchall()]


def _truncate(tables: list[str]) -> str:
    return "TRUNCATE " + ", ".join(f'public."{table}"' for table in tables) + " CASCADE"


def _refill(cursor, table: str) -> str:
    cursor.execute(COLUMNS, [table])
    (columns,) = cursor.fetchone()
    return f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {SCHEMA}."{table}"'
