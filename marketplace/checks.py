"""System checks of the whole: `manage.py check --database default`, and before every migration."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from marketplace.lib.database import unsuitable


def database_suits(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Refuse a database whose encoding, locale or extensions would break search in Dzongkha or Hindi."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            reason = unsuitable(cursor)
        if reason:
            messages.append(Error(reason, id="marketplace.E001"))
    return messages
