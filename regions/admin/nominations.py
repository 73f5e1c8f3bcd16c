"""Nominations in Django admin: proposed by places, recommended, returned, refused and approved there."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import DecidedAsRead, Decision, DecisionAdmin, EventInline
from marketplace.lib.downloads import private_picture
from marketplace.lib.read_only_admin import PatientChangeList, SeenWithPage
from marketplace.lib.uploads import private_storage
from regions.admin.proposing import propose_page, revise_page
from regions.errors import NominationError
from regions.models import Nomination, NominationEvent, NominationFile
from regions.policies import can_approve, can_propose, can_recommend
from regions.scoped_admin import ScopedAdmin
from regions.selectors.nomination_versions import version_sheets
from regions.selectors.nominations import waiting_for
from regions.services import nomination_decisions, nominations

State = Nomination.State


class StateFilter(admin.SimpleListFilter):
    """By state; what nobody has the last word on unless another is asked for. "mine": what this person can decide."""

    title = _("state")
    parameter_name = "state"
    MINE, ALL = "mine", "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What waits for this person, every state, and all."""
        return [(self.MINE, _("waits for you")), *State.choices, (self.ALL, _("all"))]

    def choices(self, changelist: Any) -> Any:
        """The links; without one, what is open."""
        link = changelist.get_query_string(remove=[self.parameter_name])
        yield {"selected": self.value() is None, "query_string": link, "display": _("open")}
        for value, label in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == self.value(), "query_string": link, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of the chosen state."""
        word = self.value()
        if not word:
            return queryset.filter(state__in=Nomination.OPEN)
        if word == self.ALL:
            return queryset
        if word == self.MINE:
            return queryset.filter(pk__in=waiting_for(request.user).values("pk"))
        return queryset.filter(state=word) if word in State.values else queryset.none()


class NominationEventInline(SeenWithPage, EventInline):
    """The history."""

    model = NominationEvent
    fields = ("created_at", "from_state", "to_state", "version", "actor", "meeting", "reason")  # type: ignore[assignment]  # one more than there
    readonly_fields = fields  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the meetings."""
        return super().get_queryset(request).select_related("meeting")


def _waits_for_recommendation(row: Any) -> bool:
    return row.waits_for_recommendation and can_recommend(row.reader, row.recommending_region)


def _waits_for_the_centre(row: Any) -> bool:
    # Whoever recommended it does not approve it as well; the page says so.
    return (
        row.recommended_by_id != row.reader.pk
        and not row.waits_for_recommendation
        and can_approve(row.reader, row.scheme.country)
    )


def _may_return(row: Any) -> bool:
    return _waits_for_recommendation(row) or can_approve(row.reader, row.scheme.country)


def _run(write: Callable[..., bool]) -> Callable[[Any, Any, str], bool]:
    return lambda row, actor, reason: write(row, actor=actor, version=row.seen_version, remarks=reason)


def _approve(row: Any, actor: Any, reason: str) -> bool:
    return nomination_decisions.approve(
        row, actor=actor, version=row.seen_version, effective_on=row.seen_day, remarks=reason
    )


_WAITING = frozenset({State.PROPOSED, State.RECOMMENDED})


@admin.register(Nomination)
class NominationAdmin(DecidedAsRead, ScopedAdmin, DecisionAdmin):
    """What places propose, the longest wait first; a button for each decision that this person may take."""

    region_path = "region__path"
    queue_state = State.RECOMMENDED
    queue_field = "handed_in_at"
    refusals = (NominationError,)
    decisions = (
        Decision(
            "recommend",
            _("Recommend"),
            frozenset({State.PROPOSED}),
            _run(nomination_decisions.recommend),
            fits=_waits_for_recommendation,
            in_bulk=False,
        ),
        Decision("approve", _("Approve"), _WAITING, _approve, fits=_waits_for_the_centre, in_bulk=False),
        Decision(
            "return",
            _("Return to the place"),
            _WAITING,
            _run(nomination_decisions.send_back),
            needs_reason=True,
            fits=_may_return,
            in_bulk=False,
        ),
        Decision(
            "refuse",
            _("Refuse"),
            _WAITING,
            _run(nomination_decisions.refuse),
            needs_reason=True,
            fits=lambda row: can_approve(row.reader, row.scheme.country),
            in_bulk=False,
        ),
        Decision(
            "withdraw",
            _("Withdraw"),
            frozenset(Nomination.OPEN),
            lambda row, actor, reason: nominations.withdraw(
                row, actor=actor, version=row.seen_version, reason=reason
            ),
            fits=lambda row: can_propose(row.reader, row.region),
            in_bulk=False,
        ),
    )
    change_form_template = "admin/regions/nomination.html"
    change_list_template = "admin/regions/nominations.html"
    view_on_site = False
    list_display = (
        "name",
        "region",
        "scheme",
        "category",
        "state",
        "handed_in_at",
        "effective_on",
    )
    list_filter = (StateFilter, "scheme", ("recommending_region", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("region", "scheme")
    search_fields = ("name", "region__name", "region__code")
    ordering = ("handed_in_at", "pk")
    fields = (
        "name",
        "category",
        "scheme",
        "region",
        "replaces",
        "state",
        "version",
        "proposed_by",
        "handed_in_at",
        "recommending_region",
        "recommended_by",
        "approved_by",
        "effective_on",
    )
    readonly_fields = fields
    inlines = (NominationEventInline,)

    def get_urls(self) -> list[URLPattern]:
        """The pages of proposing, and the papers."""
        page = self.admin_site.admin_view
        return [
            path("propose/", page(partial(propose_page, self)), name="regions_nomination_propose"),
            path(
                "<int:object_id>/revise/", page(partial(revise_page, self)), name="regions_nomination_revise"
            ),
            path("<int:object_id>/paper/<int:pk>/", page(self.paper_view), name="regions_nomination_paper"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are proposed on a page of their own."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was handed in is not edited: it is handed in anew."""
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The list that no address breaks."""
        return PatientChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With the way to propose."""
        context = {**(extra_context or {}), "may_propose": can_propose(request.user)}
        context["may_approve"] = can_approve(request.user)
        return super().changelist_view(request, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what list and decisions name."""
        rows = (
            super().get_queryset(request).select_related("scheme__country", "region", "recommending_region")
        )
        return rows.select_related("replaces", "gi", "proposed_by", "recommended_by", "approved_by")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One nomination, which knows for whom it is shown."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = request.user
        return found

    def may_decide(self, user: Any) -> bool:
        """Who proposes, recommends or approves anywhere."""
        return can_propose(user) or can_recommend(user) or can_approve(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Which of it is said by the decisions; the services refuse the rest."""
        above = row.recommending_region
        return (
            can_propose(user, row.region)
            or (above is not None and can_recommend(user, above))
            or can_approve(user, row.scheme.country)
        )

    def take_in(self, request: HttpRequest, row: Any) -> None:
        """The version, and the day from which it counts."""
        super().take_in(request, row)
        row.seen_day = _day(request.POST.get("effective_on", ""))

    def page_context(self, row: Any) -> dict[str, Any]:
        """Versions, papers, and what this person can do besides deciding."""
        names = [decision.name for decision in self.offered(row)]
        return {
            **super().page_context(row),
            "sheets": version_sheets(row),
            "asks_day": "approve" in names,
            "may_revise": row.state == State.RETURNED and can_propose(row.reader, row.region),
            "is_own": row.proposed_by_id == row.reader.pk and row.state in Nomination.WAITING,
            "has_recommended": row.state == State.RECOMMENDED and row.recommended_by_id == row.reader.pk,
            "reason_label": _("Remarks, for who proposed it"),
        }

    def decide_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Carry out one decision; when it is refused, the page comes back with what was typed."""
        shown = self.get_object(request, object_id)
        decision = next((each for each in self.decisions if each.name == request.POST.get("decision")), None)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if shown is None or decision is None:
            raise Http404
        self.take_in(request, shown)
        outcome = self.carry_out(
            request, decision, shown, reason=request.POST.get("reason", "").replace("\0", "")
        )
        if not outcome.words:
            if outcome.has_changed:
                words = _("%(decision)s: done.") % {"decision": decision.label}
                self.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(self._url("change", shown.pk))
        self.message_user(request, outcome.words, outcome.level)
        typed = {
            "typed_reason": request.POST.get("reason", ""),
            "typed_day": request.POST.get("effective_on", ""),
            "is_refused": True,
        }
        # The page itself is only read; Django would take what was posted for its own form.
        request.method = "GET"
        return self.change_view(request, object_id, extra_context=typed)

    def paper_view(self, request: HttpRequest, object_id: int, pk: int) -> HttpResponse:
        """A paper, for whoever may read the nomination. 404: of another one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = NominationFile.objects.filter(nomination__in=self.get_queryset(request).filter(pk=object_id))
        return private_picture(private_storage(), get_object_or_404(rows, pk=pk).name)

    def _next_url(self, request: HttpRequest, shown: Any) -> str:
        waiting = waiting_for(request.user).exclude(pk=shown.pk).order_by("handed_in_at", "pk")
        pk = waiting.values_list("pk", flat=True).first()
        return self._url("change", pk) if pk else ""


def _day(words: str) -> date | None:
    try:
        return parse_date(words.strip()[:10])
    except ValueError:
        return None
