"""The programme's checklist as one group stands to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vendors.models import GroupDocument, GroupPerson, GroupPhoto, Partner, Requirement, RequirementMark
from vendors.selectors.checks import CHECKS, WORDS, Check, Facts

Action = RequirementMark.Action
Basis = Requirement.Basis


class Status(TextChoices):
    """How a group stands to a requirement."""

    DONE = "done", gettext_lazy("done")
    WAIVED = "waived", gettext_lazy("not needed of you")
    WAITING = "waiting", gettext_lazy("the office looks at it")
    OPEN = "open", gettext_lazy("missing")


@dataclass(frozen=True)
class CheckRow:
    """One requirement of one group.

    found, number: how many there are and how many are enough, for what is counted. mark: the word that counts, or None.
    papers: what was uploaded for it.
    """

    requirement: Requirement
    words: str
    status: Status
    found: int
    mark: RequirementMark | None
    papers: Sequence[GroupDocument]

    @property
    def is_met(self) -> bool:
        """Whether nothing more is asked."""
        return self.status in (Status.DONE, Status.WAIVED)

    @property
    def is_gap(self) -> bool:
        """Whether the group must still do something before it may hand in."""
        return self.requirement.is_required and self.status == Status.OPEN

    @property
    def count_words(self) -> str:
        """How many of how many, where more than one is asked and the number tells something."""
        if self.requirement.basis != Basis.COMPUTED or self.requirement.number == 1 or self.is_met:
            return ""
        if self.requirement.check_name == "story":
            return _("a little longer, please") if self.found else ""
        return _("%(found)d of %(number)d") % {"found": self.found, "number": self.requirement.number}

    @property
    def who(self) -> str:
        """Who said the word that counts."""
        if self.mark is None:
            return ""
        return self.mark.name or (str(self.mark.actor) if self.mark.actor else "")

    @property
    def at(self) -> datetime | None:
        """When."""
        return self.mark.created_at if self.mark else None


@dataclass(frozen=True)
class Checklist:
    """All requirements of a group, in the programme's order."""

    rows: Sequence[CheckRow]

    @property
    def gaps(self) -> list[str]:
        """What the group must still do before it may hand in, in words."""
        return [row.words for row in self.rows if row.is_gap]

    @property
    def still_open(self) -> list[str]:
        """What stands against an approval, in words."""
        return [row.words for row in self.rows if row.requirement.is_required and not row.is_met]

    @property
    def met(self) -> int:
        """How many need nothing more."""
        return sum(row.is_met for row in self.rows)


def checklist(vendor: Partner) -> Checklist:
    """The checklist of one group; five queries, and those of the counts of other rooms."""
    asked = list(Requirement.objects.asked_of(vendor.kind))
    if not asked:
        return Checklist([])
    facts = _facts(vendor)
    papers: dict[str, list[GroupDocument]] = {}
    for paper in GroupDocument.objects.filter(vendor=vendor):
        papers.setdefault(paper.kind, []).append(paper)
    marks: dict[int, RequirementMark] = {}
    for mark in RequirementMark.objects.filter(vendor=vendor).select_related("actor").order_by("pk"):
        marks[mark.requirement_id] = mark
    return Checklist(
        [_row(each, facts, papers.get(each.document_kind, []), marks.get(each.pk)) for each in asked]
    )


def words_of(requirement: Requirement) -> str:
    """What is asked, in the active language."""
    if requirement.own_words:
        return requirement.own_words
    check = CHECKS.get(requirement.check_name)
    if requirement.basis == Basis.COMPUTED and check is not None:
        return check.words(requirement.number)
    return str(WORDS.get(requirement.check_name, requirement.check_name))


def _facts(vendor: Partner) -> Facts:
    counts: dict[str, Any] = vendor.memberships.aggregate(
        contacts=Count("pk", filter=Q(user__email__isnull=False) | Q(user__phone__isnull=False))
    )
    return Facts(
        vendor,
        photos=GroupPhoto.objects.filter(vendor=vendor).count(),
        people=GroupPerson.objects.filter(vendor=vendor, consented_at__isnull=False).count(),
        contacts=counts["contacts"],
    )


def _row(
    requirement: Requirement, facts: Facts, papers: Sequence[GroupDocument], mark: RequirementMark | None
) -> CheckRow:
    counts = mark if mark is not None and mark.action in RequirementMark.COUNTING else None
    check = CHECKS.get(requirement.check_name) if requirement.basis == Basis.COMPUTED else None
    found = check.count(facts) if check else 0
    status = _status(requirement, check, found, papers, counts)
    return CheckRow(requirement, words_of(requirement), status, found, counts, papers)


def _status(
    requirement: Requirement,
    check: Check | None,
    found: int,
    papers: Sequence[GroupDocument],
    mark: RequirementMark | None,
) -> Status:
    if mark is not None and mark.action == Action.WAIVED:
        return Status.WAIVED
    if requirement.basis == Basis.COMPUTED:
        # A count that this installation does not know stands in nobody's way.
        return Status.DONE if check is None or found >= requirement.number else Status.OPEN
    wanted = Action.ATTESTED if requirement.basis == Basis.ATTESTED else Action.VERIFIED
    if mark is not None and mark.action == wanted:
        return Status.DONE
    return Status.WAITING if papers else Status.OPEN


def asked_of_all() -> list[tuple[str, str]]:
    """What the programme needs of groups, for those who think about joining: words, and of which kinds; one query."""
    labels = dict(Partner.Kind.choices)
    rows = Requirement.objects.filter(is_active=True, is_required=True)
    return [(words_of(row), ", ".join(str(labels.get(kind, kind)) for kind in row.kinds)) for row in rows]
