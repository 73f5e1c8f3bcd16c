"""Changes of places entered by staff: the list, the form with its preview, and what waits for its day."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from marketplace.lib.words import plain_words
from regions.admin.change_form import ABOUT, ChangeForm
from regions.models import EnteredChange, RegionChange
from regions.policies import can_change_register
from regions.selectors.register import place_by_code
from regions.services.foreseen import foresee
from regions.services.register_changes import enter, is_same, withdraw
from regions.services.register_checks import ChangeRefused, faults_of

State = EnteredChange.State


@admin.register(EnteredChange)
class EnteredChangeAdmin(ReadOnlyAdmin):
    """What staff entered; entering is a form that is previewed, and what waits for its day may be taken back."""

    list_display = ("subject_words", "kind", "on", "state", "entered_by", "entered_at")
    list_filter = ("state", "kind")
    list_select_related = ("place", "entered_by")
    search_fields = ("place__name", "place__code", "name", "code", "source")
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may enter them."""
        return can_change_register(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A right of its own, of people who work everywhere."""
        return can_change_register(request.user)

    @admin.display(description=gettext_lazy("place"))
    def subject_words(self, row: EnteredChange) -> str:
        """Name of the place it is about."""
        return row.subject

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Choose what happens, fill in, look at what will follow, carry out. ?kind, ?place: code of a place."""
        if not can_change_register(request.user):
            raise PermissionDenied
        kind, code = request.GET.get("kind", ""), request.GET.get("place", "")
        if kind not in RegionChange.Kind.values:
            values = {"title": _("Change of a place"), "kinds": _kinds(), "place": code[:40]}
            return self._show(request, "change_kinds", **values)
        place = place_by_code(code) if code else None
        form = ChangeForm(request.POST if request.method == "POST" else None, kind=kind, place=place)
        foreseen = None
        if form.is_bound and form.is_valid():
            entry = form.entry()
            if form.cleaned_data["seen"] == form.fingerprint and "carry" in request.POST:
                if (found := self._enter(request, form, entry)) is not None:
                    return HttpResponseRedirect(self._page(found))
            elif (found := self._sent_before(request, form, entry)) is not None:
                return HttpResponseRedirect(self._page(found))
            elif faults := faults_of(entry):
                form.add_faults(faults)
            else:
                foreseen = foresee(entry)
        title = _("Change of a place: %(kind)s") % {"kind": RegionChange.Kind(kind).label}
        fingerprint = form.fingerprint if foreseen else ""
        return self._show(
            request, "change", title=title, form=form, place=code[:40], about=ABOUT[RegionChange.Kind(kind)],
            foreseen=foreseen, fingerprint=fingerprint,
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was entered; a posted reason takes back what was not carried out."""
        if not can_change_register(request.user):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        words = reason = ""
        if request.method == "POST":
            reason = " ".join(plain_words(request.POST.get("reason", "")).split())
            try:
                is_done = withdraw(row.pk, actor=request.user, reason=reason)
            except ChangeRefused as refusal:
                words = str(refusal)
            else:
                said = _("It was taken back.") if is_done else _("It was carried out or taken back before.")
                self.message_user(request, said, messages.SUCCESS if is_done else messages.WARNING)
                return HttpResponseRedirect(self._page(row))
        return self._show(
            request, "entered", title=str(row), row=row, refusal=words, reason=reason,
            may_withdraw=row.state in (State.WAITING, State.FAILED),
        )  # fmt: skip

    def _enter(self, request: HttpRequest, form: ChangeForm, entry: EnteredChange) -> EnteredChange | None:
        try:
            found = enter(entry, actor=request.user, form_key=form.cleaned_data["key"])
        except ChangeRefused as refusal:
            form.add_faults(refusal.faults)
            return None
        if found.state == State.WAITING:
            words = _("It is kept, and carried out on %(day)s.") % {"day": date_format(found.on, "j F Y")}
        else:
            words = _("It was carried out.")
        self.message_user(request, words, messages.SUCCESS)
        return found

    def _sent_before(
        self, request: HttpRequest, form: ChangeForm, entry: EnteredChange
    ) -> EnteredChange | None:
        own = EnteredChange.objects.filter(entered_by=request.user.pk, form_key=form.cleaned_data["key"])
        found = own.first()
        if found is not None and not is_same(found, entry):
            # As after "back" in the browser: what is asked for now is a change of its own.
            form.begin_anew()
            return None
        return found

    def _page(self, row: EnteredChange) -> str:
        return reverse("admin:regions_enteredchange_change", args=[row.pk])

    def _show(self, request: HttpRequest, template: str, **values: Any) -> HttpResponse:
        values = {**self.admin_site.each_context(request), "opts": self.opts, **values}
        return TemplateResponse(request, f"admin/regions/{template}.html", values)


def _kinds() -> list[tuple[str, Any, Any]]:
    return [(kind.value, kind.label, ABOUT[kind]) for kind in RegionChange.Kind]
