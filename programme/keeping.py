"""Claims of the queue as the pages of decisions in all rooms ask for them."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from programme.queue import kind_of
from programme.services import claims


class QueueClaims:
    """Rows of the kinds in the queue are claimed; all others are free."""

    def taken(self, row: Any, person: Any) -> AbstractContextManager[None]:
        """Nobody else decides about it meanwhile. Raises HeldByAnother."""
        kind = kind_of(type(row))
        return claims.taken(kind.code, row.pk, person) if kind else nullcontext()

    def words(self, row: Any, person: Any) -> str:
        """Who else looks at it, and until when; empty when nobody does."""
        kind = kind_of(type(row))
        claim = claims.holder(kind.code, row.pk) if kind else None
        if claim is None or claim.holder_id == person.pk:
            return ""
        words = _("%(person)s is looking at it, until %(time)s.")
        return words % {"person": claim.holder, "time": claim.until_words}

    def page(self, row: Any) -> str:
        """Its page in the queue, while it waits."""
        kind = kind_of(type(row))
        if kind is None or row.state != kind.state:
            return ""
        return reverse("admin:programme_claim_item", args=[kind.code, row.pk])
