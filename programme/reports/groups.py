"""Groups with their places, contacts, checklist and certificates."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalogue.models import Product
from marketplace.lib.dates import local_day
from programme.reports.fields import choices
from programme.reports.kind import FilterForm, Filters, ReportKind, above, chosen
from vendors.models import Certificate, Partner, Requirement, RequirementMark
from vendors.selectors.checklist import words_of

_CERTIFIED = (("valid", _("one that is valid today")), ("none", _("none that is valid today")))


class GroupFilters(FilterForm):
    """State, kind, certificate."""

    state = choices(Partner.State.choices, label=_("State of the group"))
    group_kind = choices(Partner.Kind.choices, label=_("Kind of group"))
    certificate = choices(_CERTIFIED, label=_("Certificates"))
    certificate_kind = choices(Certificate.Kind.choices, label=_("of the kind"))


def _rows(found: Filters) -> QuerySet[Any]:
    rows = Partner.objects.filter(**chosen(found, state="state", group_kind="kind"))
    named = chosen(found, certificate_kind="kind")
    valid = Certificate.objects.valid_now().filter(vendor=OuterRef("pk"), **named).order_by()
    asked = found.get("certificate") or ("valid" if named else "")
    if asked:
        has_one = Exists(valid)
        rows = rows.filter(has_one if asked == "valid" else ~has_one)
    held = Certificate.objects.valid_now().filter(vendor=OuterRef("pk")).order_by()
    each = held.values("vendor").annotate(found=Count("pk"), first_end=Min("valid_until"))
    live = Product.objects.live().whole().filter(vendor=OuterRef("pk")).order_by()
    return rows.select_related("home_region__parent").annotate(
        certificates_held=Subquery(each.values("found")),
        first_end=Subquery(each.values("first_end")),
        on_sale=Subquery(live.values("vendor").annotate(found=Count("pk")).values("found")),
    )


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    asked = list(Requirement.objects.filter(is_active=True).exclude(basis=Requirement.Basis.COMPUTED))
    words = {each.pk: words_of(each) for each in asked}
    marks = _marks([row.pk for row in rows], words)
    for row in rows:
        home = row.home_region
        own = [each for each in asked if not each.kinds or row.kind in each.kinds]
        missing = [each for each in own if not _is_met(each, marks.get((row.pk, each.pk)))]
        yield [
            row.code,
            row.name,
            row.get_kind_display(),
            row.get_state_display(),
            home.code,
            home.name,
            above(home),
            row.member_count,
            row.household_count,
            row.registration_number,
            row.phone,
            row.email,
            row.language,
            row.on_sale or 0,
            len(own) - len(missing),
            len(own),
            "; ".join(words[each.pk] for each in missing),
            row.certificates_held or 0,
            row.first_end,
            row.submitted_at and local_day(row.submitted_at, home.country_code),
            row.approved_at and local_day(row.approved_at, home.country_code),
        ]


def _marks(groups: Sequence[int], asked: Iterable[int]) -> Mapping[tuple[int, int], str]:
    """The newest word on each requirement, by group and requirement; one query."""
    rows = RequirementMark.objects.filter(vendor__in=groups, requirement__in=list(asked))
    newest = rows.order_by("vendor", "requirement", "-pk").distinct("vendor", "requirement")
    found = newest.values_list("vendor", "requirement", "action")
    return {(group, requirement): action for group, requirement, action in found}


def _is_met(asked: Requirement, said: str | None) -> bool:
    is_attested = asked.basis == Requirement.Basis.ATTESTED
    wanted = RequirementMark.Action.ATTESTED if is_attested else RequirementMark.Action.VERIFIED
    return said in (wanted, RequirementMark.Action.WAIVED)


GROUPS = ReportKind(
    code="groups",
    label=_("Producer groups"),
    about=_(
        "Every group with its place, contacts, listings on sale, papers of the checklist and certificates."
    ),
    path="home_region__path",
    place_words=_("Groups at home in"),
    filters=GroupFilters,
    headings=(
        _("Group code"),
        pgettext_lazy("column", "Group"),
        _("Kind of group"),
        pgettext_lazy("column", "State"),
        _("Home place code"),
        _("Home place"),
        _("Part of"),
        _("Members"),
        _("Households"),
        _("Registration number"),
        _("Phone number"),
        _("E-mail address"),
        _("Language"),
        _("Listings on sale"),
        _("Papers and statements there"),
        _("Papers and statements asked for"),
        _("Papers and statements missing"),
        _("Certificates valid today"),
        _("First of them ends on"),
        _("Handed in on"),
        _("Approved on"),
    ),
    rows=_rows,
    cells=_cells,
)
