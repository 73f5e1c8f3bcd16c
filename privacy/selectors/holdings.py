"""All that the register tells of one person, as rows of plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, cast

from django.db.models import Field, Model

from people.models import User
from privacy.register import TOLD, Told


@dataclass(frozen=True)
class Section:
    """Rows of one kind. headings: by field, in the reader's language; rows: values as JSON takes them."""

    label: str
    title: str
    headings: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    words: Mapping[str, Mapping[Any, str]]

    def lines(self) -> list[list[tuple[str, str]]]:
        """Each row as (heading, value in words), without what is empty."""
        return [
            [
                (self.headings[name], self.words.get(name, {}).get(value, str(value)))
                for name, value in row.items()
                if value not in (None, "")
            ]
            for row in self.rows
        ]


def holdings(person: User) -> list[Section]:
    """Every kind of row that the register tells, in its order; one query each."""
    return [_section(told, person) for told in TOLD]


def _section(told: Told, person: User) -> Section:
    fields = {name: _field(told.model, name) for name in told.fields}
    rows = [
        {name: _plain(value) for name, value in row.items()} for row in told.rows(person).values(*told.fields)
    ]
    words = {
        name: {key: str(said) for key, said in field.flatchoices}
        for name, field in fields.items()
        if field.choices
    }
    headings = {name: _heading(name, field) for name, field in fields.items()}
    return Section(told.label, str(told.title), headings, rows, words)


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    *above, name = path.split("__")
    for step in above:
        model = cast("type[Model]", model._meta.get_field(step).related_model)
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _heading(path: str, field: "Field[Any, Any]") -> str:
    # "number" of an order that is told within a payment says of what it is one.
    if "__" not in path:
        return str(field.verbose_name)
    return f"{field.model._meta.verbose_name}: {field.verbose_name}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int | bool | type(None)) else str(value)
