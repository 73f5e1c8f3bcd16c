"""What the register says of a model: what of it is a person's own, what the file tells, and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from people.models import User


@dataclass(frozen=True)
class Erased:
    """The rows are deleted when the account is closed."""


@dataclass(frozen=True)
class Wiped:
    """The rows stay, with these values in the place of what names the person; why: what they stay for."""

    values: Mapping[str, Any]
    why: str | Promise


@dataclass(frozen=True)
class Stays:
    """The rows stay as they are; why: what law or money asks them for."""

    why: str | Promise


@dataclass(frozen=True)
class ByService:
    """A service ends them (privacy.services.closing calls it); why: what becomes of them."""

    why: str | Promise


End = Erased | Wiped | Stays | ByService


@dataclass(frozen=True)
class Told:
    """Rows of one model that are a person's own.

    label: "order.Order". mine: which of its rows. fields: what the file tells of each, related ones as "order__number";
    never what names anybody else. covers: columns of the model that name or reach the person. end: when the account closes.
    """

    label: str
    title: str | Promise
    mine: Callable[[User], Q]
    fields: tuple[str, ...]
    covers: tuple[str, ...]
    end: End

    @property
    def model(self) -> type[Model]:
        """The class."""
        return apps.get_model(self.label)

    def rows(self, person: User) -> QuerySet[Any]:
        """The person's rows, each once, the oldest first."""
        own = self.model._default_manager.filter(self.mine(person)).values("pk")
        return self.model._default_manager.filter(pk__in=own).order_by("pk")


@dataclass(frozen=True)
class Untold:
    """Columns that name or reach people, of which the file tells nothing and closing changes nothing, and why.

    columns: "order.OrderEvent.actor".
    """

    columns: tuple[str, ...]
    why: str


def contacts_of(person: User) -> list[str]:
    """Phone number and e-mail address of an account, those that it has."""
    return [contact for contact in (person.phone, person.email) if contact]
