"""The queue of moderation in Django admin: the list, one thing after the other, and what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.lib.decision_admin import Decision, DecisionAdmin, Outcome
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from programme.asked import Asked, asked_queue, places_of
from programme.models import Claim
from programme.queue import KINDS, Kind
from programme.selectors import queue
from programme.selectors.decided import decided, steps_beside, steps_of
from programme.selectors.queue import Spot
from programme.selectors.reasons import Ready, ready_reasons
from programme.services import claims
from regions.policies import reach_of
from vendors.models import Partner


@dataclass
class Opened:
    """One thing as it was opened. desk: the admin of its model; note, fields: what was typed so far."""

    kind: Kind
    row: Any
    desk: DecisionAdmin
    note: str = ""
    fields: tuple[str, ...] = ()

    @property
    def group(self) -> Partner | None:
        """Whose thing it is."""
        found = self.row
        for name in (self.kind.group or "").split("__"):
            found = getattr(found, name) if name else found
        return found if self.kind.group is not None else None

    @property
    def title(self) -> str:
        """What the list calls it."""
        for words in self.kind.titles:
            found: Any = self.row
            for name in words.split("__"):
                found = getattr(found, name, None)
            if found:
                return str(found)
        return str(self.row)

    @property
    def language(self) -> str:
        """In which the note is read: the buyer's, else the group's."""
        if self.kind.buyers_language:
            return str(getattr(self.row, self.kind.buyers_language))
        return self.group.language if self.group else ""

    @property
    def offered(self) -> list[Decision]:
        """The decisions that answer what was handed in; others are taken on its own page."""
        return [decision for decision in self.desk.offered(self.row) if decision.key]

    @property
    def since(self) -> datetime | None:
        """Since when it waits or has waited; None for what was never handed in."""
        found: datetime | None = getattr(self.row, self.kind.since)
        return found

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for a decision."""
        return bool(self.row.state == self.kind.state and self.since)

    @property
    def spot(self) -> Spot | None:
        """Where it stands in the queue."""
        return Spot(self.since, queue.rank_of(self.kind), self.row.pk) if self.since else None


@admin.register(Claim)
class ModerationAdmin(ReadOnlyAdmin):
    """The one queue. Its rows are claims; what waits is read from the tables of its kinds."""

    def get_urls(self) -> list[URLPattern]:
        """Besides the list: the next thing, one thing, and leaving it."""
        site = self.admin_site.admin_view
        name = "programme_claim_%s"
        return [
            path("next/", site(require_safe(self.next_view)), name=name % "next"),
            path("<slug:code>/<int:pk>/", site(self.item_view), name=name % "item"),
            path("<slug:code>/<int:pk>/leave/", site(require_POST(self.leave_view)), name=name % "leave"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Claims on what the person may see."""
        seen = Q(pk__in=())
        for kind in queue.kinds_of(request.user):
            rows = kind.rows().filter(reach_of(request.user).rows(f"{kind.place}__path"))
            seen |= Q(kind=kind.code, object_id__in=rows.order_by().values("pk"))
        return super().get_queryset(request).filter(seen)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """What waits, the oldest first, with its figures."""
        asked = self._asked(request)
        if request.method == "POST":
            return self._decide_ticked(request, asked)
        now = timezone.now()
        items = queue.page_of(request.user, asked.narrowing, now=now, after=asked.after, size=queue.PAGE + 1)
        shown, more = items[: queue.PAGE], items[queue.PAGE :]
        values = {
            **self.admin_site.each_context(request),
            "title": _("Moderation"),
            "opts": self.opts,
            "asked": asked,
            "now": now,
            "items": [(item, self._item_url(item.kind, item.pk, asked)) for item in shown],
            "more": asked.link(after=str(shown[-1].spot)) if more else "",
            "waiting": self._waiting(request, asked, now),
            "places": places_of(request.user),
            "bulk": self._in_bulk(request, asked),
            "next_url": f"{reverse('admin:programme_claim_next')}?{asked.words}",
        }
        return TemplateResponse(request, "admin/programme/moderation_list.html", values)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The thing that is claimed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        claim = self.get_object(request, object_id)
        if claim is None:
            raise Http404
        return self.item_view(request, claim.kind, claim.object_id)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The same page, which holds the history of the thing."""
        return self.change_view(request, object_id)

    def next_view(self, request: HttpRequest) -> HttpResponse:
        """Lead to the oldest thing that nobody else has."""
        return self._lead_on(request, self._asked(request))

    def item_view(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """Everything about one thing, which is taken for whoever may decide about it; and the decision."""
        asked = self._asked(request)
        opened = self._opened(request, code, pk)
        if request.method == "POST":
            return self._answer(request, asked, opened)
        return self._show(request, asked, opened)

    def leave_view(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        """Put it back, and go on to the next one or to the list."""
        asked = self._asked(request)
        opened = self._opened(request, code, pk)
        claims.put_back(code, pk, request.user)
        if request.POST.get("to") == "next":
            return self._lead_on(request, asked, after=opened.spot)
        return HttpResponseRedirect(self._list_url(asked))

    def _in_bulk(self, request: HttpRequest, asked: Asked) -> list[Decision]:
        """What may be decided about several of the kind that is listed."""
        kind = KINDS.get(asked.narrowing.kind)
        if kind is None or not request.user.has_perm(kind.view_right):
            return []
        desk: Any = self.admin_site.get_model_admin(kind.model)
        offered = desk.decisions if desk.may_decide(request.user) else ()
        return [decision for decision in offered if decision.name in kind.bulk]

    def _decide_ticked(self, request: HttpRequest, asked: Asked) -> HttpResponse:
        """Decide about those that were ticked, each only as it was listed, and come back to the list."""
        named = request.POST.get("decision", "")
        decision = next((each for each in self._in_bulk(request, asked) if each.name == named), None)
        if decision is None:
            raise PermissionDenied
        done = 0
        for spot in filter(None, map(Spot.of, request.POST.getlist("ticked")[: queue.PAGE])):
            try:
                opened = self._opened(request, asked.narrowing.kind, spot.pk)
            except Http404:
                # Gone, or never within reach: it holds up none of the others.
                outcome = Outcome(
                    False, _("One of them is not there any more. Nothing was decided about it.")
                )
            else:
                outcome = self._decide_as_listed(request, opened, decision, spot)
            done += outcome.has_changed
            if outcome.words:
                self.message_user(request, outcome.words, messages.ERROR)
        if done:
            said = _("%(decision)s: %(count)d done.") % {"decision": decision.label, "count": done}
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._list_url(asked))

    def _decide_as_listed(
        self, request: HttpRequest, opened: Opened, decision: Decision, spot: Spot
    ) -> Outcome:
        if not opened.is_waiting or opened.spot != spot:
            words = _("%(title)s is not as it was listed any more. Nothing was decided about it.")
            return Outcome(False, words % {"title": opened.title})
        opened.desk.saw(opened.row, opened.kind.version(opened.row))
        return opened.desk.carry_out(request, decision, opened.row, reason="")

    def _answer(self, request: HttpRequest, asked: Asked, opened: Opened) -> HttpResponse:
        form = request.POST
        opened.note = form.get("reason", "").replace("\0", "")
        opened.fields = tuple(form.getlist("fields"))
        if "decision" not in form:
            opened.note = self._with_reason(opened, form.get("insert", ""))
            return self._show(request, asked, opened)
        offered = [each for each in opened.desk.decisions if each.key and each.name == form["decision"]]
        if not offered:
            raise Http404
        if not opened.desk.decides(request, opened.row):
            raise PermissionDenied
        refusal = self._decide(request, opened, offered[0], form)
        if not refusal:
            return self._lead_on(request, asked, after=opened.spot)
        self.message_user(request, refusal, messages.ERROR)
        return self._show(request, asked, self._opened(request, opened.kind.code, opened.row.pk, like=opened))

    def _decide(self, request: HttpRequest, opened: Opened, decision: Decision, form: QueryDict) -> str:
        """Carry it out; the words of the refusal, empty when it was done."""
        kind, row = opened.kind, opened.row
        words = {"decision": decision.label, "title": opened.title}
        if not opened.is_waiting:
            return self._say_who_was_first(request, opened)
        if form.get("version", "") != kind.version(row):
            return _("It was handed in anew while you looked at it. Read it again before deciding.")
        opened.desk.take_in(request, row)
        held = claims.held(kind.code, row.pk, request.user)
        outcome = opened.desk.carry_out(request, decision, row, reason=opened.note, claim=held)
        if outcome.words:
            return str(outcome.words)
        if not outcome.has_changed:
            # Somebody has decided alike elsewhere, at this very moment.
            return self._say_who_was_first(request, opened)
        self.message_user(request, _("%(decision)s: %(title)s.") % words, messages.SUCCESS)
        return ""

    def _say_who_was_first(self, request: HttpRequest, opened: Opened) -> str:
        """The words of the refusal; none where the person has decided it, who is told how and goes on to the next."""
        last = next(iter(steps_of(opened.kind, opened.row)), None)
        if last is None or not last.who:
            return _("%(title)s does not wait any more. Nothing was decided.") % {"title": opened.title}
        words = {"title": opened.title, "state": last.words, "person": last.who}
        if last.who_pk != request.user.pk:
            return _("%(person)s was first: %(title)s is %(state)s. You have decided nothing.") % words
        said = _("You had decided before: %(title)s is %(state)s. It stays so.") % words
        self.message_user(request, said, messages.WARNING)
        return ""

    def _show(self, request: HttpRequest, asked: Asked, opened: Opened) -> HttpResponse:
        kind, row = opened.kind, opened.row
        may_decide = opened.is_waiting and opened.desk.decides(request, row)
        claim = claims.take(kind.code, row.pk, request.user) if may_decide else None
        if claim is None:
            claim = claims.holder(kind.code, row.pk)
        is_mine = may_decide and claim is not None and claim.holder_id == request.user.pk
        offered = opened.offered if is_mine else []
        sheet = kind.read(row)
        values = {
            **self.admin_site.each_context(request),
            # The room goes to the pictures.
            "is_nav_sidebar_enabled": False,
            "title": opened.title,
            "opts": self.opts,
            "asked": asked,
            "kind": kind,
            "opened": opened,
            "sheet": sheet,
            "facts": [(label, words) for label, words in sheet.facts if words],
            "is_over": bool(
                opened.since and opened.since + queue.service_levels()[kind.code] < timezone.now()
            ),
            "claim": claim,
            "is_mine": is_mine,
            "decisions": offered,
            "version": kind.version(row),
            "reasons": self._reasons(opened, offered),
            "steps": steps_of(kind, row),
            "beside": steps_beside(kind, row, opened.group, request.user) if opened.group else [],
            "list_url": self._list_url(asked),
            "leave_url": f"{reverse('admin:programme_claim_leave', args=[kind.code, row.pk])}?{asked.words}",
            "desk_url": reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]),
        }
        return TemplateResponse(request, "admin/programme/moderation_item.html", values)

    def _reasons(self, opened: Opened, offered: list[Decision]) -> list[Ready]:
        names = {decision.name: str(decision.label) for decision in offered}
        return ready_reasons(opened.kind.code, names, reads=opened.language, moderator=get_language() or "")

    def _with_reason(self, opened: Opened, key: str) -> str:
        texts = {ready.key: ready.text for ready in self._reasons(opened, opened.offered)}
        return "\n\n".join(part for part in (opened.note.rstrip(), texts.get(key, "")) if part)

    def _opened(self, request: HttpRequest, code: str, pk: int, *, like: Opened | None = None) -> Opened:
        """One thing within the person's reach, read anew. 404 for what is not there."""
        kind = KINDS.get(code)
        if kind is None or not request.user.has_perm(kind.view_right):
            raise Http404
        desk: Any = self.admin_site.get_model_admin(kind.model)
        row = desk.get_object(request, str(pk))
        if row is None:
            raise Http404
        return Opened(kind, row, desk, like.note if like else "", like.fields if like else ())

    def _waiting(self, request: HttpRequest, asked: Asked, now: Any) -> list[Any]:
        done = {each.kind.code: each for each in decided(request.user, now=now)}
        found = queue.counts(request.user, queue.Narrowing(), now=now)
        return [(each, done[each.kind.code], asked.link(kind=each.kind.code)) for each in found]

    def _asked(self, request: HttpRequest) -> Asked:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = asked_queue(request.GET, request.user)
        if asked is None:
            raise Http404
        return asked

    def _lead_on(self, request: HttpRequest, asked: Asked, *, after: Spot | None = None) -> HttpResponse:
        found = queue.next_item(request.user, asked.narrowing, now=timezone.now(), after=after)
        if found is None:
            self.message_user(request, _("Nothing else waits for you here."))
            return HttpResponseRedirect(self._list_url(asked))
        return HttpResponseRedirect(self._item_url(found.kind, found.pk, asked))

    def _list_url(self, asked: Asked) -> str:
        return f"{reverse('admin:programme_claim_changelist')}?{asked.words}".rstrip("?")

    def _item_url(self, kind: Kind, pk: int, asked: Asked) -> str:
        return f"{reverse('admin:programme_claim_item', args=[kind.code, pk])}?{asked.words}".rstrip("?")
