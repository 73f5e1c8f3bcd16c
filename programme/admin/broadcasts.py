"""Messages to groups in Django admin: written, looked at, sent, and what became of them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from marketplace.lib.states import IllegalTransition
from marketplace.lib.words import language_name
from notices.domain.sms import sms_length
from notices.errors import CannotResend, GroundsMissing
from notices.models import Notice
from notices.policies import can_resend
from notices.services.rendering import render
from programme.errors import BroadcastError
from programme.forms.broadcasts import MOST_SMS_PARTS, BroadcastForm
from programme.models import Broadcast
from programme.policies import can_work_on, can_write_broadcasts
from programme.selectors.audiences import count_audience
from programme.selectors.deliveries import delivery, failures
from programme.services import broadcasting, broadcasts
from regions.scoped_admin import ScopedAdmin

State = Broadcast.State


@admin.register(Broadcast)
class BroadcastAdmin(ScopedAdmin, ReadOnlyAdmin):
    """Those of the person's places; the newest first."""

    region_path = "region__path"
    list_display = ("__str__", "state", "region", "person_count", "author", "created_at", "started_at")
    list_filter = ("state",)
    list_select_related = ("region", "author")
    ordering = ("-created_at", "-pk")
    fields = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what pages and policies read."""
        return super().get_queryset(request).select_related("region", "author", "approved_by")

    def get_urls(self) -> list[URLPattern]:
        """Besides the list and the pages: the address to which the buttons post."""
        do = self.admin_site.admin_view(require_POST(self.do_view))
        return [path("<int:pk>/do/", do, name="programme_broadcast_do"), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may write to groups of some place."""
        return can_write_broadcasts(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Write a new message; sent twice it is one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        person: Any = request.user
        form = BroadcastForm(request.POST or None, user=person)
        if request.method == "POST" and form.is_valid() and "find" not in request.POST:
            try:
                key = form.cleaned_data["key"]
                written = broadcasts.write(form.draft(), actor=person, form_key=key)
            except BroadcastError as refusal:
                form.add_error(None, refusal.message)
            else:
                return self._to_page(written)
        return self._show(request, form, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The message: a draft can be changed by whoever may write it, and is shown as it would be read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        person: Any = request.user
        may_work = can_work_on(person, found)
        if request.method == "POST" and not may_work:
            raise PermissionDenied
        if not may_work or found.state != State.DRAFT:
            return self._show(request, None, found)
        form = BroadcastForm(request.POST if request.method == "POST" else None, user=person, broadcast=found)
        if request.method == "POST" and form.is_valid() and "find" not in request.POST:
            try:
                seen = form.cleaned_data["seen"] or 0
                broadcasts.change(found, form.draft(), actor=person, seen=seen)
            except BroadcastError as refusal:
                form.add_error(None, refusal.message)
            except IllegalTransition:
                self.message_user(request, _("It is no draft any more."), messages.ERROR)
                return self._to_page(found)
            else:
                return self._to_page(found)
        return self._show(request, form, found)

    def do_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send, approve, take back, stop, or send again what failed; then the page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, str(pk))
        if found is None:
            raise Http404
        if not can_work_on(request.user, found):
            raise PermissionDenied
        try:
            level, words = self._carry_out(request, found)
        except (BroadcastError, GroundsMissing, CannotResend) as refusal:
            level, words = messages.ERROR, str(refusal)
        except IllegalTransition as refusal:
            state = State(refusal.current).label
            level, words = (
                messages.ERROR,
                _("The message is “%(state)s”: that does not fit.") % {"state": state},
            )
        self.message_user(request, words, level)
        return self._to_page(found)

    def _carry_out(self, request: HttpRequest, found: Broadcast) -> tuple[int, str]:
        do, actor, reason = (
            request.POST.get("do"),
            request.user,
            request.POST.get("reason", "").replace("\0", ""),
        )
        seen = request.POST.get("seen", "")
        version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
        if do == "send":
            broadcasts.send(found, actor=actor, seen=version)
        elif do == "approve":
            broadcasts.approve(found, actor=actor, seen=version)
        elif do == "take_back":
            broadcasts.take_back(found, actor=actor, reason=reason)
        elif do == "stop":
            broadcasts.stop(found, actor=actor, reason=reason)
        elif do == "again" and can_resend(actor):
            count = broadcasting.resend_failed(found, actor=actor, reason=reason)
            return messages.SUCCESS, _("Sent again: %(count)d.") % {"count": count}
        else:
            raise Http404
        found.refresh_from_db(fields=["state"])
        said = _("The message is now: %(state)s.") % {"state": State(found.state).label}
        return messages.SUCCESS, said

    def _show(
        self, request: HttpRequest, form: BroadcastForm | None, found: Broadcast | None
    ) -> HttpResponse:
        values = {
            **self.admin_site.each_context(request),
            "title": str(found) if found else _("Write to groups"),
            "opts": self.opts,
            "form": form,
            "broadcast": found,
            **(self._about(request, found) if found else {}),
        }
        status = 200
        return TemplateResponse(request, "admin/programme/broadcast.html", values, status=status)

    def _about(self, request: HttpRequest, found: Broadcast) -> dict[str, Any]:
        begun = found.started_at is not None
        told = delivery(found) if begun else None
        events = found.events.select_related("actor").order_by("-created_at", "-pk")
        return {
            "may_work": can_work_on(request.user, found),
            "may_approve": found.author_id != request.user.pk,
            "may_resend": can_resend(request.user),
            "counts": None if begun or found.state == State.STOPPED else count_audience(found),
            "delivery": told,
            "failures": failures(found) if told and told.failed else [],
            "previews": [_preview(found, code) for code in found.languages],
            "most_parts": MOST_SMS_PARTS,
            "events": [(event, State(event.to_state).label) for event in events],
        }

    def _to_page(self, found: Broadcast) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:programme_broadcast_change", args=[found.pk]))


def _preview(found: Broadcast, language: str) -> dict[str, Any]:
    """A message as it goes out: through the texts of the notices, whoever wrote those."""
    values = found.words_for(language)[1].values
    sms = render(found.notice_kind, Notice.Channel.SMS, language, values).text
    email = render(found.notice_kind, Notice.Channel.EMAIL, language, values)
    name = language_name(language)
    return {"language": language, "name": name, "email": email, "sms": sms, "length": sms_length(sms)}
