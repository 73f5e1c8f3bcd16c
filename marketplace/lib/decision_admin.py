"""Django admin for rows that wait for a decision: a queue, buttons and actions that call a service, the history."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from marketplace.lib.audit import noting
from marketplace.lib.claiming import ClaimError, Claims, NoClaims
from marketplace.lib.states import IllegalTransition

Text = str | Promise


@dataclass(frozen=True)
class Decision:
    """One button: a verb, the states in which it is offered, and the service that carries it out.

    run: called with object, actor and reason; returns whether anything changed. fits: whether it is offered for a row
    in such a state at all. effect: pairs of heading and words that say what it means, read before deciding. key: the one
    that stands for it in the queue: a for yes, c for changes, r for no. in_bulk: whether it may be taken about rows that were
    not opened; a yes is not, for nobody has read what it lets through.
    """

    name: str
    label: Text
    sources: frozenset[str]
    run: Callable[[Any, Any, str], bool]
    needs_reason: bool = False
    fits: Callable[[Any], bool] = lambda _row: True
    effect: Sequence[tuple[Text, Text]] = ()
    key: str = ""
    in_bulk: bool = True


@dataclass(frozen=True)
class Outcome:
    """What became of one decision. words: why it was refused, empty when it was not; level: of the message.

    has_changed: False also when somebody had decided alike before.
    """

    has_changed: bool
    words: str | SafeString = ""
    level: int = messages.SUCCESS


class StateFilter(admin.SimpleListFilter):
    """States as a filter; what waits for a decision unless another state, or all, is asked for."""

    title = _("state")
    parameter_name = "state"
    ALL = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state and "all"."""
        states = [(str(value), str(label)) for value, label in model_admin.model.State.choices]
        return [*states, (self.ALL, str(_("all")))]

    def choices(self, changelist: Any) -> Any:
        """The links; none is called "all" but ours, and the queue is marked when nothing was chosen."""
        chosen = self.value() or changelist.model_admin.queue_state
        for value, label in self.lookup_choices:
            link = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == chosen, "query_string": link, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of the chosen state."""
        word = self.value()
        if word == self.ALL:
            return queryset
        if not word:
            return queryset.filter(state=self.queue_state)
        # A word that is no state finds nothing, and is not shown to the database.
        return queryset.filter(state=word) if word in dict(self.lookup_choices) else queryset.none()

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.queue_state: str = model_admin.queue_state
        super().__init__(request, params, model, model_admin)


class EventInline(admin.TabularInline):
    """The history, to be read: who moved it, when and why."""

    fields = ("created_at", "from_state", "to_state", "actor", "on_behalf_of", "reason")
    readonly_fields = fields
    extra = 0
    can_delete = False
    verbose_name_plural = _("history")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Events with their actors, newest first."""
        return super().get_queryset(request).select_related("actor").order_by("-created_at", "-pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History is written by services only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History is never edited."""
        return False


class DecisionAdmin(admin.ModelAdmin):
    """A list that shows the queue first and a page with a button for each decision.

    Subclasses give decisions, queue_state, queue_field (what waits longest comes first), refusals (exceptions whose
    words are shown; as a warning where is_noted says that they were not in vain) and may_decide; decision_fields names
    what a note may be about, take_in reads what else was sent. claims: who has which row. Buttons are hidden from those who may not decide, and the
    request is refused.
    """

    decisions: ClassVar[Sequence[Decision]] = ()
    queue_state: ClassVar[str] = ""
    queue_field: ClassVar[str] = "pk"
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    decision_fields: ClassVar[Mapping[str, Text]] = {}
    claims: ClassVar[Claims] = NoClaims()
    change_form_template = "admin/decision_change_form.html"
    show_full_result_count = False
    list_per_page = 50

    def may_decide(self, user: Any) -> bool:
        """Whether this person may decide at all; one answer for every row."""
        raise NotImplementedError

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Whether this person, who may decide at all, may decide about this row; about every row unless overridden."""
        return True

    def take_in(self, request: HttpRequest, row: Any) -> None:
        """Put what else the decision's form sends on the row that is decided about; the version, unless overridden."""
        self.saw(row, request.POST.get("version", ""))

    def saw(self, row: Any, version: str) -> None:
        """Put on the row as which version it was read, where the service asks for it; nothing unless overridden."""

    def page_context(self, row: Any) -> dict[str, Any]:
        """What the template of a row's page asks for besides; nothing unless overridden."""
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows with a history are closed or withdrawn, not deleted."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list and the form, and the address to which the buttons post."""
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_decide"
        return [path("<path:object_id>/decide/", decide, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form with the decisions that fit and a link to what waits longest."""
        context = dict(extra_context or {})
        shown = self.get_object(request, object_id)
        if shown is not None:
            context.update(self.page_context(shown))
        if shown is not None and self.decides(request, shown):
            context.setdefault("decision_fields", list(self.decision_fields.items()))
            held = self.claims.words(shown, request.user)
            context.update(
                decisions=[] if held else self.offered(shown),
                held_elsewhere=held,
                queue_url=self.claims.page(shown),
                decide_url=self._url("decide", shown.pk),
                next_url=self._next_url(request, shown),
            )
        return super().change_view(request, object_id, form_url, context)

    def decide_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Carry out one decision about one row and come back to its page."""
        if not self.may_decide(request.user):
            raise PermissionDenied
        shown = self.get_object(request, object_id)
        decision = next((each for each in self.decisions if each.name == request.POST.get("decision")), None)
        if shown is None or decision is None:
            raise Http404
        if not self.decides(request, shown):
            raise PermissionDenied
        self.take_in(request, shown)
        self._carry_out(request, decision, [shown], reason=_reason(request))
        return HttpResponseRedirect(self._url("change", shown.pk))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The decisions as actions on several rows, for those who may decide."""
        if not self.may_decide(request.user):
            return {}
        return {
            decision.name: (partial(self._act, decision), decision.name, decision.label)
            for decision in self.decisions
            if decision.in_bulk
        }

    def offered(self, row: Any) -> list[Decision]:
        """The decisions that fit a row as it stands."""
        return [
            decision for decision in self.decisions if row.state in decision.sources and decision.fits(row)
        ]

    def carry_out(
        self,
        request: HttpRequest,
        decision: Decision,
        row: Any,
        *,
        reason: str,
        claim: AbstractContextManager[None] | None = None,
    ) -> Outcome:
        """Decide about one row. claim: within which, taken for the moment unless given. Refusals come back as words."""
        if not self.decides(request, row):
            words = _("%(row)s: that is decided elsewhere.") % {"row": row}
            return Outcome(False, words, messages.ERROR)
        try:
            # Whatever else the service writes stands in the audit under the same reason.
            with claim or self.claims.taken(row, request.user), noting(reason=reason):
                return Outcome(bool(decision.run(row, request.user, reason)))
        except IllegalTransition as refusal:
            wrong = _("%(row)s is %(state)s; this decision does not fit.")
            words = wrong % {"row": row, "state": self._state_words(refusal.current)}
            return Outcome(False, words, messages.ERROR)
        except ClaimError as refusal:
            return Outcome(False, format_html("{}: {}", row, refusal.message), messages.ERROR)
        except self.refusals as refusal:
            words = format_html("{}: {}", row, getattr(refusal, "message", refusal))
            level = messages.WARNING if getattr(refusal, "is_noted", False) else messages.ERROR
            return Outcome(False, words, level)

    def _act(
        self, decision: Decision, _model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]
    ) -> Any:
        if decision.needs_reason and "reason" not in request.POST:
            return self._ask_reason(request, decision, queryset)
        self._carry_out(request, decision, list(queryset), reason=_reason(request))
        return None

    def _ask_reason(self, request: HttpRequest, decision: Decision, queryset: QuerySet[Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": decision.label,
            "decision": decision,
            "rows": list(queryset[: self.list_per_page]),
            "opts": self.opts,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/decide_selected.html", context)

    def _carry_out(
        self, request: HttpRequest, decision: Decision, rows: Sequence[Model], *, reason: str
    ) -> None:
        """Decide row by row: one that is refused does not hold up the others."""
        done = 0
        for row in rows:
            outcome = self.carry_out(request, decision, row, reason=reason)
            done += outcome.has_changed
            if outcome.words:
                self.message_user(request, outcome.words, outcome.level)
        if done:
            said = _("%(decision)s: %(count)d done.") % {"decision": decision.label, "count": done}
            self.message_user(request, said, messages.SUCCESS)

    def decides(self, request: HttpRequest, row: Any) -> bool:
        """Whether the person who asks decides about this row; hiding a button is not a check."""
        return self.may_decide(request.user) and self.may_decide_about(request.user, row)

    def _state_words(self, state: str) -> str:
        return str(dict(self.model.State.choices).get(state, state))

    def _url(self, page: str, *args: Any) -> str:
        return reverse(
            f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args
        )

    def _next_url(self, request: HttpRequest, shown: Any) -> str:
        waiting = self.get_queryset(request).filter(state=self.queue_state).exclude(pk=shown.pk)
        pk = waiting.order_by(self.queue_field, "pk").values_list("pk", flat=True).first()
        return self._url("change", pk) if pk else ""


class DecidedAsRead:
    """For a DecisionAdmin of rows that may change while they are read: the form says which version it showed.

    The services get it as `row.seen_version` and refuse another. A form that says none has shown none of them: 0.
    """

    def version_of(self, row: Any) -> int:
        """The version that a page shows; greater than 0."""
        return int(row.version)

    def saw(self, row: Any, version: str) -> None:
        """Keep what the form says."""
        row.seen_version = int(version) if version.isdecimal() and len(version) < 10 else 0

    def page_context(self, row: Any) -> dict[str, Any]:
        """The version, for the form to send."""
        return {"seen_version": self.version_of(row)}


def _reason(request: HttpRequest) -> str:
    """What was typed, without the one sign that no PostgreSQL text can hold."""
    return request.POST.get("reason", "").replace("\0", "")
