"""What a comparison has found, and how it asks the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from payments.models import Difference

Area = Difference.Area


@dataclass(frozen=True)
class Finding:
    """Two places that differ. key: the same at every run for the same thing. expected, found: in currency, or a count."""

    key: str
    area: Difference.Area
    subject: str
    currency: str
    expected: Decimal
    found: Decimal
    detail: str


def asked(sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """Rows that the database answers to one question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()
