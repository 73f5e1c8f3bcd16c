"""Rows and values of the audit in words: labels of fields, choices, names of the rows that keys point to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, DateField, DateTimeField, DecimalField, Field, Model
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.models import Change
from people.models import User

# With this the triggers begin what they mask.
MASK = "…"
# Under one of these the audit itself may hold what a row was called that is no more.
_NAMES = ("name", "title", "alias", "number")
# Whose own word for themselves asks the database for each row, is none for people, or may be an address or a number to
# call: of a person the name only.
_CALLED: Mapping[str, Callable[[Any], str]] = {
    "catalogue.category": attrgetter("name"),
    "catalogue.productcategory": lambda _row: "",
    "partner.membership": attrgetter("user.name"),
    "people.user": attrgetter("name"),
    "regions.regionrole": attrgetter("person.name"),
}
# Rows that are people who are not on any page of a group: a change of one does not name her or him.
_PRIVATE = frozenset({"people.user", "partner.invitation"})


@dataclass(frozen=True)
class Line:
    """One value: label of its field, before and after in words; empty where there was or is none."""

    label: str
    before: str = ""
    after: str = ""


@dataclass
class Words:
    """What the changes of one page need to be read: gathered first, then asked for with one query for each kind of row."""

    _rows: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Iterable[Change]) -> "Words":
        """The words for these changes."""
        wanted: dict[type[Model], set[str]] = defaultdict(set)
        for change in changes:
            model = model_of(change.model)
            if model is None:
                continue
            wanted[model].add(change.row)
            for column, value in (*change.before.items(), *change.after.items()):
                related = _related(_field(model, column))
                if related is not None and value is not None:
                    wanted[related].add(str(value))
        words = cls()
        for model, keys in wanted.items():
            for key, row in _fetch(model, keys).items():
                words._rows[model._meta.label_lower, str(key)] = _name(row)
        return words

    def subject(self, change: Change) -> str:
        """Which row it is: its kind and what it is called, now or when it was last there."""
        model = model_of(change.model)
        if model is None:
            return f"{change.model} {change.row}"
        kind = capfirst(str(model._meta.verbose_name))
        name = "" if change.model in _PRIVATE else self._name_of(model, change.row) or _name_in(change)
        return f"{kind} “{name}”" if name else f"{kind} {_number(change.row)}"

    def lines(self, change: Change) -> Sequence[Line]:
        """The values, in the order of the fields."""
        model = model_of(change.model)
        columns = {*change.before, *change.after}
        order = [each.column for each in model._meta.concrete_fields] if model else []
        known = [column for column in order if column in columns]
        return [self._line(model, column, change) for column in (*known, *sorted(columns - set(known)))]

    def _line(self, model: type[Model] | None, column: str, change: Change) -> Line:
        found = _field(model, column) if model else None
        return Line(
            label=capfirst(str(found.verbose_name)) if found else column,
            before=self._value(found, change.before.get(column)),
            after=self._value(found, change.after.get(column)),
        )

    def _value(self, found: "Field[Any, Any] | None", value: Any) -> str:
        related = _related(found)
        if related is None or value is None:
            return _plain(found, value)
        name = self._name_of(related, value)
        return gone(value) if name is None else name or _number(value)

    def _name_of(self, model: type[Model], key: Any) -> str | None:
        """What a row is called, empty for one without a name; None for one that is no more."""
        return self._rows.get((model._meta.label_lower, str(key)))


def model_of(label: str) -> type[Model] | None:
    """The class of a label that the audit holds; None for one that is no more."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def gone(key: Any) -> str:
    """What a row is called that is no more."""
    return _("no. %(key)s, no longer there") % {"key": key}


def person_name(person: User) -> str:
    """What a person is called in the audit: never by a contact."""
    return person.name or _number(person.pk)


def _number(key: Any) -> str:
    return _("no. %(key)s") % {"key": key}


def _fetch(model: type[Model], keys: Iterable[str]) -> Mapping[Any, Model]:
    """Rows by key, with the rows that their names may ask for."""
    cleaned = [model._meta.pk.to_python(key) for key in keys]
    direct = [each.name for each in model._meta.concrete_fields if each.is_relation]
    return model._base_manager.select_related(*direct).in_bulk(cleaned)


def _name(row: Model) -> str:
    if row._meta.auto_created:
        return ""
    return _CALLED.get(row._meta.label_lower, str)(row)


def _name_in(change: Change) -> str:
    for values in (change.before, change.after):
        for name in _NAMES:
            value = str(values.get(name) or "")
            if value and not value.startswith(MASK):
                return value
    return ""


def _field(model: type[Model], column: str) -> "Field[Any, Any] | None":
    return next((each for each in model._meta.concrete_fields if each.column == column), None)


def _related(found: "Field[Any, Any] | None") -> type[Model] | None:
    related = found.related_model if found is not None and found.is_relation else None
    return related._meta.concrete_model if isinstance(related, type) else None


def _plain(found: "Field[Any, Any] | None", value: Any) -> str:
    """A value that is no key, in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or isinstance(found, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_plain(found, each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_plain(None, each)}" for key, each in value.items())
    choices = dict(found.flatchoices) if found is not None and found.flatchoices else {}
    if value in choices:
        return str(choices[value])
    return _moment(found, value) or _amount(found, value) or str(value)


def _moment(found: "Field[Any, Any] | None", value: Any) -> str:
    moment: datetime | date | None = None
    if isinstance(found, DateTimeField):
        moment = parse_datetime(str(value))
        if isinstance(moment, datetime) and timezone.is_aware(moment):
            return str(formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT"))
    elif isinstance(found, DateField):
        moment = parse_date(str(value))
    return str(formats.date_format(moment, "DATE_FORMAT")) if moment else ""


def _amount(found: "Field[Any, Any] | None", value: Any) -> str:
    """A number with the decimals that its field has, whatever JSON made of it."""
    if not isinstance(found, DecimalField):
        return ""
    try:
        return f"{Decimal(str(value)):.{found.decimal_places}f}"
    except InvalidOperation:
        return ""
