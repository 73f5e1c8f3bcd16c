"""Words on requirements: the group attests, staff verify and waive; appended under the group's lock."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vendors.errors import ApplicationError, NotNow, OwnGroup, ReasonMissing
from vendors.models import GroupDocument, Membership, Partner, Requirement, RequirementMark
from vendors.services.applications import lock_group

Action = RequirementMark.Action
Basis = Requirement.Basis
# What the programme begins with; it changes them in the admin. Basis, name, number, paper, kinds, whether needed.
_TOGETHER = [
    Partner.Kind.PRODUCER_GROUP,
    Partner.Kind.FARMERS_GROUP,
    Partner.Kind.COOPERATIVE,
    Partner.Kind.SELF_HELP_GROUP,
]
_REGISTERED = [Partner.Kind.COOPERATIVE, Partner.Kind.FARMERS_GROUP, Partner.Kind.AGGREGATOR]
_DEFAULTS: tuple[tuple[str, str, int, str, list[str], bool], ...] = (
    (Basis.COMPUTED, "contact", 1, "", [], True),
    (Basis.COMPUTED, "members", 3, "", [*_TOGETHER], True),
    (Basis.COMPUTED, "registration_number", 1, "", [*_REGISTERED], True),
    (Basis.COMPUTED, "address", 1, "", [], True),
    (Basis.COMPUTED, "summary", 1, "", [], True),
    (Basis.COMPUTED, "story", 80, "", [], True),
    (Basis.COMPUTED, "photos", 1, "", [], True),
    (Basis.COMPUTED, "people", 1, "", [], False),
    (Basis.COMPUTED, "payout_details", 1, "", [], True),
    (Basis.VERIFIED, "identity_paper", 1, GroupDocument.Kind.IDENTITY, [], True),
    (Basis.VERIFIED, "registration_paper", 1, GroupDocument.Kind.REGISTRATION, [*_REGISTERED], True),
    (Basis.VERIFIED, "food_paper", 1, GroupDocument.Kind.FOOD_LICENCE, [], False),
    (Basis.ATTESTED, "own_make", 1, "", [], True),
    (Basis.ATTESTED, "rules", 1, "", [], True),
)


@transaction.atomic
def create_requirements() -> int:
    """Write the checklist that the programme begins with; returns how many lines, 0 where there is one already."""
    if Requirement.objects.exists():
        return 0
    rows = [
        Requirement(
            basis=basis,
            check_name=name,
            number=number,
            document_kind=paper,
            kinds=[str(kind) for kind in kinds],
            is_required=is_required,
            position=10 * (place + 1),
        )
        for place, (basis, name, number, paper, kinds, is_required) in enumerate(_DEFAULTS)
    ]
    return len(Requirement.objects.bulk_create(rows))


def attest(
    vendor: Partner, requirement: Requirement, *, actor: Any, name: str, on_behalf_of: str = ""
) -> bool:
    """The group says that it meets a requirement; False when it has said so already.

    name: of the person who says so, as typed. Raises ApplicationError for a requirement that nobody can attest, or
    without a name, and NotNow for a group that is closed.
    """
    if requirement.basis != Basis.ATTESTED:
        raise ApplicationError
    typed = " ".join(name.split())[:150]
    if not typed:
        raise ApplicationError(_("Write the name of the person who says so."), field="name")
    return _mark(vendor, requirement, Action.ATTESTED, actor=actor, name=typed, on_behalf_of=on_behalf_of)


def verify(
    vendor: Partner, requirement: Requirement, *, actor: Any, document: GroupDocument | None = None
) -> bool:
    """Staff have looked at a paper and say that it is right; False when somebody has said so already.

    document: of this group, and of the kind that is asked for; the newest of them when None. Raises ApplicationError
    when there is no such paper, and OwnGroup for a member of the group.
    """
    if requirement.basis != Basis.VERIFIED:
        raise ApplicationError
    refuse_own_group(vendor, actor)
    with transaction.atomic():
        # The paper is looked up under the lock under which the group takes papers away.
        lock_group(vendor)
        papers = GroupDocument.objects.filter(vendor=vendor, kind=requirement.document_kind)
        paper = papers.filter(pk=document.pk).first() if document else papers.order_by("-pk").first()
        if paper is None:
            raise ApplicationError(_("There is no paper of this kind to look at."))
        return _mark(vendor, requirement, Action.VERIFIED, actor=actor, document=paper)


def waive(vendor: Partner, requirement: Requirement, *, actor: Any, reason: str) -> bool:
    """Staff do without a requirement for this group; False when it was waived already. Raises ReasonMissing, OwnGroup."""
    if not reason.strip():
        raise ReasonMissing
    refuse_own_group(vendor, actor)
    return _mark(vendor, requirement, Action.WAIVED, actor=actor, reason=reason.strip())


def take_back(vendor: Partner, requirement: Requirement, *, actor: Any, reason: str = "") -> bool:
    """Undo what was said about a requirement; False when nothing counts."""
    return _mark(vendor, requirement, Action.TAKEN_BACK, actor=actor, reason=reason.strip())


def refuse_own_group(vendor: Partner, actor: Any) -> None:
    """Raise OwnGroup when the person belongs to the group; one query."""
    if actor is not None and Membership.objects.filter(vendor=vendor, user=actor).exists():
        raise OwnGroup


@transaction.atomic
def _mark(vendor: Partner, requirement: Requirement, action: str, **values: Any) -> bool:
    # The group's row, as for a decision: nobody approves while a word is being taken back.
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)
    if locked.state == Partner.State.CLOSED:
        raise NotNow
    marks = RequirementMark.objects.filter(vendor=locked, requirement=requirement)
    newest = marks.order_by("-pk").first()
    said = newest.action if newest is not None else Action.TAKEN_BACK
    if said == action:
        return False
    RequirementMark.objects.create(vendor=locked, requirement=requirement, action=action, **values)
    return True
