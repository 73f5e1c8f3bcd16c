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
    """Empty every table but those that were filled at the beginning, and mend these, all in one transaction.

    Rows are deleted one by one: TRUNCATE makes new files for each table and each of its indexes, which takes longer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [SCHEMA])
        seeded = [table for (table,) in cursor.fetchall()]
        filled = [table for table in _filled(cursor) if table not in seeded]
        # What another connection has not committed yet is waited for, so that it goes too.
        lock = "LOCK TABLE " + ", ".join(f'public."{table}"' for table in (*filled, *seeded))
        empty = [f'DELETE FROM public."{table}"' for table in filled]
        mend = [statement for table in seeded for statement in _mended(cursor, table)]
        # Nothing may empty the ledger, and rows come back in any order: no trigger is asked.
        begin = "BEGIN; SET LOCAL session_replication_role = replica"
        cursor.execute("; ".join([begin, lock, *empty, *mend, "COMMIT"]))


def _filled(cursor) -> list[str]:
    cursor.execute(TABLES)
    tables = [table for (table,) in cursor.fetchall()]
    questions = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM public.\"{table}\")" for table in tables
    )
    cursor.execute(questions)
    return [table for (table,) in cursor.fetchall()]


def _mended(cursor, table: str) -> tuple[str, str]:
    """Take away what is not as it was, and put back what is missing; rows are compared as text, which each type has."""
    cursor.execute(COLUMNS, [table])
    (columns,) = cursor.fetchone()
    now, then = f'public."{table}" AS now', f'{SCHEMA}."{table}" AS kept'
    return (
        f"DELETE FROM {now} WHERE NOT EXISTS (SELECT FROM {then} WHERE kept::text = now::text)",
        f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {then}'
        f" WHERE NOT EXISTS (SELECT FROM {now} WHERE kept::text = now::text)",
    )
