"""The group itself: the first page of the tab *Group*."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from dashboard.desk import APPLICATION_STATES, ON_BEHALF, Desk, frame, member_page
from dashboard.hub import doors
from vendors.models import Partner
from vendors.policies import can_apply_for_group


@require_safe
@member_page
def our_group(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every page about the group that this member may open. One query besides the desk's."""
    return render(request, "dashboard/our_group.html", {**frame(desk, "group"), "doors": doors(desk)})


@require_POST
@login_required
def on_behalf(request: HttpRequest) -> HttpResponse:
    """Take up the application of a group, as an officer; without a group put down what one has taken up.

    404: no right, a group that has been decided about, or none.
    """
    if not can_apply_for_group(request.user):
        raise Http404
    code = request.POST.get("group", "").replace("\0", "")
    if not code:
        request.session.pop(ON_BEHALF, None)
        return redirect("admin:partner_partner_changelist")
    visible = Partner.objects.visible_to(request.user)
    vendor = get_object_or_404(visible, code=code, state__in=APPLICATION_STATES)
    request.session[ON_BEHALF] = vendor.pk
    return redirect("dashboard-application")
