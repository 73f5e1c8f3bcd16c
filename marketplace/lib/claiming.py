"""Things that one person at a time looks at, to decide about them: what the pages of decisions ask for."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol


class ClaimError(Exception):
    """The thing is not with the person who wants to decide; message says who has it, or what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Claims(Protocol):
    """Says who has which row; the room that keeps claims gives its own to DecisionAdmin when it starts."""

    def taken(self, row: Any, person: Any) -> AbstractContextManager[None]:
        """Decide within this: nobody else does meanwhile. Raises ClaimError when somebody else has it."""
        ...

    def words(self, row: Any, person: Any) -> str:
        """Who else has it and until when, for the page; empty when nobody does."""
        ...

    def page(self, row: Any) -> str:
        """Where it stands in the queue of what waits; empty when it does not wait there."""
        ...


class NoClaims:
    """Where nobody keeps claims, everything is free."""

    def taken(self, row: Any, person: Any) -> AbstractContextManager[None]:
        """Nothing is taken."""
        return nullcontext()

    def words(self, row: Any, person: Any) -> str:
        """Nobody has it."""
        return ""

    def page(self, row: Any) -> str:
        """There is no queue."""
        return ""
