"""Checks of the database before anything is written to it."""

from urllib.parse import urlsplit

import psycopg2

from marketplace.launcher.errors import StartupError
from marketplace.lib.database import unsuitable

CONNECT_SECONDS = 5


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
        connection = psycopg2.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg2.Error as error:
        reason = " ".join(str(error).split()) or "no reason given"
        raise StartupError(f"the database of DATABASE_URL does not answer: {reason}") from None
    try:
        with connection, connection.cursor() as cursor:
            problem = unsuitable(cursor)
            if problem:
                raise StartupError(problem)
            cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            (oid,) = cursor.fetchone()
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            (system,) = cursor.fetchone()
            return f"{system}-{oid}"
    finally:
        connection.close()
