"""What a PostgreSQL database must be able to do for the marketplace."""

from typing import Any, Protocol

EXTENSIONS = ("btree_gin", "pg_trgm", "unaccent")
OLDEST = 140000
# Two Devanagari letters around a full stop: three tokens where letters are known, one under locale C.
SPLITS_SCRIPTS = "SELECT count(*) = 3 FROM ts_parse('default', 'क।ख')"
ADVICE = "make it with: CREATE DATABASE marketplace TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"


class Cursor(Protocol):
    """The part of a database cursor that is needed here, Django's or psycopg2's."""

    def execute(self, sql: str, params: Any = None, /) -> object:
        """Run a statement."""
        ...

    def fetchone(self) -> Any:
        """Next row."""
        ...

    def fetchall(self) -> Any:
        """All rows left."""
        ...


def unsuitable(cursor: Cursor) -> str | None:
    """One line saying why the database cannot be used and what to do; None when it can."""
    cursor.execute("SELECT current_setting('server_version_num')::int")
    if cursor.fetchone()[0] < OLDEST:
        return "the database is older than PostgreSQL 14"
    cursor.execute(
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
    )
    encoding, locale = cursor.fetchone()
    if encoding != "UTF8":
        return f"the database has encoding {encoding}, not UTF8; {ADVICE}"
    cursor.execute(SPLITS_SCRIPTS)
    if not cursor.fetchone()[0]:
        return f"the database has locale {locale}, which cannot split Dzongkha and Hindi into words; {ADVICE}"
    cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)])
    missing = sorted(set(EXTENSIONS) - {name for (name,) in cursor.fetchall()})
    if missing:
        return f"the database server lacks {', '.join(missing)}; install PostgreSQL's contrib package"
    return None
