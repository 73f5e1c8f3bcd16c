"""The history of one row, on the page of the admin that shows it."""

from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.forms import PageForm
from audit.policies import can_see_audit, visible_parts
from audit.selectors.history import history_of
from audit.tracked import reasons


def history(
    request: HttpRequest, app_label: str, model_name: str, object_id: str, site: AdminSite
) -> HttpResponse:
    """What happened to a row, for whoever may see its page. ?until (a moment) leads further back; 404 for what is none."""
    about = _admin_of(site, app_label, model_name)
    if type(about).history_view is not ModelAdmin.history_view:
        return about.history_view(request, object_id)
    if not about.has_view_or_change_permission(request):
        raise PermissionDenied
    row = about.get_object(request, unquote(object_id))
    if row is None:
        return about._get_obj_does_not_exist_redirect(request, about.opts, object_id)  # type: ignore[attr-defined]
    if not about.has_view_or_change_permission(request, row):
        raise PermissionDenied
    concrete = about.model._meta.concrete_model or about.model
    label = concrete._meta.label_lower
    registered = {model._meta.label_lower for model in site._registry}
    shown = visible_parts(request.user, label, registered=registered)
    values: dict[str, Any] = {
        **site.each_context(request),
        "title": _("History: %(row)s") % {"row": row},
        "history": history_of(row, shown=shown, until=_until(request)),
        "why_not": reasons().get(label, ""),
        "sees_audit": can_see_audit(request.user),
        "module_name": capfirst(str(about.opts.verbose_name_plural)),
        "object": row,
        "label": label,
        "opts": about.opts,
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/audit/history.html", values)


def _admin_of(site: AdminSite, app_label: str, model_name: str) -> ModelAdmin:
    for model, about in site._registry.items():
        if (model._meta.app_label, model._meta.model_name) == (app_label, model_name):
            return about
    raise Http404


def _until(request: HttpRequest) -> datetime | None:
    form = PageForm(request.GET)
    if not form.is_valid():
        raise Http404
    until: datetime | None = form.cleaned_data["until"]
    return until
