"""The audit across all kinds of rows, narrowed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.models import Change
from people.models import User
from regions.models import Region

# Persons who share a part of a name; more are no answer.
MOST_PERSONS = 50


@dataclass(frozen=True)
class Asked:
    """Filters; empty ones narrow nothing. kind: label; since, to: days, both included; until: moment before which.

    row: key of one row of that kind, with what belongs to it.
    """

    person: str = ""
    kind: str = ""
    since: date | None = None
    to: date | None = None
    place: str = ""
    operation: UUID | None = None
    row: str = ""
    until: datetime | None = None


def changes(asked: Asked) -> "QuerySet[Change]":
    """Changes, newest first, with their persons. At most three queries come before the one of the rows."""
    rows = Change.objects.select_related("person").order_by("-at", "-pk")
    if asked.operation:
        rows = rows.filter(operation=asked.operation)
    if asked.kind and asked.row:
        own = Q(model=asked.kind, row=asked.row)
        rows = rows.filter(own | Q(about_model=asked.kind, about_row=asked.row))
    elif asked.kind:
        rows = rows.filter(model=asked.kind)
    if asked.person:
        rows = rows.filter(person__in=_persons(asked.person))
    if asked.place:
        rows = rows.filter(_at_place(asked.place))
    if asked.since:
        rows = rows.filter(at__gte=_begin(asked.since))
    if asked.to and asked.to < date.max:
        rows = rows.filter(at__lt=_begin(asked.to + timedelta(days=1)))
    return rows.filter(at__lt=asked.until) if asked.until else rows


def in_pages(rows: "QuerySet[Change]", *, size: int, most: int) -> Iterator[Sequence[Change]]:
    """The rows a page at a time, up to a number of them, each page asked for when the one before has been read."""
    read, page = 0, list(rows[:size])
    while page and read < most:
        yield page[: most - read]
        read += len(page)
        last = page[-1]
        # The first condition is the one that an index answers.
        rest = rows.filter(at__lte=last.at).filter(Q(at__lt=last.at) | Q(pk__lt=last.pk))
        page = list(rest[:size])


def _persons(typed: str) -> list[int]:
    contact = typed.strip()
    found = Q(name__icontains=contact) | Q(email=contact.lower()) | Q(phone=contact)
    return list(User.objects.filter(found).order_by("pk").values_list("pk", flat=True)[:MOST_PERSONS])


def _at_place(typed: str) -> Q:
    name = typed.strip()
    paths = Region.objects.filter(Q(code__iexact=name) | Q(name__iexact=name)).values_list("path", flat=True)
    below = Q(pk__in=())
    for path in paths:
        below |= Q(path__startswith=path)
    return Q(place__in=Region.objects.filter(below).values("pk"))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
