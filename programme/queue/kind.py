"""The shape of one kind of thing that waits for a moderator, and of what its page shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from marketplace.lib.states import StateEvent

Text = str | Promise


@dataclass(frozen=True)
class Photo:
    """One picture of the item: address of the small and of the large one, and what it shows."""

    small: str
    large: str
    alt: str


@dataclass(frozen=True)
class Sheet:
    """Everything for the decision about one item, read by Kind.read.

    facts: pairs of heading and words, empty words are left out. checks: what failed, in words; nothing is promised by
    their absence. diffs: FieldDiffs of catalogue.selectors.changes; sides: headings of old and new. fields: name -> words
    of what a note may be about. address: where the item is to be seen as others see it.
    """

    facts: Sequence[tuple[Text, str | SafeString]] = ()
    checks: Sequence[Text] = ()
    photos: Sequence[Photo] = ()
    diffs: Sequence[Any] = ()
    sides: tuple[Text, Text] = ("", "")
    fields: Mapping[str, Text] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind. Paths are those of queryset lookups from the row, as "listing__vendor".

    code: in addresses and rows of claims, never changed. rows: whole table without any reach, as the queue counts it.
    state: in which a row waits, of the field "state". since: field of the moment since when. titles: paths of its words, of which the
    first that is there counts.
    place: path of its Region, by which reach and filter go. group: path of its Partner, "" for the row itself, None where
    there is none. event, subject: model of its history and the key there that names the row. decided: states that are a
    decision of the office when they are come to from `state`. read: the row, as its admin hands it out -> Sheet.
    right: with which a person decides in all of her or his places, as "catalogue.review_product"; who has it not decides where
    the role says so. Empty where whoever may decide at all does so in all of them. version: what the row stands at, sent back with the decision and compared before it is carried out. bulk: names of the
    decisions that may be taken about several at once, as they were listed: only where whatever is handed in anew waits from a
    new moment on, and the service itself refuses what a moderator would have seen on the page.

    buyers_language: field of the language in which a buyer reads the note of the decision; empty where a group reads it.

    Decisions, rights, refusals and what else the form sends are those of the DecisionAdmin that is registered for the model.
    """

    code: str
    names: Text
    model: type[Model]
    rows: Callable[[], QuerySet[Any]]
    state: str
    since: str
    titles: Sequence[str]
    place: str
    group: str | None
    event: type[StateEvent]
    subject: str
    decided: frozenset[str]
    read: Callable[[Any], Sheet]
    version: Callable[[Any], str]
    right: str = ""
    bulk: frozenset[str] = frozenset()
    buyers_language: str = ""

    @property
    def word(self) -> str:
        """What one of them is called."""
        return str(self.model._meta.verbose_name)

    @property
    def view_right(self) -> str:
        """The right to see rows of this kind in the admin."""
        meta = self.model._meta
        return f"{meta.app_label}.view_{meta.model_name}"

    def path(self, field: str) -> str:
        """Path of a field of the group, as "listing__vendor__name"; for kinds that have one."""
        return f"{self.group}__{field}" if self.group else field

    def title(self, prefix: str = "") -> Combinable:
        """What the list calls a row. prefix: path to the row, as "listing__", where another table is asked."""
        first, *others = [F(prefix + path) for path in self.titles]
        return Coalesce(first, *others) if others else first

    def waiting(self) -> QuerySet[Any]:
        """Rows that wait for a decision, everybody's."""
        return self.rows().filter(**{"state": self.state, f"{self.since}__isnull": False})
