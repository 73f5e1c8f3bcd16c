"""Who writes, on whose behalf, by what and why: said to the database beside each statement, for its triggers.

The facts travel as settings of the transaction (django-pghistory), so that `update()`, `bulk_create` and raw SQL carry them
too. What the triggers make of them is in the room `audit`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest


class Visitor:
    """The person of a request, asked for only when something is written: most requests write nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def pk(self) -> int | None:
        """The person's key; None for a visitor who is not signed in."""
        return getattr(self._request.user, "pk", None)


class FactEncoder(DjangoJSONEncoder):
    """Writes the facts as JSON; a visitor by the key that she or he has at this moment."""

    def default(self, o: Any) -> Any:
        """What JSON has no word for."""
        return o.pk if isinstance(o, Visitor) else super().default(o)


@contextmanager
def noting(**facts: Any) -> Iterator[None]:
    """Say what holds for all that is written inside: person (key), on_behalf_of, reason, via.

    An empty value says nothing and leaves what holds outside, as does the end of the block. The outermost block is one
    operation, under one key. Outside of any block the last facts hold until their transaction ends.
    """
    with pghistory.context() as context:
        outside = dict(context.metadata)
        context.metadata.update(_said(facts))
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(outside)


def note(**facts: Any) -> None:
    """Say a fact that has become known, until the end of the innermost block; nothing outside of any."""
    pghistory.context(**_said(facts))


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "")}
