"""The one queue of moderation: which kinds of things wait in it.

Nothing is copied into the queue. It is read from the tables of the kinds themselves, so that nothing can be lost between
them and it: `programme.selectors.queue` asks each kind for its oldest rows and merges them.

To add a kind:

1. Its model has a `state`, a history (a `StateEvent` with a key to the row), services that decide, and a `DecisionAdmin`
   (`marketplace.lib.decision_admin`, with `ScopedAdmin`) that offers them: decisions, rights, refusals and the version that
   was read (`take_in`) are taken from there, so each stands in one place.
2. Write `programme/queue/<noun>s.py` with one `Kind` (`programme.queue.kind` says what each field is) and a function that
   reads one row into a `Sheet`: facts, failed checks, photos, diffs, fields that a note may be about.
3. Add it to `KINDS` below. The list, its filters and counts, locks, the page of an item, *next*, the figures and the front
   page of the admin follow.
4. Give its table a partial index over (since, id) of the rows that wait, or the queue gets slow with it.
"""

from programme.queue.certificates import CERTIFICATES
from programme.queue.changes import CHANGES
from programme.queue.group_changes import GROUP_CHANGES
from programme.queue.groups import GROUPS
from programme.queue.kind import Kind, Photo, Sheet
from programme.queue.listings import LISTINGS
from programme.queue.misuse import MISUSE
from programme.queue.reviews import ANSWERS, REVIEWS

__all__ = ["KINDS", "Kind", "Photo", "Sheet", "kind_of"]

# In the order in which they are named; of the same moment, the first of them goes first.
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (GROUPS, CERTIFICATES, LISTINGS, CHANGES, GROUP_CHANGES, MISUSE, REVIEWS, ANSWERS)
}


def kind_of(model: type) -> Kind | None:
    """The kind whose rows are of this model; None when it does not wait in the queue."""
    return next((kind for kind in KINDS.values() if kind.model is model), None)
