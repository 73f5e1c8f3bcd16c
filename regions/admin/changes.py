"""What happened to a place, on its page; and where staff place what stood at one that was split."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.lib.read_only_admin import ReadOnlyInline
from regions.models import Region, RegionChange
from regions.policies import can_change_register
from regions.selectors.register import successors_of
from regions.services.holders import HOLDERS
from regions.services.placing import PlacingError, place_rows, waiting_at
from regions.services.waiting import waiting


class ChangesOutInline(ReadOnlyInline):
    """What happened to the place."""

    model = RegionChange
    fk_name = "place"
    verbose_name_plural = gettext_lazy("what happened to it")
    fields: ClassVar[tuple[str, ...]] = (
        "on",
        "kind",
        "successor",
        "name_before",
        "code_before",
        "parent_before",
        "source",
        "note",
    )
    readonly_fields: ClassVar[tuple[str, ...]] = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the places that the rows name."""
        return super().get_queryset(request).select_related("place", "successor", "parent_before")


class ChangesInInline(ChangesOutInline):
    """What came to the place from others."""

    fk_name = "successor"
    verbose_name_plural = gettext_lazy("what came to it")
    fields = ("on", "kind", "place", "source", "note")
    readonly_fields = fields


def placing_page(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """What stands at a place whose land others have: choose rows and a place, say why. For registrars.

    404: no such place, or nobody else has land of it.
    """
    if not can_change_register(request.user):
        raise PermissionDenied
    place = Region.objects.filter(pk=pk).first()
    after = successors_of(place) if place else []
    if place is None or not after:
        raise Http404
    words = ""
    if request.method == "POST":
        try:
            moved = _place(request, place, after)
        except PlacingError as refusal:
            words = str(refusal.message)
        else:
            model_admin.message_user(request, _("%(count)d placed.") % {"count": moved}, messages.SUCCESS)
            return HttpResponseRedirect(request.path)
    ticked = set(request.POST.getlist("row"))
    kinds = [
        (kind, HOLDERS[kind].label, [(row, f"{kind}-{row.pk}" in ticked) for row in rows])
        for kind, rows in waiting_at(place).items()
    ]
    values = {
        **model_admin.admin_site.each_context(request),
        "title": _("What stood in %(place)s") % {"place": place.name},
        "opts": model_admin.opts,
        "place": place,
        "successors": after,
        "kinds": kinds,
        "to": request.POST.get("to", ""),
        "reason": request.POST.get("reason", ""),
        "refusal": words,
    }
    return TemplateResponse(request, "admin/regions/placing.html", values)


def waiting_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Places that ended and at which something still stands, with counts and who works there. For registrars."""
    if not can_change_register(request.user):
        raise PermissionDenied
    values = {
        **model_admin.admin_site.each_context(request),
        "title": _("Places where something waits"),
        "opts": model_admin.opts,
        "rows": waiting(),
    }
    return TemplateResponse(request, "admin/regions/waiting.html", values)


def _place(request: HttpRequest, place: Region, after: Sequence[Region]) -> int:
    to = next((each for each in after if str(each.pk) == request.POST.get("to")), None)
    chosen = _chosen(request.POST.getlist("row"))
    if to is None:
        raise PlacingError(_("Choose one of the places that have the land of this one now."))
    if not chosen:
        raise PlacingError(_("Tick what goes there."))
    reason = request.POST.get("reason", "").replace("\0", "")
    return place_rows(place, to, chosen, actor=request.user, reason=reason)


def _chosen(sent: Sequence[str]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for word in sent:
        kind, _sign, key = word.partition("-")
        if kind in HOLDERS and key.isascii() and key.isdecimal() and len(key) < 16:
            found.setdefault(kind, []).append(int(key))
    return found
