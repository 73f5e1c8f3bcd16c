"""The application of a group: what is still missing, saying so, handing in; and afterwards how the group stands."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.checklist import board, remark_of
from dashboard.desk import Desk, frame, group_page
from marketplace.lib.states import IllegalTransition
from vendors.effects import effect_of
from vendors.errors import ApplicationError
from vendors.models import Requirement
from vendors.selectors.checklist import checklist
from vendors.services import decisions, requirements
from vendors.services.applications import OPEN_STATES


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def application(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How the group stands, what is missing and where it is put right. POST says or hands in; twice is once."""
    if request.method == "POST":
        if request.POST.get("do") == "attest":
            return _attest(request, desk)
        if request.POST.get("do") == "give_up":
            return _give_up(request, desk)
        return _submit(request, desk)
    return render(request, "dashboard/application.html", _values(desk))


def _values(desk: Desk, **more: Any) -> dict[str, Any]:
    found = checklist(desk.vendor)
    return {
        **frame(desk, "group"),
        "board": board(found),
        "met": found.met,
        "asked": len(found.rows),
        "is_open": desk.vendor.state in OPEN_STATES,
        "is_running": desk.vendor.state in (desk.vendor.State.DRAFT, *OPEN_STATES, desk.vendor.State.APPLIED),
        "remark": remark_of(desk.vendor),
        "effect": effect_of(desk.vendor.state),
        "events": list(desk.vendor.events.select_related("actor").order_by("-pk")[:10]),
        "name": str(desk.user),
        **more,
    }


def _attest(request: HttpRequest, desk: Desk) -> HttpResponse:
    pk = request.POST.get("requirement", "")
    asked = Requirement.objects.asked_of(desk.vendor.kind)
    requirement = get_object_or_404(asked, pk=int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    name = request.POST.get("name", "").replace("\0", "")
    try:
        requirements.attest(
            desk.vendor, requirement, actor=desk.user, name=name, on_behalf_of=desk.on_behalf_of
        )
    except ApplicationError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Noted."))
    return redirect("dashboard-application")


def _give_up(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        decisions.give_up(desk.vendor, actor=desk.user, on_behalf_of=desk.on_behalf_of)
    except IllegalTransition:
        messages.error(request, _("It has been handed in, so the office ends it. Nothing has been changed."))
        return redirect("dashboard-application")
    messages.success(request, _("The application is ended."))
    return redirect("sell")


def _submit(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        is_new = decisions.submit(desk.vendor, actor=desk.user, on_behalf_of=desk.on_behalf_of)
    except ApplicationError as error:
        messages.error(request, _("Not handed in yet. %(why)s") % {"why": error.message})
    except IllegalTransition:
        messages.error(request, _("The office has decided already. Nothing has been changed."))
    else:
        said = _("Handed in. The office looks at it and tells you.")
        messages.success(request, said if is_new else _("It is with the office already."))
    return redirect("dashboard-application")
