"""Checks of the database before anything is written to it."""

from urllib.parse import urlsplit

import psycopg2

from marketplace.launcher.errors import StartupError

EXTENSIONS = ("btree_gin", "pg_trgm", "unaccent")
OLDEST = 140000
CONNECT_SECONDS = 5
# Two Devanagari letters around a full stop: three tokens where letters are known, one under locale C.
SPLITS_SCRIPTS = "SELECT count(*) = 3 FROM ts_parse('default', 'क।ख')"


def require_usable(url: str) -> str:
    """Make sure that the marketplace can live in this database; returns a word that identifies it.

    Raises StartupError, one line and without the password, naming what is wrong: address, version, encoding,
    locale or a missing extension.
    """
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise StartupError(
            "DATABASE_URL must begin with postgres:// (the marketplace runs on PostgreSQL only)"
        )
    try:
        connection = psycopg2.connect(
            url.replace("postgres://", "postgresql://", 1), connect_timeout=CONNECT_SECONDS
        )
    except psycopg2.Error as error:
        reason = " ".join(str(error).split()) or "no reason given"
        raise StartupError(f"the database of DATABASE_URL does not answer: {reason}") from None
    try:
        with connection, connection.cursor() as cursor:
            problem = _problem(cursor)
            if problem:
                raise StartupError(problem)
            cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            oid = _value(cursor)
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            return f"{_value(cursor)}-{oid}"
    finally:
        connection.close()


def _problem(cursor: "psycopg2.extensions.cursor") -> str | None:
    cursor.execute("SELECT current_setting('server_version_num')::int")
    if int(str(_value(cursor))) < OLDEST:
        return "the database of DATABASE_URL is older than PostgreSQL 14"
    cursor.execute(
        "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
    )
    encoding, locale = cursor.fetchone() or ("", "")
    advice = "make it with: CREATE DATABASE marketplace TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    if encoding != "UTF8":
        return f"the database has encoding {encoding}, not UTF8; {advice}"
    cursor.execute(SPLITS_SCRIPTS)
    if not _value(cursor):
        return f"the database has locale {locale}, which cannot split Dzongkha and Hindi into words; {advice}"
    cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)])
    missing = sorted(set(EXTENSIONS) - {name for (name,) in cursor.fetchall()})
    if missing:
        return f"the database server lacks {', '.join(missing)}; install PostgreSQL's contrib package"
    return None


def _value(cursor: "psycopg2.extensions.cursor") -> object:
    row = cursor.fetchone()
    return row[0] if row else None
